import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { trouble } from '@/api/client';
import { meQuery, sessionQuery } from '@/api/directory';
import { realtime } from '@/api/realtime';
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

/** What keeps the server from working, asked anew until it is over; then everything on screen is renewed. */
function useTrouble(): string | undefined {
  const queries = useQueryClient();
  const now = useStore(trouble);
  useQuery({ ...meQuery, refetchInterval: now === undefined ? false : askAgain });
  useEffect(() => trouble.subscribe(() => {
    if (trouble.get() === undefined) void queries.invalidateQueries();
  }), [queries]);
  return now;
}

/** One slim line: opened under a name without live updates, no network at all, or a server that does not answer or cannot work. */
export function ConnectionBanner() {
  const t = useT();
  const online = useBrowserOnline();
  const why = useTrouble();
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
  if (online && !stale) return null;
  return <Banner tone="dark">{online ? t('connection.lost') : t('connection.offline')}</Banner>;
}
