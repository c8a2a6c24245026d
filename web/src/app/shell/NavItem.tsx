import { clsx } from 'clsx';
import { countLabel } from '@/lib/formats';
import { Link, type Target } from '@/lib/router';
import { Icon, type IconName } from '@/ui/Icon';
import { tip } from '@/ui/Tooltip';
import css from './NavItem.module.css';

interface Props {
  target: Target;
  icon: IconName;
  label: string;
  count?: number;
  /** The count is a fault to look at. */
  alert?: boolean;
  keys?: string;
  collapsed?: boolean;
  /** What is wrong there, in words. */
  trouble?: string;
}

export function NavItem({ icon, label, count, alert, keys, collapsed, target, trouble }: Props) {
  const number = countLabel(count);
  return (
    <Link
      {...target}
      className={clsx(css.item, collapsed && css.collapsed)}
      activeClass={css.on}
      {...(collapsed || keys ? tip(label, keys) : {})}
    >
      <Icon name={icon} />
      <bdi className={collapsed ? 'sr' : 'trunc'}>{label}</bdi>
      {trouble && <span className={css.trouble} {...tip(trouble)}><Icon name="warn" size={14} label={trouble} /></span>}
      {number && <span className={clsx(css.count, alert && css.alert, collapsed && (alert ? css.dot : 'sr'))}>{number}</span>}
    </Link>
  );
}

export function NavHead({ children, collapsed }: { children: string; collapsed?: boolean }) {
  return collapsed ? <hr className={css.rule} /> : <h2 className={css.head}>{children}</h2>;
}
