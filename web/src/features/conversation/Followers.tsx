import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api } from '@/api/client';
import { conversationKeys } from '@/api/conversations';
import type { Item } from '@/api/schema';
import type { Conversation, Id, Page } from '@/api/types';
import { problemText } from '@/api/words';
import { keysOf, useCommand } from '@/lib/commands';
import { useT } from '@/lib/i18n';
import { Avatar } from '@/ui/Avatar';
import { Button } from '@/ui/Button';
import { IconButton } from '@/ui/IconButton';
import { Popover } from '@/ui/Popover';
import { toast } from '@/ui/Toast';
import css from './Pickers.module.css';

type Follower = Item<'/conversations/{id}/followers'>;

/** Whether I hear of this conversation, and who else does. */
export function Followers({ conversation }: { conversation: Conversation }) {
  const t = useT();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const { following, turn } = useFollowing(conversation);
  return (
    <>
      <IconButton
        ref={anchor} icon="eye" label={t('follow.title')} on={following} keys={keysOf('conversation.follow')} aria-haspopup="dialog" aria-expanded={open}
        onClick={() => setOpen(!open)}
      />
      {open && (
        <Popover anchor={anchor} align="end" label={t('follow.title')} onClose={() => setOpen(false)}>
          <div className={css.followers}>
            <FollowerList id={conversation.id} />
            <Button data-autofocus size="sm" icon={following ? 'x' : 'eye'} onClick={turn}>{t(following ? 'follow.stop' : 'follow.start')}</Button>
          </div>
        </Popover>
      )}
    </>
  );
}

const keyOf = (id: Id) => [...conversationKeys.one(id), 'followers'] as const;

function FollowerList({ id }: { id: Id }) {
  const t = useT();
  const { data } = useQuery({ queryKey: keyOf(id), queryFn: async ({ signal }) => (await api.get<Page<Follower>>(`/conversations/${id}/followers`, { signal })).items });
  if (!data) return null;
  if (!data.length) return <p className="muted">{t('follow.nobody')}</p>;
  return (
    <ul className={css.people}>
      {data.map((one) => (
        <li key={one.id}>
          <Avatar name={one.name} seed={one.id} size={20} kind="agent" />
          <bdi className="grow trunc">{one.name}</bdi>
          {!one.follows && <span className={css.when}>{t('follow.mentioned')}</span>}
        </li>
      ))}
    </ul>
  );
}

// Turns following on and off; shows at once, and back when the server says no.
function useFollowing({ id, following }: Conversation) {
  const t = useT();
  const queries = useQueryClient();
  const show = (on: boolean) => queries.setQueryData<Conversation>(conversationKeys.detail(id), (now) => now && { ...now, following: on });
  const set = (on: boolean) => {
    show(on);
    const sent = on ? api.post(`/conversations/${id}/followers/me`, { body: {} }) : api.delete(`/conversations/${id}/followers/me`);
    sent.then(
      () => void queries.invalidateQueries({ queryKey: keyOf(id) }),
      (error: unknown) => {
        show(!on);
        toast({ text: problemText(error), tone: 'bad' });
      },
    );
  };
  const turn = () => {
    set(!following);
    toast({ text: t(following ? 'follow.stopped' : 'follow.started'), undo: () => set(following) });
  };
  useCommand('conversation.follow', turn);
  return { following, turn };
}
