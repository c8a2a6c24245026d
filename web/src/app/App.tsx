import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, type ComponentType } from 'react';
import { meQuery } from '@/api/directory';
import { isProblem } from '@/api/problem';
import { loadSettingsWords } from '@/lib/i18n';
import { keepFor } from '@/lib/localStore';
import { useRoute, type Match } from '@/lib/router';
import { applySettings, sendToDoor } from './guard';
import { Failure } from './pages/Failure';
import { NotFound } from './pages/NotFound';
import { PageBoundary } from './PageBoundary';
import { Shell } from './shell/Shell';

const Locked = lazy(async () => ({ default: (await Promise.all([import('./pages/LockedPage'), loadSettingsWords()]))[0].LockedPage }));

/** The page of the current address, inside the shell when it takes signing in. */
export function App() {
  const match = useRoute();
  if (match?.route.open) return <Shown match={match} />;
  return <SignedIn>{match ? <Shown match={match} /> : <NotFound />}</SignedIn>;
}

function Shown({ match }: { match: Match }) {
  const Page = match.route.page?.loaded as ComponentType<{ params: object; search: object }> | undefined;
  if (!Page) return null;
  return (
    <PageBoundary key={match.path.split('/$')[0]}>
      <Page params={match.params} search={match.search} />
    </PageBoundary>
  );
}

function SignedIn({ children }: { children: React.ReactNode }) {
  const { data: me, error, refetch } = useQuery({ ...meQuery, retry: false });
  const signedOut = isProblem(error) && error.status === 401;
  useEffect(() => {
    if (!me && signedOut) void sendToDoor();
  }, [me, signedOut]);
  useEffect(() => {
    if (!me) return;
    // Somebody else signed in, in another tab perhaps: nothing that this page knows is theirs.
    if (!keepFor(me.id)) return location.reload();
    void applySettings(me);
  }, [me]);
  if (me?.must_set_up_second_step) return <Suspense><Locked /></Suspense>;
  if (me) return <Shell>{children}</Shell>;
  if (error && !signedOut) return <Failure error={error} onRetry={() => void refetch()} />;
  return null;
}
