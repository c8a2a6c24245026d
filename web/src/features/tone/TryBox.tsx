import { useState } from 'react';
import type { Checked } from '@/api/tone';
import { useWrite } from '@/api/useWrite';
import { problemText } from '@/api/words';
import { localeNames, useT, type Locale } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { Input, Textarea } from '@/ui/Field';
import { Section } from '@/ui/Page';
import { pieces } from './lines';
import { toneWrites } from './queries';
import css from './Tone.module.css';

/** Shows what the guide finds in a text. Nothing is stored. */
export function TryBox() {
  const t = useT();
  const [text, setText] = useState('');
  const [customer, setCustomer] = useState('');
  const [asked, setAsked] = useState('');
  const attempt = useWrite(toneWrites.tryOut, { handled: true });
  const go = () => {
    setAsked(text);
    attempt.mutate({ text, customer_text: customer.trim() || undefined });
  };
  return (
    <Section title={t('tone.try')} help={t('tone.try_text')}>
      <div
        className={css.form}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && text.trim()) go();
        }}
      >
        <Input label={t('tone.try_customer')} value={customer} maxLength={10_000} autoComplete="off" dir="auto" onChange={(event) => setCustomer(event.target.value)} />
        <Textarea
          label={t('tone.try_label')} rows={5} maxLength={60_000} dir="auto" value={text} placeholder={t('tone.try_placeholder')}
          onChange={(event) => setText(event.target.value)} error={attempt.error ? problemText(attempt.error) : undefined}
        />
        <div><Button busy={attempt.isPending} disabled={!text.trim()} keys="mod+Enter" onClick={go}>{t('tone.try_it')}</Button></div>
        {attempt.data && <Result text={asked} checked={attempt.data} />}
      </div>
    </Section>
  );
}

function Result({ text, checked }: { text: string; checked: Checked }) {
  const t = useT();
  const language = localeNames[checked.language as Locale] ?? checked.language;
  const { findings } = checked;
  const facts = [language && t('tone.read_as', { language }), checked.angry && t('tone.sounds_angry')].filter(Boolean).join(' ');
  return (
    <div className={css.result} role="status">
      <p className={css.sample} dir="auto">
        {pieces(text, findings).map((one, at) => (one.place === undefined ? one.text : <mark key={at} className={css.mark} title={findings[one.place]!.why}>{one.text}</mark>))}
      </p>
      {findings.length === 0 ? <p>{t('tone.clean')} <span className="muted">{facts}</span></p> : (
        <>
          <ul className={css.findings}>
            {findings.map((one, at) => (
              <li key={at}>
                <b><bdi>{one.name}</bdi></b> {one.why} {one.instead && <span className="muted" dir="auto">→ {one.instead}</span>}
              </li>
            ))}
          </ul>
          <p className="muted">{facts}</p>
        </>
      )}
    </div>
  );
}
