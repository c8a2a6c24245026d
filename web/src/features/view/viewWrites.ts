import type { QueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import { viewKeys, type SavedView } from '@/api/views';
import { problemText } from '@/api/words';
import type { Translate } from '@/lib/i18n';
import { toast } from '@/ui/Toast';

/** Deletes a saved view at once; Undo brings it back as it was. */
export async function deleteView(queries: QueryClient, t: Translate, view: SavedView, onUndone?: () => void): Promise<boolean> {
  const renew = () => queries.invalidateQueries({ queryKey: viewKeys.all });
  const fail = (error: unknown) => toast({ text: problemText(error), tone: 'bad' });
  try {
    await api.delete(`/views/${view.id}`);
  } catch (error) {
    fail(error);
    return false;
  }
  void renew();
  toast({
    text: t('views.deleted', { name: view.name }),
    undo: () => void api.post(`/views/${view.id}/restore`).then(renew).then(onUndone).catch(fail),
  });
  return true;
}

/** Keeps my own order of the views; the list shows it before the server has answered. */
export async function orderViews(queries: QueryClient, views: readonly SavedView[]): Promise<void> {
  queries.setQueryData<SavedView[]>(viewKeys.list, [...views]);
  try {
    await api.post('/views/order', { body: { ids: views.map(({ id }) => id) } });
  } catch (error) {
    toast({ text: problemText(error), tone: 'bad' });
    void queries.invalidateQueries({ queryKey: viewKeys.list });
  }
}

/** The name of a copy that stands beside others. */
export function copyName(t: Translate, name: string, taken: readonly string[]): string {
  const first = t('views.copy_name', { name });
  for (let n = 2, next = first; ; n++) {
    if (!taken.includes(next)) return [...next].slice(0, 80).join('');
    next = `${first} ${n}`;
  }
}

