import { useQuery } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { memo, Suspense } from 'react';
import { countsQuery, inboxesQuery, inboxHealthQuery, sessionQuery, teamsQuery } from '@/api/directory';
import type { Counts, InboxHealth } from '@/api/types';
import { systemViews } from '@/features/view/views';
import { keysOf, runCommand } from '@/lib/commands';
import { useT } from '@/lib/i18n';
import { icons, type IconName } from '@/lib/icons';
import { lazyPart } from '@/lib/lazyPart';
import { navigate } from '@/lib/router';
import { Icon } from '@/ui/Icon';
import { IconButton } from '@/ui/IconButton';
import { Kbd } from '@/ui/Kbd';
import { Mark, Wordmark } from '@/ui/Mark';
import { tip } from '@/ui/Tooltip';
import { useFirstSteps } from '../firstSteps';
import { MeButton } from './MeButton';
import { NavHead, NavItem } from './NavItem';
import css from './Sidebar.module.css';

const Bell = lazyPart(() => import('./Bell').then((module) => module.Bell));
const MyTasks = lazyPart(() => import('./MyTasks').then((module) => module.MyTasks));
const SavedViews = lazyPart(() => import('./SavedViews').then((module) => module.SavedViews));

const front = ['mine', 'unassigned', 'needs_attention', 'mentions', 'following', 'drafts', 'sent', 'snoozed', 'open', 'all'] as const;
const keys: Record<string, string | undefined> = {
  mine: keysOf('go.mine'), unassigned: keysOf('go.unassigned'), open: keysOf('go.open'), all: keysOf('go.all'),
};

/** The views, teams and inboxes; also the content of the drawer on a phone. */
export const Sidebar = memo(function Sidebar({ collapsed = false, inDrawer = false }: { collapsed?: boolean; inDrawer?: boolean }) {
  const t = useT();
  const { data: counts } = useQuery(countsQuery);
  const { data: session } = useQuery(sessionQuery);
  return (
    <nav className={clsx(css.side, collapsed && css.collapsed, inDrawer && css.inDrawer)} aria-label={t('nav.label')}>
      <Top collapsed={collapsed} />
      <SearchButton collapsed={collapsed} />
      <div className={css.scroll}>
        <div className={css.group}>
          {front.map((id) => {
            const view = systemViews.find((one) => one.id === id)!;
            // A view for faults is there while there are any.
            if (id === 'needs_attention' && !counts?.needs_attention) return null;
            return (
              <NavItem
                key={id} target={{ to: '/inbox/$view', params: { view: id } }} icon={view.icon} label={t(view.title)}
                count={counts && view.count(counts)} alert={id === 'needs_attention'} keys={keys[id]} collapsed={collapsed}
              />
            );
          })}
          <Suspense><MyTasks collapsed={collapsed} /></Suspense>
        </div>
        <Suspense><SavedViews collapsed={collapsed} /></Suspense>
        <Teams collapsed={collapsed} counts={counts} />
        <Inboxes collapsed={collapsed} counts={counts} />
      </div>
      <FirstSteps collapsed={collapsed} />
      <div className={css.group}>
        <NavItem target={{ to: '/inbox/$view', params: { view: 'spam' } }} icon="shield" label={t('view.spam')} collapsed={collapsed} />
        <NavItem target={{ to: '/inbox/$view', params: { view: 'trash' } }} icon="trash" label={t('view.trash')} collapsed={collapsed} />
        <NavItem target={{ to: '/customers' }} icon="users" label={t('nav.customers')} keys={keysOf('go.customers')} collapsed={collapsed} />
        {session?.demo && <NavItem target={{ to: '/outbox' }} icon="send" label={t('nav.outbox')} collapsed={collapsed} />}
        <NavItem target={{ to: '/settings' }} icon="gear" label={t('nav.settings')} collapsed={collapsed} />
      </div>
      <MeButton collapsed={collapsed} />
    </nav>
  );
});

function FirstSteps({ collapsed }: { collapsed: boolean }) {
  const t = useT();
  const { shown, left } = useFirstSteps();
  if (!shown) return null;
  return <NavItem target={{ to: '/start' }} icon="flag" label={t('nav.start')} count={left} collapsed={collapsed} />;
}

function Top({ collapsed }: { collapsed: boolean }) {
  const t = useT();
  if (collapsed) {
    return (
      <div className={css.top}>
        <button type="button" className={css.home} aria-label={t('cmd.sidebar')} {...tip(t('cmd.sidebar'), '[')} onClick={() => runCommand('app.sidebar')}>
          <Mark size={20} />
        </button>
      </div>
    );
  }
  return (
    <div className={css.top}>
      <span className="grow"><Wordmark /></span>
      <Suspense><Bell /></Suspense>
      <IconButton icon="compose" label={t('cmd.new')} keys={keysOf('app.new')} onClick={() => void navigate({ to: '/new' })} />
    </div>
  );
}

function SearchButton({ collapsed }: { collapsed: boolean }) {
  const t = useT();
  const go = () => runCommand('go.search');
  if (collapsed) {
    return (
      <div className={css.icons}>
        <IconButton icon="compose" label={t('cmd.new')} keys={keysOf('app.new')} onClick={() => void navigate({ to: '/new' })} />
        <IconButton icon="search" label={t('nav.search')} keys={keysOf('go.search')} onClick={go} />
        <Suspense><Bell /></Suspense>
      </div>
    );
  }
  return (
    <button type="button" className={css.search} onClick={go} aria-keyshortcuts="/">
      <Icon name="search" size={14} />
      <span className="grow">{t('nav.search')}</span>
      <Kbd keys="/" />
    </button>
  );
}

interface GroupProps {
  collapsed: boolean;
  counts: Counts | undefined;
}

function Teams({ collapsed, counts }: GroupProps) {
  const t = useT();
  const { data: teams } = useQuery(teamsQuery);
  if (!teams?.length) return null;
  return (
    <>
      <NavHead collapsed={collapsed}>{t('nav.teams')}</NavHead>
      <div className={css.group}>
        {teams.map((team) => (
          <NavItem
            key={team.id} target={{ to: '/inbox/$view', params: { view: `team-${team.id}` } }} collapsed={collapsed}
            icon={team.icon && team.icon in icons ? (team.icon as IconName) : 'users'} label={team.name}
            count={counts?.teams.find((count) => count.team_id === team.id)?.open}
          />
        ))}
      </div>
    </>
  );
}

function Inboxes({ collapsed, counts }: GroupProps) {
  const t = useT();
  const { data: inboxes } = useQuery(inboxesQuery);
  const { data: health } = useQuery(inboxHealthQuery);
  const wordsOf = (one?: InboxHealth) => {
    if (one?.state === 'error') return t('health.not_receiving');
    if (one?.state === 'quiet') return t('health.quiet');
    return one?.sending.last_error ? t('health.not_sending') : undefined;
  };
  const inUse = inboxes?.filter((inbox) => !inbox.archived_at);
  if (!inUse?.length) return null;
  return (
    <>
      <NavHead collapsed={collapsed}>{t('nav.inboxes')}</NavHead>
      <div className={css.group}>
        {inUse.map((inbox) => (
          <NavItem
            key={inbox.id} target={{ to: '/inbox/$view', params: { view: `inbox-${inbox.id}` } }} collapsed={collapsed}
            icon={inbox.channel === 'email' ? 'mail' : 'inbox'} label={inbox.name}
            count={counts?.inboxes.find((count) => count.inbox_id === inbox.id)?.open} trouble={wordsOf(health?.find((one) => one.inbox_id === inbox.id))}
          />
        ))}
      </div>
    </>
  );
}
