import { useQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import { can, meQuery } from '@/api/directory';
import type { Attachment } from '@/api/types';
import { useWrite } from '@/api/useWrite';
import { fileSize } from '@/lib/formats';
import { useT } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { Icon } from '@/ui/Icon';
import { toast } from '@/ui/Toast';
import css from './Message.module.css';

/** A file that would run when somebody opens it: its name, why it is held back, and a way to release it for those who may. */
export function BlockedFile({ file }: { file: Attachment }) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const release = useWrite(() => api.post(`/attachments/${file.id}/release`), { renews: [['conversations'], ['customers']] });
  return (
    <div className={css.file}>
      <span className={css.badge}><Icon name="lock" size={14} /></span>
      <span className={css.fileWords}>
        <bdi className={css.fileName}>{file.name}</bdi>
        <span className="muted">{t(file.blocked === 'program_inside' ? 'message.blocked_inside' : 'message.blocked_program')} · <span className="num">{fileSize(file.size)}</span></span>
      </span>
      {can(me, 'settings:manage') && (
        <Button size="sm" busy={release.isPending} onClick={() => release.mutate(undefined, { onSuccess: () => toast({ text: t('message.released', { name: file.name }) }) })}>{t('message.release')}</Button>
      )}
    </div>
  );
}
