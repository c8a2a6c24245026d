import { useState } from 'react';
import { useWrite } from '@/api/useWrite';
import { problemText } from '@/api/words';
import { useT } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { Textarea } from '@/ui/Field';
import { Section } from '@/ui/Page';
import { ruleWrites, type Tried } from './queries';
import css from './Sender.module.css';

const most = 1 << 20;

/** Tries the rules on a mail: paste its source or drop the file. Nothing is stored. */
export function TryBox() {
  const t = useT();
  const [raw, setRaw] = useState('');
  const attempt = useWrite(ruleWrites.tryOut, { handled: true });
  const take = (file: File | undefined) => void file?.slice(0, most).text().then(setRaw);
  const person = (one: Tried['from']) => (one.name ? `${one.name} <${one.address}>` : one.address) || '–';
  const tried = attempt.data;
  return (
    <Section title={t('rules.try')} help={t('rules.try_text')}>
      <div
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          take(event.dataTransfer.files[0]);
        }}
      >
        <Textarea
          label={t('rules.source_text')} rows={6} spellCheck={false} className={css.raw} value={raw} placeholder={t('rules.source_placeholder')}
          onChange={(event) => setRaw(event.target.value)} error={attempt.error ? problemText(attempt.error) : undefined}
        />
      </div>
      <div className={css.inline}>
        <label className={css.pick}>
          <input type="file" accept=".eml,message/rfc822" className="sr" onChange={(event) => take(event.target.files?.[0])} />
          {t('rules.pick')}
        </label>
        <Button busy={attempt.isPending} disabled={!raw.trim()} onClick={() => attempt.mutate({ raw })}>{t('rules.try_it')}</Button>
      </div>
      {tried && (
        <dl className={css.result} role="status">
          <div><dt>{t('rules.result_from')}</dt><dd><bdi>{person(tried.from)}</bdi></dd></div>
          <div><dt>{t('rules.result_customer')}</dt><dd><b><bdi>{person(tried.customer)}</bdi></b></dd></div>
          <div><dt>{t('rules.result_rule')}</dt><dd>{tried.source ? t('rules.result_by', { rule: tried.rule_name, source: t(`rules.source_${tried.source}`) }) : t('rules.result_none')}</dd></div>
          <div><dt>{t('rules.result_kind')}</dt><dd>{t(tried.listed === 'block' ? 'rules.result_blocked' : tried.automatic ? 'rules.result_automatic' : 'rules.result_person')}</dd></div>
          {tried.text && <div><dt>{t('rules.result_text')}</dt><dd dir="auto" className={css.excerpt}>{tried.text}</dd></div>}
        </dl>
      )}
    </Section>
  );
}
