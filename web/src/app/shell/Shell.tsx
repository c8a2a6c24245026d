import { useQuery } from '@tanstack/react-query';
import { Suspense, useEffect, type ReactNode } from 'react';
import { can, meQuery } from '@/api/directory';
import { realtime } from '@/api/realtime';
import type { Id } from '@/api/types';
import { keepSending } from '@/features/conversation/outgoing';
import { listenToKeys } from '@/lib/commands';
import { useT, withWords } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazyPart';
import { narrow, phone, useMedia } from '@/lib/media';
import { usePrefs } from '@/lib/prefs';
import { useIsWithin, useRoute } from '@/lib/router';
import { LiveRegions } from '@/ui/LiveRegions';
import { Toasts } from '@/ui/Toast';
import { TooltipLayer } from '@/ui/Tooltip';
import { followLive } from '../live';
import { queryClient } from '../queryClient';
import { AppCommands } from './AppCommands';
import { BottomBar } from './BottomBar';
import { ConnectionBanner } from './ConnectionBanner';
import { Layers } from './Layers';
import { Sidebar } from './Sidebar';
import css from './Shell.module.css';
import side from './Sidebar.module.css';
import { useSessionEnd } from './useSessionEnd';

const SettingsNav = lazyPart(() => withWords(import('../settings/SettingsNav').then((module) => module.SettingsNav)));
const StorageBanner = lazyPart(() => withWords(import('@/features/storage/StorageBanner').then((module) => module.StorageBanner)));

/** Everything around a page: sidebar, banner, toasts, keys, live regions. */
export function Shell({ children }: { children: ReactNode }) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const { sidebarCollapsed } = usePrefs();
  const isNarrow = useMedia(narrow);
  const isPhone = useMedia(phone);
  const inSettings = useIsWithin('/settings');
  useLive();
  useWorker(me?.id);
  useSessionEnd();
  useFocusOnNavigation();

  const collapsed = !inSettings && (sidebarCollapsed || isNarrow);
  return (
    <div className={css.shell}>
      <a href="#main" className={`sr ${css.skip}`}>{t('nav.skip')}</a>
      <ConnectionBanner />
      {can(me, 'settings:manage') && <Suspense><StorageBanner /></Suspense>}
      <div className={css.columns}>
        {!isPhone && (inSettings ? <Suspense fallback={<nav className={side.side} />}><SettingsNav /></Suspense> : <Sidebar collapsed={collapsed} />)}
        <div className={css.page}>{children}</div>
      </div>
      {isPhone && <BottomBar />}
      {/* Not lazy: a key pressed while they are on their way would be lost. */}
      <AppCommands />
      <Layers />
      <Toasts />
      <TooltipLayer />
      <LiveRegions />
    </div>
  );
}

function useLive() {
  useEffect(() => {
    const stop = followLive(realtime, queryClient);
    const stopKeys = listenToKeys();
    const stopSending = keepSending(queryClient);
    realtime.start();
    return () => {
      stop();
      stopKeys();
      stopSending();
      realtime.stop();
    };
  }, []);
}

// Later than what is on screen: it is for the next time.
function useWorker(agent: Id | undefined) {
  useEffect(() => {
    if (agent === undefined) return;
    const timer = setTimeout(() => void import('../worker').then(({ startWorker }) => startWorker(agent, () => void queryClient.invalidateQueries()), () => undefined), 1500);
    return () => clearTimeout(timer);
  }, [agent]);
}

// A new page is announced by its heading: readers land on it, the mouse notices nothing.
function useFocusOnNavigation() {
  const page = useRoute()?.route.page;
  useEffect(() => {
    if (document.activeElement && document.activeElement !== document.body) return;
    document.getElementById('main')?.focus({ preventScroll: true });
  }, [page]);
}
