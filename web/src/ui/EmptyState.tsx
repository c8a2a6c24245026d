import type { ReactNode } from 'react';
import css from './EmptyState.module.css';

interface Props {
  title: string;
  children?: ReactNode;
  /** One action, perhaps with a quieter second. */
  actions?: ReactNode;
  art?: ReactNode;
}

/** Says what this place is when there is nothing in it, then offers one thing to do. */
export function EmptyState({ title, children, actions, art }: Props) {
  return (
    <div className={css.empty}>
      {art && <div className={css.art}>{art}</div>}
      <h2 className={css.title}>{title}</h2>
      {children && <p className={css.words}>{children}</p>}
      {actions && <div className={css.actions}>{actions}</div>}
    </div>
  );
}
