import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { can, meQuery } from '@/api/directory';
import { useT } from '@/lib/i18n';
import { Link } from '@/lib/router';
import { recall, remember } from '@/lib/storage';
import { Banner } from '@/ui/Banner';
import { IconButton } from '@/ui/IconButton';
import { storageQuery } from './queries';

const pace = 5 * 60_000;
const restKey = 'storage.few_days';
const today = () => new Date().toISOString().slice(0, 10);

/** Tells admins on every page that a disk is full, or soon will be. The second can be put away for the day. */
export function StorageBanner() {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const { data } = useQuery({ ...storageQuery, enabled: can(me, 'settings:manage'), refetchInterval: pace });
  const [rests, setRests] = useState(() => recall(restKey) === today());
  const more = <Link to="/settings/storage">{t('storage.look')}</Link>;
  switch (data?.warning) {
    case 'read_only':
      return <Banner tone="dark" icon="warn">{t('storage.read_only')} {more}</Banner>;
    case 'almost_full':
      return <Banner tone="dark" icon="warn">{t('storage.almost_full')} {more}</Banner>;
    case 'few_days': {
      if (rests) return null;
      const rest = () => {
        remember(restKey, today());
        setRests(true);
      };
      return (
        <Banner tone="dark" icon="warn" actions={<IconButton icon="x" label={t('storage.rest')} onClick={rest} />}>
          {t('storage.soon', { count: data.days_left ?? 0 })} {more}
        </Banner>
      );
    }
    default:
      return null;
  }
}
