import { useQuery, useQueryClient } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { meQuery } from '@/api/directory';
import type { Id } from '@/api/types';
import { timeOfDay } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { useStore } from '@/lib/store';
import { Avatar } from '@/ui/Avatar';
import { Icon } from '@/ui/Icon';
import type { Content } from './draft';
import { Writing } from './MessageBody';
import { dropOutgoing, outgoing, retry } from './outgoing';
import css from './Message.module.css';

/** What was sent from here and is not confirmed: a dashed bubble until the server has it, a red one if it refused. */
export function OutgoingItems({ conversation, onEdit }: { conversation: Id; onEdit: (content: Content) => void }) {
  const t = useT();
  const queries = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const all = useStore(outgoing);
  return all.filter((one) => one.conversation === conversation).map((one) => {
    const edit = () => {
      dropOutgoing(one.key);
      onEdit(one.content);
    };
    return (
      <article key={one.key} className={clsx(css.message, css.outbound, one.content.kind === 'note' && css.note)} aria-label={me?.name}>
        <div className={clsx(css.bubble, one.state === 'failed' ? css.failed : css.pending)}>
          <div className={css.head}>
            <span className={css.who}><b><bdi>{me?.name}</bdi></b></span>
            <time dateTime={one.at}>{timeOfDay(one.at)}</time>
          </div>
          <Writing text={one.content.text} html={one.content.html} />
          {one.content.attachments.length > 0 && <p className="faint">{one.content.attachments.map((file) => file.name).join(', ')}</p>}
        </div>
        <Avatar name={me?.name ?? ''} seed={me?.id} size={28} kind="agent" />
        <div className={css.delivery} role="status">
          {one.state === 'sending' && <><Icon name="clock" size={12} />{t('delivery.handing')}</>}
          {one.state === 'waiting' && <span className={css.waits}><Icon name="clock" size={12} />{one.error ? t('delivery.again', { reason: one.error }) : t('delivery.offline')}</span>}
          {one.state === 'failed' && <span className={css.bad}><Icon name="stop" size={12} />{t('delivery.failed', { reason: one.error ?? '' })}</span>}
          {one.state !== 'sending' && (
            <>
              <button type="button" className={css.textButton} onClick={() => void retry(queries, one.key)}>{t('delivery.retry')}</button>
              <button type="button" className={css.textButton} onClick={edit}>{t('delivery.edit')}</button>
              <button type="button" className={css.textButton} onClick={() => dropOutgoing(one.key)}>{t('ui.discard')}</button>
            </>
          )}
        </div>
      </article>
    );
  });
}
