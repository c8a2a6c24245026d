import { useQuery } from '@tanstack/react-query';
import { notificationCountQuery } from '@/api/notifications';
import { keysOf, runCommand } from '@/lib/commands';
import { countLabel } from '@/lib/formats';
import { useT } from '@/lib/i18n';
import { IconButton } from '@/ui/IconButton';
import css from './Bell.module.css';

/** Opens what concerns me, and shows how much of it is unread. */
export function Bell({ size = 16 }: { size?: 16 | 20 }) {
  const t = useT();
  const { data } = useQuery(notificationCountQuery);
  const unread = data?.unread ?? 0;
  return (
    <span className={css.bell}>
      <IconButton icon="bell" size={size} label={t('nav.notifications', { count: unread })} keys={keysOf('go.notifications')} aria-haspopup="dialog" onClick={() => runCommand('go.notifications')} />
      {unread > 0 && <span className={css.badge} aria-hidden="true">{unread > 99 ? '99+' : countLabel(unread)}</span>}
    </span>
  );
}
