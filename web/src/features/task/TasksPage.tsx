import { useInfiniteQuery } from '@tanstack/react-query';
import { useQuery } from '@tanstack/react-query';
import { can, meQuery } from '@/api/directory';
import { problemText } from '@/api/words';
import { useT } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';
import { Patient, Skeleton } from '@/ui/Skeleton';
import { myTasksQuery } from './queries';
import { TaskLine } from './TaskLine';
import css from './Task.module.css';

/** What I have to do, what is due first on top. */
export function TasksPage() {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const list = useInfiniteQuery(myTasksQuery);
  const tasks = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title={t('tasks.mine')} column>
      {list.isPending && <Patient label={t('ui.loading')}><Skeleton height={36} /><Skeleton height={36} /><Skeleton height={36} /></Patient>}
      {list.error && !list.data && <EmptyState title={t('error.page_title')} actions={<Button onClick={() => void list.refetch()}>{t('error.retry')}</Button>}>{problemText(list.error)}</EmptyState>}
      {list.data && !tasks.length && <EmptyState title={t('tasks.none')}>{t('tasks.none_text')}</EmptyState>}
      {tasks.length > 0 && <ul className={css.mine} aria-label={t('tasks.mine')}>{tasks.map((task) => <TaskLine key={task.id} task={task} mayChange={can(me, 'conversations:note')} withConversation />)}</ul>}
      {list.hasNextPage && <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('list.more')}</Button>}
    </Page>
  );
}
