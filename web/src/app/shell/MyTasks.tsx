import { useQuery } from '@tanstack/react-query';
import { taskCountQuery } from '@/features/task/queries';
import { useT } from '@/lib/i18n';
import { NavItem } from './NavItem';

/** The way to what I have to do, with how much it is. */
export function MyTasks({ collapsed }: { collapsed: boolean }) {
  const t = useT();
  const { data: count } = useQuery(taskCountQuery);
  return <NavItem target={{ to: '/tasks' }} icon="checkCircle" label={t('nav.tasks')} count={count?.open} alert={Boolean(count?.overdue)} collapsed={collapsed} />;
}
