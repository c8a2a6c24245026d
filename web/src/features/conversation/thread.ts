import type { Message } from '@/api/types';

/** Something of the thread on screen: a message, or a line that says what happened. */
export interface Entry {
  message: Message;
  /** Same sender as right before: no head, no picture, a small gap. */
  follows: boolean;
}

const near = 15 * 60_000;

/** Joins messages of one sender that came one after the other. */
export function entriesOf(all: readonly Message[]): Entry[] {
  const messages = all.filter((message, at) => !goesWithReply(message, all[at - 1], all[at + 1]));
  return messages.map((message, at) => {
    const before = messages[at - 1];
    const follows = before !== undefined && message.kind !== 'event' && before.kind === message.kind
      && before.author.type === message.author.type && before.author.id === message.author.id
      && (before.author.address ?? '') === (message.author.address ?? '')
      && Date.parse(message.created_at) - Date.parse(before.created_at) < near
      && !message.automatic && !message.bounce && !message.unverified_sender;
    return { message, follows };
  });
}

const together = 3000;

// That a reply leaves the word to the customer goes without saying; a line for each would be most of the thread.
function goesWithReply(message: Message, ...around: (Message | undefined)[]): boolean {
  if (message.event?.name !== 'status_changed' || message.event.data.to !== 'pending') return false;
  return around.some((one) => one?.kind === 'outbound' && one.author.id === message.author.id
    && Math.abs(Date.parse(one.created_at) - Date.parse(message.created_at)) < together);
}

/** The newest message that I have before me: a reply says that it was written knowing this one. */
export function lastSeen(messages: readonly Message[]): number {
  return messages.reduce((last, message) => Math.max(last, message.id), 0);
}
