import type { QueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Change } from '@/api/conversations';
import { directoryKeys } from '@/api/directory';
import type { ConversationItem, Id, ListedSender } from '@/api/types';
import { problemText } from '@/api/words';
import { t } from '@/lib/i18n';
import { toast } from '@/ui/Toast';
import { change, undoChange, type Names } from './actions';

interface Ways {
  /** Where the way leads from one conversation, and back to it. */
  leave?: { next: (from: Id) => void; back: (to: Id) => void };
  /** Told of those of several that could not be changed. */
  done?: (failed: ReadonlyMap<Id, string>) => void;
}

/** Puts the customers' addresses on a list and the conversations where they belong; one Undo takes back both. */
export async function listSenders(queries: QueryClient, items: ConversationItem[], kind: 'block' | 'allow', to: 'spam' | 'open', names: Names, { leave, done }: Ways): Promise<void> {
  const say = (error: unknown) => toast({ text: problemText(error), tone: 'bad' });
  const addresses = [...new Set(items.map((item) => item.customer.email.toLowerCase()).filter(Boolean))];
  if (!addresses.length) return;
  let listed: ListedSender[];
  try {
    listed = await Promise.all(addresses.map((pattern) =>
      api.post<ListedSender>('/senders', { body: { kind, pattern, ...(items.length === 1 && { conversation_id: items[0]!.id }) } })));
  } catch (error) {
    say(error);
    return;
  }
  const what = (): Change => ({ status: to });
  const recount = () => queries.invalidateQueries({ queryKey: directoryKeys.counts });
  leave?.next(items[0]!.id);
  const failed = await change(queries, items, what, names);
  void recount();
  done?.(failed);
  for (const reason of new Set(failed.values())) toast({ text: reason, tone: 'bad' });
  toast({
    text: t(kind === 'block' ? 'action.blocked' : 'action.allowed', { address: addresses[0]!, count: addresses.length }),
    undo: () => {
      void Promise.all(listed.map((one) => api.delete(`/senders/${one.id}`))).catch(say);
      void undoChange(queries, items.filter((item) => !failed.has(item.id)), what).then(recount);
      leave?.back(items[0]!.id);
    },
  });
}
