import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import type { Answer } from '@/api/schema';
import type { Attachment } from '@/api/types';
import { problemText } from '@/api/words';
import { fullTime } from '@/lib/dates';
import { fileSize } from '@/lib/formats';
import { useT } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Icon } from '@/ui/Icon';
import { Skeleton } from '@/ui/Skeleton';
import { Writing } from './MessageBody';
import { shownName } from './recipients';
import css from './MailFacts.module.css';

type Attached = Answer<'/attachments/{id}/mail'>;

/** A mail that hangs on a message, read as one. */
export function AttachedMail({ file, onClose }: { file: Attachment; onClose: () => void }) {
  const t = useT();
  const [remote, setRemote] = useState(false);
  const { data, error } = useQuery({
    queryKey: ['attachments', file.id, 'mail'], staleTime: Infinity, retry: false,
    queryFn: ({ signal }) => api.get<Attached>(`/attachments/${file.id}/mail`, { signal }),
  });
  return (
    <Dialog
      wide title={data?.subject || file.name} onClose={onClose}
      actions={<a className={css.download} href={`${file.url}?download=1`} download={file.name}><Icon name="download" size={14} />{t('message.download')}</a>}
    >
      {error && <p className={css.bad} role="alert">{problemText(error)}</p>}
      {!data && !error && <Skeleton width="60%" />}
      {data && (
        <div className={css.attached}>
          <dl className={css.lines}>
            <Line name={t('facts.from')} text={named(data.from)} />
            {data.to.length > 0 && <Line name={t('composer.to')} text={data.to.map(named).join(', ')} />}
            {data.cc.length > 0 && <Line name={t('composer.cc')} text={data.cc.map(named).join(', ')} />}
            {data.date && <Line name={t('facts.date')} text={fullTime(data.date)} />}
            {data.attachments.some((one) => !one.inline) && (
              <div>
                <dt>{t('facts.files')}</dt>
                <dd>
                  <ul>
                    {data.attachments.map((one, at) => !one.inline && (
                      <li key={at}><a href={`${file.url}?inside=${at}`} download={one.name}><bdi>{one.name}</bdi></a> <span className="faint num">{fileSize(one.size)}</span></li>
                    ))}
                  </ul>
                </dd>
              </div>
            )}
          </dl>
          <Writing text={data.text} html={data.html} remote={remote} />
          {data.has_remote_images && !remote && <Button size="sm" icon="image" onClick={() => setRemote(true)}>{t('message.show_images')}</Button>}
        </div>
      )}
    </Dialog>
  );
}

const named = (one: { name: string; address: string }) => (one.name ? `${shownName(one)} <${one.address}>` : one.address);

function Line({ name, text }: { name: string; text: string }) {
  return <div><dt>{name}</dt><dd dir="auto">{text}</dd></div>;
}
