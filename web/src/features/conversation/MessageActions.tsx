import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { RefObject } from 'react';
import { api } from '@/api/client';
import { conversationKeys } from '@/api/conversations';
import { directoryKeys } from '@/api/directory';
import type { Conversation, Message } from '@/api/types';
import { problemText } from '@/api/words';
import { useT } from '@/lib/i18n';
import { navigate } from '@/lib/router';
import { Menu } from '@/ui/Menu';
import { toast } from '@/ui/Toast';
import { offerQuery } from './translation';

interface Props {
  anchor: RefObject<HTMLButtonElement | null>;
  message: Message;
  mayMove: boolean;
  onTranslate: () => void;
  onClose: () => void;
}

/** Make a conversation of its own out of a message, save it as the mail it is, translate it. */
export function MessageActions({ anchor, message, mayMove, onTranslate, onClose }: Props) {
  const t = useT();
  const queries = useQueryClient();
  const { data: offer } = useQuery(offerQuery(message.conversation_id));

  const renew = () => Promise.all([
    queries.invalidateQueries({ queryKey: conversationKeys.each }), queries.invalidateQueries({ queryKey: conversationKeys.lists }),
    queries.invalidateQueries({ queryKey: directoryKeys.counts }),
  ]);
  const show = (id: number) => navigate({ to: '/conversations/$conversationId', params: { conversationId: String(id) } });
  const fail = (problem: unknown) => toast({ text: problemText(problem), tone: 'bad' });
  const split = async (later: boolean) => {
    const from = message.conversation_id;
    try {
      const made = await api.post<Conversation>(`/conversations/${from}/split`, { body: { message_id: message.id, later } });
      await renew();
      await show(made.id);
      toast({
        text: t('split.done', { number: String(made.id) }),
        undo: () => void api.post(`/conversations/${from}/merge`, { body: { conversation_ids: [made.id] } }).then(renew).then(() => show(from)).catch(fail),
      });
    } catch (problem) {
      fail(problem);
    }
  };
  const save = () => void import('./rawMail').then(({ saveMail }) => saveMail(message.id)).catch(fail);
  const isMail = message.kind !== 'note';
  return (
    <Menu
      anchor={anchor} align="end" label={t('message.menu')} onClose={onClose}
      items={[
        ...(mayMove ? [
          { label: t('split.one'), icon: 'swap', run: () => void split(false) },
          { label: t('split.later'), icon: 'arrowDown', run: () => void split(true) },
        ] as const : []),
        ...(isMail ? [{ label: t(message.kind === 'inbound' ? 'message.raw' : 'message.raw_sent'), icon: 'download', run: save, separated: mayMove }] as const : []),
        // Last, for it may come while somebody is choosing among the others.
        ...(offer?.enabled && message.text.trim() ? [{ label: t('translation.translate'), icon: 'lang', run: onTranslate, separated: true }] as const : []),
      ]}
    />
  );
}
