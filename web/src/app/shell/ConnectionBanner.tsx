import { useEffect, useState } from 'react';
import { realtime } from '@/api/realtime';
import { useT } from '@/lib/i18n';
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

/** One slim line: no network at all, or a server that has not answered for five seconds. */
export function ConnectionBanner() {
  const t = useT();
  const online = useBrowserOnline();
  const { stale } = useStore(realtime.status);
  if (online && !stale) return null;
  return <Banner tone="dark">{online ? t('connection.lost') : t('connection.offline')}</Banner>;
}
