import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { conversationKeys } from '@/api/conversations';
import type { Draft, Id, Message, Participants } from '@/api/types';
import { problemText } from '@/api/words';
import { useT } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { toast } from '@/ui/Toast';
import { isEmpty, textToHtml, type Content } from './draft';
import { includes, recipientsOf } from './recipients';
import css from './Composer.module.css';

interface Props {
  id: Id;
  content: Content;
  suggested: Participants | undefined;
  onChange: (change: Partial<Content>) => void;
  /** Puts what is to be quoted into the text. */
  onEdit: (html: string) => void;
  onTaken: (draft: Draft) => void;
}

/** How a reply goes: as text alone, and what is quoted below it. */
export function Manner(props: Props) {
  const { id, content, suggested, onChange, onTaken } = props;
  const t = useT();
  const [open, setOpen] = useState(false);
  const take = (agent: Id) => {
    api.post<Draft>(`/conversations/${id}/draft/take`, { body: { agent_id: agent } }).then(onTaken, (error: unknown) => toast({ text: problemText(error), tone: 'bad' }));
  };
  return (
    <div className={css.manner}>
      {suggested?.shared_drafts.map(({ agent, preview }) => (
        <p key={agent.id} className={css.share}>
          <span className="trunc">{t('composer.share_of', { name: agent.name })} <bdi className={css.shared}>{preview}</bdi></span>
          <Button size="sm" onClick={() => take(agent.id)}>{t('composer.share_take')}</Button>
        </p>
      ))}
      {content.shared && (
        <p>{t('composer.shared')} <Button size="sm" variant="ghost" onClick={() => onChange({ shared: undefined })}>{t('composer.share_end')}</Button></p>
      )}
      {content.plain && (
        <p>{t('composer.plain_on')} <Button size="sm" variant="ghost" onClick={() => onChange({ plain: undefined })}>{t('composer.rich')}</Button></p>
      )}
      {content.withoutQuote ? (
        <p>{t('composer.quote_none')} <Button size="sm" variant="ghost" onClick={() => onChange({ withoutQuote: undefined })}>{t('composer.quote_back')}</Button></p>
      ) : (
        <button type="button" className={css.dots} aria-expanded={open} aria-label={t('composer.quote_show')} title={t('composer.quote_show')} onClick={() => setOpen(!open)}>···</button>
      )}
      {!isEmpty(content) && !content.shared && <Button size="sm" variant="ghost" onClick={() => onChange({ shared: true })}>{t('composer.share')}</Button>}
      {open && !content.withoutQuote && <Quote {...props} />}
    </div>
  );
}

function Quote({ id, content, suggested, onChange, onEdit }: Props) {
  const t = useT();
  const { data } = useQuery({
    queryKey: [...conversationKeys.messages(id), 'last'],
    queryFn: ({ signal }) => api.get<{ items: Message[] }>(`/conversations/${id}/messages`, { query: { kinds: 'inbound', order: 'desc', limit: 100 }, signal }),
  });
  if (!data) return null;
  const last = data.items[0];
  const { to, cc } = recipientsOf(content, suggested);
  if (!last || !includes([...to, ...cc], { name: '', address: last.author.address ?? '' })) return <p>{t('composer.quote_nobody')}</p>;
  const said = t('composer.quote_said', { name: last.author.name || last.author.address || '' });
  const edit = () => {
    const quoted = content.plain ? textToHtml(last.text.replace(/^/gm, '> ')) : `<blockquote>${textToHtml(last.text)}</blockquote>`;
    onChange({ withoutQuote: true });
    onEdit(`<p></p><p>${textToHtml(said).replace(/<\/?p>/g, '')}</p>${quoted}`);
  };
  return (
    <div className={css.quoted}>
      <p>{said}</p>
      <blockquote dir="auto">{last.text}</blockquote>
      <Button size="sm" variant="ghost" onClick={() => onChange({ withoutQuote: true })}>{t('composer.quote_out')}</Button>
      <Button size="sm" variant="ghost" onClick={edit}>{t('composer.quote_edit')}</Button>
    </div>
  );
}
