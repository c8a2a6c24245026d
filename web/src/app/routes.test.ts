import { describe, expect, test } from 'vitest';
import { ownAddress, routes } from './routes';
import { href, matchRoute } from '@/lib/router/match';

const at = (address: string) => matchRoute(routes, address);

describe('addresses', () => {
  test('a view with its filters is read and written alike', () => {
    const address = '/inbox/team-4/12?status=pending&sort=urgency&tag=mug&assignee=none';
    const match = at(address)!;
    expect(match.params).toEqual({ view: 'team-4', conversationId: '12' });
    expect(match.search).toMatchObject({ status: 'pending', sort: 'urgency', tag: 'mug', assignee: 'none' });
    expect(href({ to: match.path, params: match.params, search: match.search })).toBe(address);
  });

  test('what is unknown behind the question mark is dropped', () => {
    expect((at('/inbox/mine?sort=sideways&team=x&evil=1')!.search as { sort?: string }).sort).toBeUndefined();
  });

  test.each(['/inbox/nowhere', '/inbox/mine/abc', '/customers/0', '/settings/inboxes/x', '/nothing', '/inbox/%E0%A4%A'])(
    '%s names nothing', (address) => {
      expect(at(address)).toBeUndefined();
    },
  );

  test('fixed words win over parameters', () => {
    expect(at('/settings/me')!.path).toBe('/settings/me');
    expect(at('/settings/inboxes/new')!.params).toEqual({ inboxId: 'new' });
  });

  test.each(['//evil.example', '/\\evil.example', 'https://evil.example', ''])('%s is no address to return to', (address) => {
    expect(ownAddress(address)).toBeUndefined();
  });
});
