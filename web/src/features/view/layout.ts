import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import { layoutsQuery, type Layout } from '@/api/layouts';
import { problemText } from '@/api/words';
import { useCommand } from '@/lib/commands';
import { useIsPhone } from '@/lib/media';
import { toast } from '@/ui/Toast';
import type { columnNames } from './columns';

/** A column of a table, as the server names it: one of columns.ts, or one of the shop's own fields. */
export type ColumnName = typeof columnNames[number] | `field.${string}`;

export interface ViewLayout {
  table: boolean;
  /** In their order. */
  columns: readonly ColumnName[];
  /** The property whose values are its tabs; '' = none. */
  tabs_by: string;
}

const usual: ViewLayout = { table: false, columns: ['customer', 'subject', 'status', 'assignee', 'tags', 'last_activity', 'due'], tabs_by: '' };

/** How I look at a view. */
export function useLayout(view: string): ViewLayout {
  const { data } = useQuery(layoutsQuery);
  const kept = data?.find((one) => one.view === view);
  return (kept as ViewLayout | undefined) ?? usual;
}

let writing: Promise<unknown> = Promise.resolve();

/** Keeps it for me; on screen at once. */
export async function keepLayout(queries: QueryClient, view: string, { table, columns, tabs_by }: ViewLayout): Promise<void> {
  const body = { table, columns: [...columns], tabs_by };
  queries.setQueryData<Layout[]>(layoutsQuery.queryKey, (now) => [...(now ?? []).filter((one) => one.view !== view), { view, ...body }]);
  // One after the other: the last one counts.
  const kept = (writing = writing.catch(() => undefined).then(() => api.put(`/views/layouts/${view}`, { body })));
  try {
    await kept;
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
