import type { ReactNode } from 'react';
import css from './EmptyState.module.css';

interface Props {
  title: string;
  children?: ReactNode;
  /** One action, perhaps with a quieter second. */
  actions?: ReactNode;
  art?: ReactNode;
  /** It is all the page has: its title is the heading of the page. */
  wholePage?: boolean;
}

/** Says what this place is when there is nothing in it, then offers one thing to do. */
export function EmptyState({ title, children, actions, art, wholePage }: Props) {
  const Title = wholePage ? 'h1' : 'h2';
  return (
    <div className={css.empty}>
      {art && <div className={css.art}>{art}</div>}
      <Title className={css.title}>{title}</Title>
      {children && <p className={css.words}>{children}</p>}
      {actions && <div className={css.actions}>{actions}</div>}
    </div>
  );
}
