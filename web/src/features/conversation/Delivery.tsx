import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { meQuery } from '@/api/directory';
import { showMessage } from '@/api/messages';
import type { Message } from '@/api/types';
import { problemText } from '@/api/words';
import { fullTime, messageTime, momentLabel } from '@/lib/dates';
import { keysOf, useCommand } from '@/lib/commands';
import { useT } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Icon } from '@/ui/Icon';
import { toast } from '@/ui/Toast';
import css from './Message.module.css';

/** How far a reply has come, under its bubble. */
export function DeliveryLine({ message, onUndo }: { message: Message; onUndo: (message: Message) => void }) {
  const t = useT();
  const now = useNow();
  const state = message.delivery?.state;
  if (!message.delivery || !state) return null;
  const time = messageTime(message.created_at, now);
  const failed = message.delivery.recipients?.filter((one) => one.state === 'failed') ?? [];
  return (
    <div className={css.delivery} title={fullTime(message.created_at)}>
      {state === 'queued' && <Countdown message={message} onUndo={onUndo} />}
      {state === 'sending' && <><Icon name="clock" size={12} />{t('delivery.sending')}</>}
      {state === 'in_doubt' && <span className={css.warn}><Icon name="warn" size={12} />{t('delivery.in_doubt')}</span>}
      {state === 'sent' && <span className={css.ok}><Icon name="check" size={12} />{t('delivery.sent', { time })}</span>}
      {state === 'delivered' && <span className={css.ok}><Icon name="checks" size={12} />{t('delivery.delivered', { time })}</span>}
      {state === 'cancelled' && <><Icon name="x" size={12} />{t('delivery.cancelled')}</>}
      {state === 'failed' && <Failed message={message} />}
      {message.delivery.maybe_twice && <span className={css.warn}>{t('delivery.twice')}</span>}
      {state !== 'failed' && failed.length > 0 && (
        <span className={css.bad}>{t('delivery.some_failed', { addresses: failed.map((one) => one.address).join(', ') })}</span>
      )}
    </div>
  );
}

function Countdown({ message, onUndo }: { message: Message; onUndo: (message: Message) => void }) {
  const t = useT();
  const until = Date.parse(message.undo_until ?? '') || 0;
  const now = useNow(1000);
  const left = Math.floor((until - now) / 1000);
  const open = left >= 0 && left <= 31;
  const { data: me } = useQuery(meQuery);
  const mine = message.author.id === me?.id;
  useCommand('app.undo', () => onUndo(message), open && mine);
  const reason = message.delivery?.error;
  if (!open && reason) return <span className={css.warn}><Icon name="clock" size={12} />{t('delivery.again', { reason })}</span>;
  if (left > 31) {
    return (
      <>
        <Icon name="clock" size={12} />{t('delivery.at', { time: momentLabel(until, now) })}
        {mine && <button type="button" className={css.textButton} onClick={() => onUndo(message)}>{t('delivery.cancel')}</button>}
      </>
    );
  }
  if (!open) return <><Icon name="clock" size={12} />{t('delivery.queued')}</>;
  return (
    <>
      <Icon name="clock" size={12} />
      <span className="num">{t('delivery.countdown', { seconds: Math.max(1, left) })}</span>
      {mine && <button type="button" className={css.textButton} aria-keyshortcuts={keysOf('app.undo')?.toUpperCase()} onClick={() => onUndo(message)}>{t('ui.undo')}</button>}
    </>
  );
}

function Failed({ message }: { message: Message }) {
  const t = useT();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const retry = () => {
    setBusy(true);
    api.post<Message>(`/messages/${message.id}/retry`)
      .then((again) => showMessage(queries, again))
      .catch((error: unknown) => toast({ text: problemText(error), tone: 'bad' }))
      .finally(() => setBusy(false));
  };
  return (
    <>
      <span className={css.bad}><Icon name="stop" size={12} />{t('delivery.failed', { reason: message.delivery?.error ?? '' })}</span>
      <button type="button" className={css.textButton} disabled={busy} onClick={retry}>{t('delivery.retry')}</button>
    </>
  );
}
