import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import { layoutsQuery, type Layout } from '@/api/layouts';
import { problemText } from '@/api/words';
import { useCommand } from '@/lib/commands';
import { useIsPhone } from '@/lib/media';
import { toast } from '@/ui/Toast';

/** What a table can show, in the order in which it is offered. The server has the same list. */
export const columnNames = ['number', 'customer', 'subject', 'status', 'priority', 'assignee', 'team', 'inbox', 'tags', 'last_activity', 'waiting_since', 'due', 'created'] as const;

export type ColumnName = (typeof columnNames)[number];

export interface ViewLayout {
  table: boolean;
  columns: readonly ColumnName[];
}

const usual: ViewLayout = { table: false, columns: ['customer', 'subject', 'status', 'assignee', 'tags', 'last_activity', 'due'] };

/** How I look at a view. */
export function useLayout(view: string): ViewLayout {
  const { data } = useQuery(layoutsQuery);
  const kept = data?.find((one) => one.view === view);
  return kept ? { table: kept.table, columns: columnNames.filter((name) => kept.columns.includes(name)) } : usual;
}

/** Keeps it for me; on screen at once. */
export async function keepLayout(queries: QueryClient, view: string, layout: ViewLayout): Promise<void> {
  const columns = [...layout.columns];
  queries.setQueryData<Layout[]>(layoutsQuery.queryKey, (now) => [...(now ?? []).filter((one) => one.view !== view), { view, table: layout.table, columns }]);
  try {
    await api.put(`/views/layouts/${view}`, { body: { table: layout.table, columns } });
  } catch (error) {
    toast({ text: problemText(error), tone: 'bad' });
    void queries.invalidateQueries({ queryKey: layoutsQuery.queryKey });
  }
}

/** The key that changes between both. */
export function useLayoutKey(view: string, layout: ViewLayout): void {
  const queries = useQueryClient();
  const isPhone = useIsPhone();
  useCommand('list.layout', () => void keepLayout(queries, view, { ...layout, table: !layout.table }), !isPhone);
}
