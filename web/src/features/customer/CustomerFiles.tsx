import { useInfiniteQuery } from '@tanstack/react-query';
import type { Id } from '@/api/types';
import { problemText } from '@/api/words';
import { fullTime, listTime } from '@/lib/dates';
import { fileSize } from '@/lib/formats';
import { useT, type MessageKey } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Link } from '@/lib/router';
import { Banner } from '@/ui/Banner';
import { Icon } from '@/ui/Icon';
import { Patient, Skeleton } from '@/ui/Skeleton';
import { filesQuery } from './known';
import { More } from './More';
import css from './CustomerPage.module.css';

const blocked: Partial<Record<string, MessageKey>> = {
  program_inside: 'message.blocked_inside', card: 'message.blocked_card', card_deleted: 'message.blocked_card_deleted',
  malware: 'message.blocked_malware', unchecked: 'message.blocked_unchecked',
};

/** The files of all conversations with a customer. */
export function CustomerFiles({ customer }: { customer: Id }) {
  const t = useT();
  const now = useNow();
  const list = useInfiniteQuery(filesQuery(customer));
  const files = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={css.timeline}>
      {list.isPending && <Patient label={t('ui.loading')}><Skeleton height={48} /><Skeleton height={48} /></Patient>}
      {list.error && <Banner tone="bad">{problemText(list.error)}</Banner>}
      {list.data && !files.length && !list.hasNextPage && <p className="muted">{t('customers.no_files')}</p>}
      <ul className={css.files}>
        {files.map((file) => (
          <li key={file.id} className={css.file}>
            {file.preview ? <img src={file.url} alt="" loading="lazy" className={css.thumb} /> : <span className={css.thumb}><Icon name={file.blocked ? 'lock' : 'file'} /></span>}
            <div className={css.saidBody}>
              {file.blocked ? <p className="trunc"><bdi>{file.name}</bdi> <span className={css.quiet}>{t(blocked[file.blocked] ?? 'message.blocked_program', { name: file.malware })}</span></p>
                : <a href={`${file.url}?download=1`} download={file.name} className="trunc"><bdi>{file.name}</bdi></a>}
              <p className={css.quiet}>
                {fileSize(file.size)} · <time dateTime={file.created_at} title={fullTime(file.created_at)}>{listTime(file.created_at, now)}</time> · <Link
                  to="/inbox/$view/$conversationId" params={{ view: 'open', conversationId: String(file.conversation.id) }}
                ><bdi>{file.conversation.subject || `#${file.conversation.number}`}</bdi></Link>
              </p>
            </div>
          </li>
        ))}
      </ul>
      <More list={list} />
    </div>
  );
}
