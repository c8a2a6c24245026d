import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api } from '@/api/client';
import { conversationKeys } from '@/api/conversations';
import { directoryKeys } from '@/api/directory';
import type { Conversation, Message } from '@/api/types';
import { problemText } from '@/api/words';
import { useT } from '@/lib/i18n';
import { navigate } from '@/lib/router';
import { IconButton } from '@/ui/IconButton';
import { Menu } from '@/ui/Menu';
import { toast } from '@/ui/Toast';
import css from './Message.module.css';

/** What can be done with one message: make a conversation of its own out of it, and save it as the mail it is. */
export function MessageMenu({ message, mayMove }: { message: Message; mayMove: boolean }) {
  const t = useT();
  const queries = useQueryClient();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);

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
  if (!isMail && !mayMove) return null;
  return (
    <>
      <span className={css.menu}>
        <IconButton ref={anchor} icon="more" size={14} label={t('message.menu')} aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)} />
      </span>
      {open && (
        <Menu
          anchor={anchor} align="end" label={t('message.menu')} onClose={() => setOpen(false)}
          items={[
            ...(mayMove ? [
              { label: t('split.one'), icon: 'swap', run: () => void split(false) },
              { label: t('split.later'), icon: 'arrowDown', run: () => void split(true) },
            ] as const : []),
            ...(isMail ? [{ label: t(message.kind === 'inbound' ? 'message.raw' : 'message.raw_sent'), icon: 'download', run: save, separated: mayMove }] as const : []),
          ]}
        />
      )}
    </>
  );
}
