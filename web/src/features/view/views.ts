import type { Counts } from '@/api/types';
import type { MessageKey } from '@/lib/i18n';
import type { IconName } from '@/lib/icons';

/** The views that every help desk has. The id stands in the URL and goes to the API as view=. */
export const systemViews = [
  { id: 'mine', title: 'view.mine', icon: 'inbox', count: (c) => c.mine },
  { id: 'unassigned', title: 'view.unassigned', icon: 'userDash', count: (c) => c.unassigned },
  { id: 'needs_attention', title: 'view.needs_attention', icon: 'stop', count: (c) => c.needs_attention },
  { id: 'mentions', title: 'view.mentions', icon: 'at', count: (c) => c.mentions },
  { id: 'following', title: 'view.following', icon: 'eye', count: () => 0 },
  { id: 'drafts', title: 'view.drafts', icon: 'pencil', count: (c) => c.drafts },
  { id: 'sent', title: 'view.sent', icon: 'send', count: () => 0 },
  { id: 'snoozed', title: 'view.snoozed', icon: 'moon', count: (c) => c.snoozed },
  { id: 'open', title: 'view.open', icon: 'list', count: (c) => c.all_open },
  { id: 'pending', title: 'view.pending', icon: 'pause', count: (c) => c.pending },
  { id: 'closed', title: 'view.closed', icon: 'check', count: (c) => c.closed ?? 0 },
  { id: 'all', title: 'view.all', icon: 'box', count: () => 0 },
  { id: 'spam', title: 'view.spam', icon: 'shield', count: (c) => c.spam },
  { id: 'trash', title: 'view.trash', icon: 'trash', count: (c) => c.trash },
] as const satisfies readonly SystemView[];

interface SystemView {
  id: string;
  title: MessageKey;
  icon: IconName;
  count: (counts: Counts) => number;
}

export type SystemViewId = (typeof systemViews)[number]['id'];

/** A view as the URL names it: mine, team-4, inbox-2, saved-7. */
export type View =
  | { kind: 'system'; id: SystemViewId }
  | { kind: 'team'; teamId: number }
  | { kind: 'inbox'; inboxId: number }
  | { kind: 'saved'; viewId: number };

export function parseView(text: string): View | undefined {
  const system = systemViews.find((view) => view.id === text);
  if (system) return { kind: 'system', id: system.id };
  const [, kind, id] = /^(team|inbox|saved)-([1-9]\d{0,15})$/.exec(text) ?? [];
  if (kind === 'team') return { kind, teamId: Number(id) };
  if (kind === 'inbox') return { kind, inboxId: Number(id) };
  if (kind === 'saved') return { kind, viewId: Number(id) };
  return undefined;
}

/** What the list endpoint is asked for. */
export function viewQuery(view: View): Record<string, string | number> {
  if (view.kind === 'team') return { team_id: view.teamId, status: 'open' };
  if (view.kind === 'inbox') return { inbox_id: view.inboxId, status: 'open' };
  if (view.kind === 'saved') return { view_id: view.viewId };
  return { view: view.id };
}
