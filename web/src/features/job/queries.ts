import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Id, Job, Page } from '@/api/types';

export type JobState = 'dead' | 'waiting' | 'running';

export const jobKeys = {
  all: ['jobs'] as const,
  list: (state: JobState) => ['jobs', 'list', state] as const,
  counts: ['jobs', 'counts'] as const,
};

// Jobs come and go by the second: what is looked at is asked anew.
const pace = 5_000;

export const jobsQuery = (state: JobState) =>
  infiniteQueryOptions({
    queryKey: jobKeys.list(state),
    queryFn: ({ signal, pageParam }) => api.get<Page<Job>>('/jobs', { query: { state, limit: 50, cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next || undefined,
    refetchInterval: pace,
    staleTime: 0,
  });

export const jobCountsQuery = queryOptions({
  queryKey: jobKeys.counts,
  queryFn: ({ signal }) => api.get<Partial<Record<JobState, number>>>('/jobs/counts', { signal }),
  refetchInterval: pace,
});

export const jobWrites = {
  retry: (id: Id) => api.post(`/jobs/${id}/retry`),
  discard: (id: Id) => api.delete(`/jobs/${id}`),
};
