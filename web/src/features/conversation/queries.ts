/** Every key of this feature begins with “conversations”; lists and single ones are renewed apart. */
export const conversationKeys = {
  lists: ['conversations', 'list'] as const,
  list: (filter: Record<string, unknown>) => ['conversations', 'list', filter] as const,
  one: (id: number) => ['conversations', 'one', id] as const,
  detail: (id: number) => ['conversations', 'one', id, 'detail'] as const,
  messages: (id: number) => ['conversations', 'one', id, 'messages'] as const,
  draft: (id: number) => ['conversations', 'one', id, 'draft'] as const,
};
