import type { SavedReply } from '@/api/replies';

/** Days before its end in which somebody should look at it. */
const soon = 14;

export type Worry = 'expired' | 'expires' | 'review' | 'owner';

/** Why somebody should look at a saved reply, the worst first. */
export function worryOf(reply: SavedReply, now: number): Worry | undefined {
  if (reply.expired) return 'expired';
  if (reply.expires_at && Date.parse(reply.expires_at) - now < soon * 86_400_000) return 'expires';
  if (reply.shared && reply.owner_left) return 'owner';
  return reply.review_due ? 'review' : undefined;
}

export const sorts = ['name', 'most', 'least', 'reviewed', 'expires', 'owner'] as const;
export type Sort = (typeof sorts)[number];

const never = '9999';

/** The order of a list: by name in folders, else flat. */
export function sorted(all: readonly SavedReply[], by: Sort): SavedReply[] {
  const order: Record<Sort, (a: SavedReply, b: SavedReply) => number> = {
    name: () => 0,
    most: (a, b) => b.uses - a.uses,
    least: (a, b) => a.uses - b.uses,
    reviewed: (a, b) => (a.reviewed_at ?? '').localeCompare(b.reviewed_at ?? ''),
    expires: (a, b) => (a.expires_at ?? never).localeCompare(b.expires_at ?? never),
    owner: (a, b) => a.owner_name.localeCompare(b.owner_name),
  };
  return all.toSorted((a, b) => order[by](a, b) || a.name.localeCompare(b.name));
}
