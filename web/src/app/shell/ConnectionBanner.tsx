import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { sessionQuery } from '@/api/directory';
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

/** One slim line: opened under a name without live updates, no network at all, or a server that has not answered for five seconds. */
export function ConnectionBanner() {
  const t = useT();
  const online = useBrowserOnline();
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
  if (online && !stale) return null;
  return <Banner tone="dark">{online ? t('connection.lost') : t('connection.offline')}</Banner>;
}
