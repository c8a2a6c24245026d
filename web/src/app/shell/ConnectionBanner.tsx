import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { keptSince, trouble } from '@/api/client';
import { meQuery, sessionQuery } from '@/api/directory';
import { realtime } from '@/api/realtime';
import { outgoing } from '@/features/conversation/outgoing';
import { timeOfDay } from '@/lib/dates';
import { useT, Words } from '@/lib/i18n';
import { useStore } from '@/lib/store';
import { Banner } from '@/ui/Banner';

function useBrowserOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const update = () => setOnline(navigator.onLine);
    window.addEventListener('online', update);
    window.addEventListener('offline', update);
    return () => {
      window.removeEventListener('online', update);
      window.removeEventListener('offline', update);
    };
  }, []);
  return online;
}

const askAgain = 3000;

/** What keeps the server from working, or from being reached; asked anew until it is over. Then everything on screen is renewed. */
function useTrouble() {
  const queries = useQueryClient();
  const why = useStore(trouble);
  const kept = useStore(keptSince);
  useQuery({ ...meQuery, refetchInterval: why === undefined && kept === undefined ? false : askAgain });
  useEffect(() => {
    const stops = [trouble, keptSince].map((one) => one.subscribe(() => {
      if (one.get() === undefined) void queries.invalidateQueries();
    }));
    return () => stops.forEach((stop) => stop());
  }, [queries]);
  return { why, kept };
}

/** One slim line: opened under a name without live updates, no network at all, or a server that does not answer or cannot work. */
export function ConnectionBanner() {
  const t = useT();
  const online = useBrowserOnline();
  const { why, kept } = useTrouble();
  const waiting = useStore(outgoing, (all) => all.filter(({ state }) => state === 'waiting').length);
  const { stale } = useStore(realtime.status);
  const { data: session } = useQuery(sessionQuery);
  if (session?.public_url && !session.public_url_matches) {
    const there = session.public_url.replace(/\/$/, '') + location.pathname + location.search;
    return (
      <Banner tone="dark" icon="warn">
        <Words id="connection.wrong_name" values={{ name: <b>{location.host}</b>, link: <a href={there}>{session.public_url}</a> }} />
      </Banner>
    );
  }
  if (why && online) return <Banner tone="dark" icon="warn">{why}</Banner>;
  if (online && !stale && !kept) return null;
  return (
    <Banner tone="dark">
      {t(online ? 'connection.lost' : 'connection.offline')}
      {waiting > 0 && <small> {t('connection.waiting', { count: waiting })}</small>}
      {kept && <small> {t('connection.kept', { time: timeOfDay(kept) })}</small>}
    </Banner>
  );
}
