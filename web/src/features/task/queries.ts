import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { api, newIdempotencyKey } from '@/api/client';
import type { Answer, Item, Sent } from '@/api/schema';
import type { Id, Page } from '@/api/types';

export type Task = Item<'/conversations/{id}/tasks'>;
export type NewTask = Sent<'/conversations/{id}/tasks'>['tasks'] extends (infer T)[] | null ? T : never;
export type TaskChange = Sent<'/tasks/{id}', 'patch'>;
type Count = Answer<'/tasks/count'>;

export const taskKeys = {
  all: ['tasks'] as const,
  of: (conversation: Id) => ['tasks', 'of', conversation] as const,
  mine: ['tasks', 'mine'] as const,
  count: ['tasks', 'count'] as const,
};

export const tasksQuery = (conversation: Id) =>
  queryOptions({
    queryKey: taskKeys.of(conversation),
    queryFn: async ({ signal }) => (await api.get<Page<Task>>(`/conversations/${conversation}/tasks`, { signal })).items,
    staleTime: 60_000,
  });

export const myTasksQuery = infiniteQueryOptions({
  queryKey: taskKeys.mine,
  queryFn: ({ signal, pageParam }) => api.get<Page<Task>>('/tasks', { query: { limit: 50, cursor: pageParam }, signal }),
  initialPageParam: '',
  getNextPageParam: (page) => page.next || undefined,
  staleTime: 30_000,
});

// The socket says when it changes; the clock is for what falls due by itself.
export const taskCountQuery = queryOptions({
  queryKey: taskKeys.count,
  queryFn: ({ signal }) => api.get<Count>('/tasks/count', { signal }),
  staleTime: 60_000, refetchInterval: 300_000,
});

const renew = (queries: QueryClient) => queries.invalidateQueries({ queryKey: taskKeys.all });

export function useAddTasks(conversation: Id) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (tasks: NewTask[]) => api.post<Page<Task>>(`/conversations/${conversation}/tasks`, { idempotencyKey: newIdempotencyKey(), body: { tasks } }),
    onSuccess: () => renew(queries),
  });
}

/** Changes a task, at once where it is shown, and puts it back when that fails. */
export function useChangeTask(task: Task) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: TaskChange) => api.patch<Task>(`/tasks/${task.id}`, { body: change }),
    onMutate: ({ done }) => {
      if (done !== undefined) show(queries, task.id, { done_at: done ? new Date().toISOString() : null });
    },
    onSettled: () => renew(queries),
  });
}

function show(queries: QueryClient, id: Id, fields: Partial<Task>) {
  const change = (one: Task) => (one.id === id ? { ...one, ...fields } : one);
  queries.setQueriesData<Task[]>({ queryKey: ['tasks', 'of'] }, (list) => list?.map(change));
  queries.setQueryData<InfiniteData<Page<Task>>>(taskKeys.mine, (data) => data && { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.map(change) })) });
}

export function useDeleteTask(task: Task) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: () => api.delete<void>(`/tasks/${task.id}`), onSuccess: () => renew(queries) });
}
