import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { conversationKeys } from '@/api/conversations';
import type { Id, Message, Participants } from '@/api/types';
import { useT } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { textToHtml, type Content } from './draft';
import { includes, recipientsOf } from './recipients';
import css from './Composer.module.css';

interface Props {
  id: Id;
  content: Content;
  suggested: Participants | undefined;
  onChange: (change: Partial<Content>) => void;
  /** Puts what is to be quoted into the text. */
  onEdit: (html: string) => void;
}

/** How a reply goes: as text alone, and what is quoted below it. */
export function Manner({ id, content, suggested, onChange, onEdit }: Props) {
  const t = useT();
  const [open, setOpen] = useState(false);
  return (
    <div className={css.manner}>
      {content.plain && (
        <p>{t('composer.plain_on')} <Button size="sm" variant="ghost" onClick={() => onChange({ plain: undefined })}>{t('composer.rich')}</Button></p>
      )}
      {content.withoutQuote ? (
        <p>{t('composer.quote_none')} <Button size="sm" variant="ghost" onClick={() => onChange({ withoutQuote: undefined })}>{t('composer.quote_back')}</Button></p>
      ) : (
        <button type="button" className={css.dots} aria-expanded={open} aria-label={t('composer.quote_show')} title={t('composer.quote_show')} onClick={() => setOpen(!open)}>···</button>
      )}
      {open && !content.withoutQuote && <Quote {...{ id, content, suggested, onChange, onEdit }} />}
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
