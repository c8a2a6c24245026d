import { useQuery } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { countsQuery } from '@/api/directory';
import { countLabel } from '@/lib/formats';
import { useT } from '@/lib/i18n';
import { Link, useIsWithin, useRoute, type Target } from '@/lib/router';
import { Icon, type IconName } from '@/ui/Icon';
import css from './BottomBar.module.css';

/** The four places of the phone. Hidden while a conversation is open: the composer sits there. */
export function BottomBar() {
  const t = useT();
  const { data: counts } = useQuery(countsQuery);
  if (useRoute()?.path === '/inbox/$view/$conversationId') return null;
  return (
    <nav className={css.bar} aria-label={t('nav.label')}>
      <Tab target={{ to: '/inbox/$view', params: { view: 'mine' } }} within="/inbox" icon="inbox" label={t('nav.inbox')} badge={countLabel(counts?.mine)} />
      <Tab target={{ to: '/search' }} within="/search" icon="search" label={t('nav.search')} />
      <Tab target={{ to: '/new' }} within="/new" icon="compose" label={t('nav.new')} />
      <Tab target={{ to: '/settings/me' }} within="/settings" icon="user" label={t('nav.me')} />
    </nav>
  );
}

interface TabProps {
  target: Target;
  within: string;
  icon: IconName;
  label: string;
  badge?: string;
}

function Tab({ target, within, icon, label, badge }: TabProps) {
  const on = useIsWithin(within);
  return (
    <Link {...target} className={clsx(css.tab, on && css.on)}>
      <Icon name={icon} size={22} />
      <span>{label}</span>
      {badge && <span className={css.badge}>{badge}</span>}
    </Link>
  );
}
