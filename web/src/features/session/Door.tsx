import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { sessionQuery } from '@/api/directory';
import { localeNames, locales, setLocale, useLocale, useT, Words, type Locale } from '@/lib/i18n';
import { useTitle } from '@/lib/title';
import { Banner } from '@/ui/Banner';
import { Icon } from '@/ui/Icon';
import { Wordmark } from '@/ui/Mark';
import css from './Door.module.css';

interface Props {
  title: string;
  text?: ReactNode;
  children?: ReactNode;
}

/** The frame of every page before sign-in. */
export function Door({ title, text, children }: Props) {
  const t = useT();
  useTitle(title);
  return (
    <div className={css.door}>
      <main id="main" className={css.column}>
        <div className={css.brand}><Wordmark size={28} /></div>
        <WrongName />
        <div className={css.card}>
          <header className={css.head}>
            <h1>{title}</h1>
            {text && <p className="muted">{text}</p>}
          </header>
          {children}
        </div>
      </main>
      <footer className={css.foot} aria-label={t('ui.language')}><LanguagePicker /></footer>
    </div>
  );
}

/** Links and live updates work under the public URL alone, so another name is said and not left to be found out. */
function WrongName() {
  const { data: session } = useQuery(sessionQuery);
  if (!session || session.public_url_matches || !session.public_url) return null;
  const there = session.public_url.replace(/\/$/, '') + location.pathname + location.search;
  return (
    <Banner tone="warn">
      <Words id="connection.wrong_name" values={{ name: <b>{location.host}</b>, link: <a href={there}>{session.public_url}</a> }} />
    </Banner>
  );
}

function LanguagePicker() {
  const t = useT();
  const locale = useLocale();
  return (
    <label className={css.language}>
      <Icon name="globe" size={14} />
      <span className="sr">{t('ui.language')}</span>
      <select value={locale} onChange={(event) => void setLocale(event.target.value as Locale)}>
        {locales.map((one) => <option key={one} value={one} lang={one}>{localeNames[one]}</option>)}
      </select>
    </label>
  );
}
