import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { Message } from '@/api/types';
import { problemText } from '@/api/words';
import { intlLocale, useT } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { Icon } from '@/ui/Icon';
import { Writing } from './MessageBody';
import { languageName, offerQuery, sameLanguage, translate, type Offer } from './translation';
import css from './Translated.module.css';

/** A message in the reader's own language, under the original. */
export function Translated({ message, onClose }: { message: Message; onClose: () => void }) {
  const t = useT();
  const queries = useQueryClient();
  const id = message.conversation_id;
  const to = intlLocale();
  const found = useQuery({
    queryKey: ['translation', message.id, to, message.text], staleTime: Infinity, retry: false, refetchInterval: false,
    queryFn: async ({ signal }) => {
      const made = await translate(id, { message_id: message.id, to }, signal);
      // The server that translates may know a language that ours could not tell.
      if (message.kind === 'inbound' && made.from) {
        queries.setQueryData<Offer>(offerQuery(id).queryKey, (now) => now && { ...now, customer_language: now.customer_language || made.from });
      }
      return made;
    },
  });
  const made = found.data;
  const same = made?.from ? sameLanguage(made.from, to) : false;
  return (
    <section className={css.box} aria-label={t('translation.one')} aria-busy={found.isFetching}>
      <div className={css.head}>
        <Icon name="lang" size={14} />
        <span role="status" className="grow">
          {found.isFetching ? t('translation.running') : same ? t('translation.same') : made?.from ? t('translation.from', { language: languageName(made.from) }) : t('translation.one')}
        </span>
        <button type="button" className={css.back} onClick={onClose}>{t('translation.back')}</button>
      </div>
      {found.error && !found.isFetching && (
        <p className={css.problem} role="alert">
          {problemText(found.error)} <Button size="sm" onClick={() => void found.refetch()}>{t('error.retry')}</Button>
        </p>
      )}
      {made && !same && <Writing text={made.text} html={made.html} />}
    </section>
  );
}
