import { infiniteQueryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Item } from '@/api/schema';
import type { Page } from '@/api/types';

export type AuditRow = Item<'/audit'>;

export interface AuditFilter {
  subject?: string;
  agent?: string;
}

export const auditQuery = ({ subject, agent }: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', subject ?? '', agent ?? ''],
    queryFn: ({ signal, pageParam }) =>
      api.get<Page<AuditRow>>('/audit', { query: { subject, agent_id: agent, limit: 50, cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next || undefined,
    staleTime: 0,
  });
