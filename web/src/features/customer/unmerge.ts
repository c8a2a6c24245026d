import { useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Customer, Id } from '@/api/types';
import { problemText } from '@/api/words';
import { useT } from '@/lib/i18n';
import { toast } from '@/ui/Toast';
import { customerKeys } from './queries';

/** How people know a customer. */
export const titleOf = (one: Pick<Customer, 'name' | 'identities' | 'id'>) => one.name || one.identities[0]?.value || `#${one.id}`;

/** Takes the merge of a customer back and says so. */
export function useUnmerge() {
  const t = useT();
  const queries = useQueryClient();
  return async (id: Id, name: string) => {
    try {
      await api.post(`/customers/${id}/unmerge`);
      toast({ text: t('merge.people_undone', { name }) });
    } catch (problem) {
      toast({ text: problemText(problem), tone: 'bad' });
    }
    await Promise.all([queries.invalidateQueries({ queryKey: customerKeys.all }), queries.invalidateQueries({ queryKey: ['conversations'] })]);
  };
}
