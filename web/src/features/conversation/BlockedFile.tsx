import { useQuery } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { api } from '@/api/client';
import { can, meQuery } from '@/api/directory';
import type { Attachment } from '@/api/types';
import { useWrite } from '@/api/useWrite';
import { fullTime } from '@/lib/dates';
import { fileSize } from '@/lib/formats';
import { useT, type MessageKey } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { Icon } from '@/ui/Icon';
import { toast } from '@/ui/Toast';
import { tip } from '@/ui/Tooltip';
import css from './Message.module.css';

/** Why a file is held back, as its words. */
export const blockedWord = (file: Pick<Attachment, 'blocked'>): MessageKey => words[file.blocked] ?? 'message.blocked_program';

const words: Partial<Record<Attachment['blocked'], MessageKey>> = {
  program_inside: 'message.blocked_inside', card: 'message.blocked_card', card_deleted: 'message.blocked_card_deleted',
  malware: 'message.blocked_malware', unchecked: 'message.blocked_unchecked',
};

/** A file that is held back: its name, why, and a way to open or release it for those who may. */
export function BlockedFile({ file }: { file: Attachment }) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const release = useWrite(() => api.post(`/attachments/${file.id}/release`), { renews: [['conversations'], ['customers']] });
  return (
    <div className={clsx(css.file, css.heldBack)}>
      <span className={css.badge}><Icon name="lock" size={14} /></span>
      <span className={css.fileWords}>
        <bdi className={css.fileName}>{file.name}</bdi>
        <span className="muted">{t(blockedWord(file), { name: file.malware })} · <span className="num">{fileSize(file.size)}</span></span>
      </span>
      {file.blocked === 'card' && can(me, 'inboxes:manage') && (
        <a className={css.opens} href={`${file.url}?download=1`} download={file.name} {...tip(file.withheld_until ? t('message.blocked_card_until', { time: fullTime(file.withheld_until) }) : '')}>{t('message.open_sealed')}</a>
      )}
      {file.blocked !== 'card_deleted' && can(me, 'settings:manage') && (
        <Button size="sm" busy={release.isPending} onClick={() => release.mutate(undefined, { onSuccess: () => toast({ text: t('message.released', { name: file.name }) }) })}>{t('message.release')}</Button>
      )}
    </div>
  );
}
