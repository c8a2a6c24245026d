import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import { Icon, type IconName } from './Icon';
import css from './Banner.module.css';

interface Props {
  /** dark is the line across the top of the page; the others stand inside it. */
  tone: 'dark' | 'warn' | 'bad' | 'info';
  children: ReactNode;
  icon?: IconName;
  actions?: ReactNode;
}

const icons: Record<Props['tone'], IconName> = { dark: 'offline', warn: 'warn', bad: 'stop', info: 'info' };

export function Banner({ tone, children, icon, actions }: Props) {
  return (
    <div className={clsx(css.banner, css[tone])} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon name={icon ?? icons[tone]} />
      <div className={css.words}>{children}</div>
      {actions}
    </div>
  );
}
