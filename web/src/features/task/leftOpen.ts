import type { QueryClient } from '@tanstack/react-query';
import type { Id } from '@/api/types';
import { loadSettingsWords, t } from '@/lib/i18n';
import { navigate } from '@/lib/router';
import { toast } from '@/ui/Toast';
import { tasksQuery } from './queries';

const named = 3;

/** Says so when a conversation was closed although something is left to do there. */
export async function tellLeftOpen(queries: QueryClient, conversation: Id): Promise<void> {
  const [tasks] = await Promise.all([queries.fetchQuery(tasksQuery(conversation)), loadSettingsWords()]);
  const open = tasks.filter((one) => !one.done_at);
  if (!open.length) return;
  const names = open.slice(0, named).map((one) => one.text).join(' · ') + (open.length > named ? ' · …' : '');
  const show = () => void navigate({ to: '/conversations/$conversationId', params: { conversationId: String(conversation) } });
  toast({ text: t('tasks.left_open', { count: open.length, names }), action: { label: t('event.show'), run: show }, duration: 15_000 });
}
