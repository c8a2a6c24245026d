import { useQuery } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { useState } from 'react';
import { can, meQuery } from '@/api/directory';
import { jobCountsQuery } from '@/features/job/queries';
import { useT } from '@/lib/i18n';
import { Link } from '@/lib/router';
import { Input } from '@/ui/Field';
import { Icon } from '@/ui/Icon';
import { MeButton } from '../shell/MeButton';
import { NavHead, NavItem } from '../shell/NavItem';
import css from '../shell/Sidebar.module.css';
import own from './SettingsNav.module.css';
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

function Pages() {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  return (
    <>
      <div className={css.group}>
        <NavItem target={{ to: '/settings/me' }} icon="user" label={t('settings.me')} />
      </div>
      {can(me, 'inboxes:manage') && (
        <>
          <NavHead>{t('settings.channels')}</NavHead>
          <div className={css.group}><NavItem target={{ to: '/settings/inboxes' }} icon="mail" label={t('settings.inboxes')} /></div>
        </>
      )}
      <NavHead>{t('settings.workspace')}</NavHead>
      <div className={css.group}>
        {can(me, 'agents:manage') && <NavItem target={{ to: '/settings/people' }} icon="users" label={t('settings.people')} />}
        <NavItem target={{ to: '/settings/roles' }} icon="shield" label={t('settings.roles')} />
        {can(me, 'teams:manage') && <NavItem target={{ to: '/settings/teams' }} icon="box" label={t('settings.teams')} />}
        {can(me, 'tags:manage') && <NavItem target={{ to: '/settings/tags' }} icon="tag" label={t('settings.tags')} />}
      </div>
      {(can(me, 'audit:read') || can(me, 'apikeys:manage') || can(me, 'jobs:manage') || can(me, 'ledger:read') || can(me, 'settings:manage')) && <NavHead>{t('settings.system')}</NavHead>}
      <div className={css.group}>
        {can(me, 'settings:manage') && <NavItem target={{ to: '/settings/sender' }} icon="send" label={t('settings.sender')} />}
        {can(me, 'apikeys:manage') && <NavItem target={{ to: '/settings/api-keys' }} icon="lock" label={t('settings.api_keys')} />}
        {can(me, 'audit:read') && <NavItem target={{ to: '/settings/audit' }} icon="clock" label={t('settings.audit')} />}
        {can(me, 'jobs:manage') && <Jobs />}
        {can(me, 'ledger:read') && <NavItem target={{ to: '/settings/ledger' }} icon="seal" label={t('settings.ledger')} />}
        {can(me, 'settings:manage') && <NavItem target={{ to: '/settings/storage' }} icon="disk" label={t('settings.storage')} />}
      </div>
    </>
  );
}

// Failed jobs wait for somebody to look at them.
function Jobs() {
  const t = useT();
  const { data: counts } = useQuery({ ...jobCountsQuery, refetchInterval: 30_000 });
  return <NavItem target={{ to: '/settings/jobs' }} icon="table" label={t('settings.jobs')} count={counts?.dead} alert />;
}
