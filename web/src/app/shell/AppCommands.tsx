import { useQuery } from '@tanstack/react-query';
import { memo, useMemo } from 'react';
import { api } from '@/api/client';
import { inboxesQuery, meQuery, teamsQuery } from '@/api/directory';
import type { Me } from '@/api/types';
import { outgoing } from '@/features/conversation/outgoing';
import { useNotificationCount } from '@/features/notification/live';
import { systemViews } from '@/features/view/views';
import { useCommand, usePaletteCommands, type Command } from '@/lib/commands';
import { useT } from '@/lib/i18n';
import { forgetLocally } from '@/lib/localStore';
import { setPrefs } from '@/lib/prefs';
import { navigate } from '@/lib/router';
import { setTheme } from '@/lib/theme';
import { toast } from '@/ui/Toast';
import { problemText } from '@/api/words';
import { useKeyLessons } from '../keyLessons';
import { queryClient } from '../queryClient';

/** The commands that work on every page. Renders nothing. */
export const AppCommands = memo(function AppCommands() {
  const view = (id: string) => () => void navigate({ to: '/inbox/$view', params: { view: id } });
  useCommand('go.open', view('open'));
  useCommand('go.all', view('all'));
  useCommand('go.mine', view('mine'));
  useCommand('go.unassigned', view('unassigned'));
  useCommand('go.search', () => void navigate({ to: '/search' }));
  useCommand('go.customers', () => void navigate({ to: '/customers' }));
  useCommand('go.settings', () => void navigate({ to: '/settings' }));
  useCommand('app.new', () => void navigate({ to: '/new' }));
  useCommand('app.sidebar', () => setPrefs((now) => ({ sidebarCollapsed: !now.sidebarCollapsed })));
  useCommand('app.theme', turnTheme);
  useCommand('app.away', turnAway);
  useSignOut();
  usePlaces();
  useNotificationCount();
  return <KeyLessons />;
});

// Of its own: it looks at each key.
function KeyLessons() {
  useKeyLessons();
  return null;
}

function turnTheme() {
  const theme = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
  setTheme(theme);
  void api.patch('/me', { body: { theme } }).catch((error: unknown) => toast({ text: problemText(error), tone: 'bad' }));
}

function turnAway() {
  const away = !queryClient.getQueryData(meQuery.queryKey)?.away;
  api.patch<Me>('/me', { body: { away } }).then(
    (me) => queryClient.setQueryData(meQuery.queryKey, me),
    (error: unknown) => toast({ text: problemText(error), tone: 'bad' }),
  );
}

function useSignOut() {
  const t = useT();
  useCommand('app.sign_out', () => {
    // They stand on this device alone, and signing out clears it.
    const unsent = outgoing.get();
    if (unsent.length) {
      void navigate({ to: '/inbox/$view/$conversationId', params: { view: 'open', conversationId: String(unsent[0]!.conversation) } });
      return void toast({ text: t('connection.unsent', { count: unsent.length }), tone: 'bad' });
    }
    api
      .delete('/session')
      .then(forgetLocally)
      .then(() => navigate({ to: '/sign-in' }))
      .then(() => queryClient.clear())
      .catch((error: unknown) => toast({ text: problemText(error), tone: 'bad' }));
  });
}

// Teams, inboxes and settings pages, for the palette.
function usePlaces() {
  const t = useT();
  const { data: teams } = useQuery(teamsQuery);
  const { data: inboxes } = useQuery(inboxesQuery);
  const places = useMemo(() => {
    const go = (id: string, title: string, detail: string, icon: Command['icon']): Command => ({
      id: `go.${id}`, title, detail, icon, section: 'go', run: () => void navigate({ to: '/inbox/$view', params: { view: id } }),
    });
    const withKeys = new Set(['mine', 'unassigned', 'open']);
    const simple = systemViews.filter(({ id }) => !withKeys.has(id)).map(({ id, title, icon }) => go(id, t(title), '', icon));
    return [
      ...simple,
      ...(teams ?? []).map((team) => go(`team-${team.id}`, team.name, t('nav.teams'), 'users')),
      ...(inboxes ?? []).map((inbox) => go(`inbox-${inbox.id}`, inbox.name, t('nav.inboxes'), 'mail')),
    ];
  }, [t, teams, inboxes]);
  usePaletteCommands(places);
}
