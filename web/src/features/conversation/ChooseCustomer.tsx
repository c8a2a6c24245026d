import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import { conversationKeys, conversationQuery, renewConversation } from '@/api/conversations';
import { can, meQuery } from '@/api/directory';
import type { Address, Id } from '@/api/types';
import { problemText } from '@/api/words';
import { useT } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { toast } from '@/ui/Toast';

/** Offers to make somebody whom a mail names the customer. Nothing happens by itself. */
export function ChooseCustomer({ conversation: id, who }: { conversation: Id; who: Address }) {
  const t = useT();
  const queries = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const { data: conversation } = useQuery(conversationQuery(id));
  const choose = useMutation({
    mutationFn: (person: Address) => api.post(`/conversations/${id}/customer`, { body: { name: person.name, address: person.address } }),
    onSettled: async () => {
      await renewConversation(queries, id);
      await queries.invalidateQueries({ queryKey: conversationKeys.messages(id) });
      await queries.invalidateQueries({ queryKey: conversationKeys.participants(id) });
    },
    onError: (error) => toast({ text: problemText(error), tone: 'bad' }),
    meta: { handled: true },
  });
  if (!conversation || !can(me, 'conversations:update') || conversation.customer.email.toLowerCase() === who.address.toLowerCase()) return null;
  const was = { name: conversation.customer.name, address: conversation.customer.email };
  const name = who.name || who.address;
  return (
    <Button
      size="sm" busy={choose.isPending}
      onClick={() => choose.mutate(who, { onSuccess: () => toast({ text: t('facts.chosen', { name }), undo: () => choose.mutate(was) }) })}
    >
      {t('facts.choose')}
    </Button>
  );
}
