import type { QueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Page } from '@/api/types';
import { notificationSettingsQuery, rhythmQuery, type Notification, type NotificationKind } from './queries';
import { isQuiet } from './quiet';

const heardKey = 'deskbell.sound';

/** Two notes for each event, in hertz: what failed falls, the rest rises. */
const notes: Record<NotificationKind, [number, number]> = {
  mention: [660, 880], assigned: [523, 659], customer_reply: [587, 784], side_reply: [587, 740], task_assigned: [523, 698], reply_failed: [440, 330], reply_held: [494, 392], draft_taken: [494, 587], inbox_quiet: [392, 330],
};

/** What is older is no news, however late this tab hears of it; clocks may differ by as much. */
const fresh = 60_000;

/** Sounds for what is new, where I want that, outside my quiet hours and in one tab alone. */
export async function ring(queries: QueryClient, play = sound, now = Date.now()): Promise<void> {
  const [settings, rhythm, page] = await Promise.all([
    queries.ensureQueryData(notificationSettingsQuery), queries.ensureQueryData(rhythmQuery),
    api.get<Page<Notification>>('/notifications', { query: { unread: true, limit: 20 } }),
  ]);
  const wanted = new Set((settings.items ?? []).filter(({ app, sound }) => app && sound).map(({ kind }) => kind));
  const newest = (page.items ?? []).find(({ kind, at }) => wanted.has(kind) && Date.parse(at) > now - fresh);
  if (!newest || isQuiet(rhythm, new Date(now))) return;
  await alone(() => {
    if ((localStorage.getItem(heardKey) ?? '') >= newest.at) return;
    localStorage.setItem(heardKey, newest.at);
    play(newest.kind);
  });
}

// All tabs hear of the same at the same moment; one after the other looks whether it was sounded.
async function alone(act: () => void): Promise<void> {
  const { locks } = navigator as { locks?: LockManager | null }; // only where the address is secure
  if (locks) await locks.request(heardKey, act);
  else act();
}

function sound(kind: NotificationKind): void {
  const context = new AudioContext();
  const volume = context.createGain();
  volume.connect(context.destination);
  volume.gain.setValueAtTime(0.12, context.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + 0.45);
  notes[kind].forEach((hertz, i) => {
    const note = context.createOscillator();
    note.frequency.value = hertz;
    note.connect(volume);
    note.start(context.currentTime + i * 0.14);
    note.stop(context.currentTime + 0.46);
    note.onended = i ? () => void context.close() : null;
  });
}
