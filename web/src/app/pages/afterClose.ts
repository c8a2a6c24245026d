import type { QueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import { conversationQuery } from '@/api/conversations';
import type { Conversation, Id } from '@/api/types';
import { problemText } from '@/api/words';
import { tellLeftOpen } from '@/features/task/leftOpen';
import { ticked } from '@/features/view/state';
import { runCommand } from '@/lib/commands';
import { loadSettingsWords, t } from '@/lib/i18n';
import { toast } from '@/ui/Toast';

/** What is left when a conversation was closed: tasks, and the conversations that were a part of it. */
export async function afterClose(queries: QueryClient, id: Id): Promise<void> {
  await Promise.all([tellLeftOpen(queries, id), offerParts(queries, id)]);
}

// An incident is over: everybody who asked about it can be told at once.
async function offerParts(queries: QueryClient, id: Id): Promise<void> {
  const [whole] = await Promise.all([queries.fetchQuery(conversationQuery(id)), loadSettingsWords()]);
  const parts = (whole.links ?? []).filter((one) => one.reason === 'has_part' && !['closed', 'spam', 'trash'].includes(one.status));
  if (!parts.length) return;
  const answer = async () => {
    try {
      const items = await Promise.all(parts.map((one) => api.get<Conversation>(`/conversations/${one.id}`)));
      ticked.set(new Map(items.map((item) => [item.id, item])));
      // The command is there once the page has seen what is ticked.
      setTimeout(() => runCommand('conversation.reply'));
    } catch (error) {
      toast({ text: problemText(error), tone: 'bad' });
    }
  };
  toast({ text: t('links.parts_open', { count: parts.length }), action: { label: t('links.answer'), run: () => void answer() }, duration: 15_000 });
}
