import { clsx } from 'clsx';
import { runCommand } from '@/lib/commands';
import { useT } from '@/lib/i18n';
import { useIsPhone } from '@/lib/media';
import { useTitle } from '@/lib/title';
import type { ReactNode } from 'react';
import { IconButton } from './IconButton';
import css from './Page.module.css';

interface Props {
  title: ReactNode;
  /** At the end of the 48 px head. */
  actions?: ReactNode;
  /** Before the title: a way back, a path. */
  lead?: ReactNode;
  children: ReactNode;
  /** One 720 px column, as settings have. */
  column?: boolean;
}

/** A page beside the sidebar: head of 48 px, body that scrolls. */
export function Page({ title, actions, lead, children, column }: Props) {
  const t = useT();
  const isPhone = useIsPhone();
  useTitle(typeof title === 'string' ? title : '');
  return (
    <main id="main" tabIndex={-1} className={css.page}>
      <header className={css.bar}>
        {lead}
        <h1 className={css.title}>{title}</h1>
        {actions}
        {isPhone && <IconButton icon="down" size={20} label={t('cmd.views')} onClick={() => runCommand('app.views')} />}
      </header>
      {/* Reached by Tab, so that the arrows scroll a page on which nothing else can be. */}
      <div className={css.body} tabIndex={0}>
        <div className={clsx(column && css.column)}>{children}</div>
      </div>
    </main>
  );
}

/** A titled part of a settings page, with a line above all but the first. */
export function Section({ title, help, aside, children }: {
  title: string;
  help?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={css.section}>
      <div className={css.sectionHead}>
        <div className="grow">
          <h2>{title}</h2>
          {help && <p className="muted">{help}</p>}
        </div>
        {aside}
      </div>
      {children}
    </section>
  );
}

export function Card({ children, className }: { children: ReactNode; className?: string }) {
  return <div className={clsx(css.card, className)}>{children}</div>;
}

/** Two fields side by side, one above the other on a phone. */
export function Two({ children }: { children: ReactNode }) {
  return <div className={css.two}>{children}</div>;
}
