import { useQuery } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { Fragment, useState } from 'react';
import { can, meQuery } from '@/api/directory';
import { jobCountsQuery } from '@/features/job/queries';
import { useT, type MessageKey } from '@/lib/i18n';
import { Link } from '@/lib/router';
import { Input } from '@/ui/Field';
import { Icon } from '@/ui/Icon';
import { MeButton } from '../shell/MeButton';
import { NavHead, NavItem } from '../shell/NavItem';
import css from '../shell/Sidebar.module.css';
import own from './SettingsNav.module.css';
import { places, type Place } from './places';
import { SettingsFound } from './SettingsSearch';

/** Takes the sidebar's place on settings pages. A page that a role can never open is not shown. */
export function SettingsNav({ inDrawer = false }: { inDrawer?: boolean }) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const [query, setQuery] = useState('');
  return (
    <nav className={clsx(css.side, inDrawer && css.inDrawer)} aria-label={t('nav.settings')}>
      <div className={css.top}>
        <Link to="/inbox/$view" params={{ view: 'mine' }} className={own.back}>
          <Icon name="left" />
          {t('settings.back')}
        </Link>
      </div>
      <Input
        label={t('settings.search')} hideLabel icon="search" className={own.search} type="search" placeholder={t('settings.search')} autoComplete="off"
        value={query} onChange={(event) => setQuery(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && query && (event.stopPropagation(), setQuery(''))}
      />
      <div className={css.scroll}>
        {query.trim() ? <SettingsFound query={query} may={(permission) => can(me, permission)} onGone={() => setQuery('')} /> : <Pages />}
      </div>
      <MeButton />
    </nav>
  );
}

const heads: Partial<Record<Place['group'], MessageKey>> = { channels: 'settings.channels', workspace: 'settings.workspace', system: 'settings.system' };

function Pages() {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const open = places.filter(({ needs }) => !needs || can(me, needs));
  return (['me', 'channels', 'workspace', 'system'] as const).map((group) => {
    const pages = open.filter((place) => place.group === group);
    return pages.length > 0 && (
      <Fragment key={group}>
        {heads[group] && <NavHead>{t(heads[group])}</NavHead>}
        <div className={css.group}>
          {pages.map(({ to, icon, title }) => (to === '/settings/jobs' ? <Jobs key={to} /> : <NavItem key={to} target={{ to }} icon={icon} label={t(title)} />))}
        </div>
      </Fragment>
    );
  });
}

// Failed jobs wait for somebody to look at them.
function Jobs() {
  const t = useT();
  const { data: counts } = useQuery({ ...jobCountsQuery, refetchInterval: 30_000 });
  return <NavItem target={{ to: '/settings/jobs' }} icon="table" label={t('settings.jobs')} count={counts?.dead} alert />;
}
