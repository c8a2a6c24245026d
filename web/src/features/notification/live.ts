import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { realtime } from '@/api/realtime';
import { setTitleCount } from '@/lib/title';
import { notificationCountQuery, notificationKeys } from '@/api/notifications';

/** Keeps my number of unread notifications as it is, also in the title of the tab. */
export function useNotificationCount(): void {
  const queries = useQueryClient();
  const { data } = useQuery(notificationCountQuery);
  useEffect(() => {
    const renew = () => void queries.invalidateQueries({ queryKey: notificationKeys.all });
    renew(); // what changed before anybody listened
    const heard = () => {
      renew();
      void import('./sound').then(({ ring }) => ring(queries)).catch(() => undefined);
    };
    const stops = [realtime.on('notifications.changed', heard), realtime.on('hello', renew)];
    return () => stops.forEach((stop) => stop());
  }, [queries]);
  useEffect(() => setTitleCount(data?.unread ?? 0), [data]);
  useEffect(() => () => setTitleCount(0), []);
}
