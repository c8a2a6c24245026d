import type { Filled, ReplyActions } from '@/api/replies';
import type { Change } from '@/api/conversations';

// The same as the server refuses: a variable of a saved reply that had no value.
const unfilled = /\{\{\s*(?:customer|conversation|agent|inbox|order|shop|brand|business_hours)[.[][^{}\n]{1,200}\}\}/g;

/** The variables that stand in a text, or in where its links lead, without a value. */
export function missingIn(text: string): string[] {
  return [...new Set(text.match(unfilled) ?? [])];
}

/** Where the links of HTML lead. */
export const targetsIn = (html: string) => [...html.matchAll(/ href="([^"]*)"/g)].map(([, target]) => target).join('\n');

/** What a macro changes, as the conversation takes it. */
export function changeOf(actions: ReplyActions, until: string | null): Change | undefined {
  const change: Change = {};
  if (actions.status) change.status = actions.status as Change['status'];
  if (actions.priority) change.priority = actions.priority as Change['priority'];
  if (actions.assignee_id !== undefined) change.assignee_id = actions.assignee_id || null;
  if (actions.team_id !== undefined) change.team_id = actions.team_id || null;
  if (actions.add_tags?.length) change.add_tags = actions.add_tags;
  if (actions.remove_tags?.length) change.remove_tags = actions.remove_tags;
  if (until) Object.assign(change, { status: 'snoozed', snoozed_until: until });
  return Object.keys(change).length ? change : undefined;
}

/** Two changes as one; the later wins. */
export function together(first: Change | undefined, second: Change | undefined): Change | undefined {
  if (!first || !second) return first ?? second;
  const both = { ...first, ...second };
  const tags = (name: 'add_tags' | 'remove_tags') => [...new Set([...(first[name] ?? []), ...(second[name] ?? [])])];
  for (const name of ['add_tags', 'remove_tags'] as const) if (first[name] && second[name]) both[name] = tags(name);
  if (second.status && !second.snoozed_until) delete both.snoozed_until;
  return both;
}

export type { Filled };
