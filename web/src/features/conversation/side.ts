import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { api, newIdempotencyKey } from '@/api/client';
import { conversationKeys } from '@/api/conversations';
import { ApiProblem } from '@/api/problem';
import type { Answer, Item } from '@/api/schema';
import type { Address, Attachment, Id, Message, Page } from '@/api/types';

export type Side = Item<'/conversations/{id}/side-conversations'>;
type Sent = Answer<'/side-conversations/{id}/messages', 'post'>;

const sideKey = (conversation: Id, side: Id) => [...conversationKeys.sides(conversation), side] as const;

export const sidesQuery = (conversation: Id) =>
  queryOptions({
    queryKey: conversationKeys.sides(conversation),
    queryFn: async ({ signal }) => (await api.get<Page<Side>>(`/conversations/${conversation}/side-conversations`, { signal })).items,
    staleTime: 60_000,
  });

/** The last hundred messages of one, oldest first. */
export const sideMessagesQuery = (conversation: Id, side: Id) =>
  queryOptions({
    queryKey: [...sideKey(conversation, side), 'messages'],
    queryFn: async ({ signal }) =>
      (await api.get<Page<Message>>(`/side-conversations/${side}/messages`, { query: { order: 'desc', limit: 100 }, signal })).items.toReversed(),
    staleTime: 60_000,
  });

/** What is written to somebody else, before it is sent. */
export interface Written {
  subject: string;
  to: Address[];
  cc: Address[];
  html: string;
  text: string;
  attached: Attachment[];
  /** Files of the conversation that go along as copies. */
  carried: Id[];
}

export const nothingWritten: Written = { subject: '', to: [], cc: [], html: '', text: '', attached: [], carried: [] };

export const isWritten = (one: Written) => Boolean(one.text.trim() || one.attached.length || one.carried.length);

/** Under which name what is written is kept on this device. */
export const sidePlace = (conversation: Id, side: Id | undefined) => `side:${conversation}:${side ?? 'new'}`;

/** Sends it: the first message of a new side conversation, or a further one. */
export function useSendSide(conversation: Id, side: Id | undefined) {
  const queries = useQueryClient();
  const key = useRef(newIdempotencyKey());
  return useMutation({
    mutationFn: ({ subject, to, cc, html, text, attached, carried }: Written) => {
      const body = { to, cc, html, text, attachment_ids: attached.map((file) => file.id), carry_attachment_ids: carried };
      return side === undefined
        ? api.post<Sent>(`/conversations/${conversation}/side-conversations`, { idempotencyKey: key.current, body: { ...body, subject } })
        : api.post<Sent>(`/side-conversations/${side}/messages`, { idempotencyKey: key.current, body });
    },
    meta: { handled: true },
    onSuccess: () => queries.invalidateQueries({ queryKey: conversationKeys.sides(conversation) }),
    onSettled: (_sent, error) => {
      // What was refused may be changed and sent again: that is another request.
      if (!error || (error instanceof ApiProblem && !error.offline)) key.current = newIdempotencyKey();
    },
  });
}

/** Says that one is done, or open again. */
export function useSideState(conversation: Id, side: Id) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (state: Side['state']) => api.patch<Side>(`/side-conversations/${side}`, { body: { state } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: conversationKeys.sides(conversation) }),
  });
}
