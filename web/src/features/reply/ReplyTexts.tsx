import { clsx } from 'clsx';
import { useRef, useState } from 'react';
import type { Attachment } from '@/api/types';
import { localeNames, locales, useT, type Locale } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { Select, Textarea } from '@/ui/Field';
import { Icon } from '@/ui/Icon';
import { Menu } from '@/ui/Menu';
import { fits } from './fits';
import type { Slots } from './slots';
import css from './Replies.module.css';

const variables = [
  'customer.first_name', 'customer.last_name', 'customer.name', 'customer.email', 'customer.phone', 'conversation.number', 'conversation.subject',
  'agent.first_name', 'agent.name', 'inbox.name', 'inbox.address',
  'business_hours.open', 'business_hours.closes', 'business_hours.next_opening', 'business_hours.week', 'business_hours.time_zone',
];

interface Props {
  Field: Slots['Field'];
  texts: Record<string, string>;
  /** The language whose text is taken where the customer's is not there. */
  main: string;
  locale: string;
  attached: readonly Attachment[];
  optional: boolean;
  errorOf: (locale: string) => string | undefined;
  onLocale: (locale: string) => void;
  onText: (locale: string, html: string) => void;
  onAttached: (change: (now: readonly Attachment[]) => readonly Attachment[]) => void;
}

/** The text in each language; two of them side by side where one is written after another. */
export function ReplyTexts({ texts, main, locale, onLocale, ...rest }: Props) {
  const t = useT();
  const [beside, setBeside] = useState<string>();
  const others = locales.filter((one) => one !== locale);
  const second = beside === locale ? others[0]! : beside;
  return (
    <div>
      <div className={css.languages} role="group" aria-label={t('replies.language')}>
        {locales.map((one) => (
          <button key={one} type="button" aria-pressed={one === locale} className={clsx(css.language, one === locale && css.on, !texts[one] && css.empty)} onClick={() => onLocale(one)}>
            {localeNames[one]}{texts[one] ? '' : ' +'}
          </button>
        ))}
        <span className="grow" />
        <Button size="sm" variant="ghost" icon="panel" aria-pressed={second !== undefined} onClick={() => setBeside(second ? undefined : others.find((one) => one === main) ?? others.find((one) => texts[one]) ?? others[0])}>
          {t('replies.beside')}
        </Button>
      </div>
      <div className={clsx(css.texts, second && css.pair)}>
        <div className={css.side}>
          {second && <p className={css.which}>{localeNames[locale as Locale]}</p>}
          <TextIn key={locale} {...rest} locale={locale} html={texts[locale] ?? ''} />
        </div>
        {second && (
          <div className={css.side}>
            <Select label={t('replies.beside_language')} hideLabel value={second} onChange={setBeside} options={others.map((one) => ({ value: one as string, label: localeNames[one] }))} />
            <TextIn key={second} {...rest} locale={second} html={texts[second] ?? ''} />
          </div>
        )}
      </div>
    </div>
  );
}

type TextProps = Omit<Props, 'texts' | 'main' | 'onLocale'> & { html: string };

function TextIn({ Field, locale, html, attached, optional, errorOf, onText, onAttached }: TextProps) {
  const t = useT();
  const [rich] = useState(() => fits(html));
  const label = `${t(optional ? 'replies.body_optional' : 'replies.body')}: ${localeNames[locale as Locale]}`;
  const error = errorOf(locale);
  if (!rich) {
    return <Textarea rows={10} dir="auto" label={label} hideLabel help={t('replies.html_help')} error={error} value={html} onChange={(event) => onText(locale, event.target.value)} />;
  }
  return (
    <div className={css.text}>
      <Field
        label={label} html={html} attached={attached} invalid={error !== undefined} onText={(next) => onText(locale, next)} onAttached={onAttached} Tools={Variables}
      />
      {error && <p className={css.error} role="alert"><Icon name="warn" size={14} />{error}</p>}
    </div>
  );
}

// What is only yes or no stands in a condition.
const textOf = (name: string) => (name === 'business_hours.open' ? `{% if ${name} %} … {% else %} … {% endif %}` : `{{ ${name} }}`);

function Variables({ onInsert }: { onInsert: (text: string) => void }) {
  const t = useT();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button ref={anchor} size="sm" variant="ghost" aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)}>{t('replies.variable')}</Button>
      {open && (
        <Menu
          anchor={anchor} side="top" label={t('replies.variables')} onClose={() => setOpen(false)}
          // When the menu is gone: it gives the focus back first.
          items={variables.map((name) => ({ label: t(`replies.var_${name.replace('.', '_')}` as 'replies.var_agent_name'), detail: name, run: () => setTimeout(() => onInsert(textOf(name))) }))}
        />
      )}
    </>
  );
}
