import type { Permission } from '@/api/types';
import { matchScore } from '@/lib/fold';
import type { MessageKey, Translate } from '@/lib/i18n';
import type { IconName } from '@/lib/icons';

/** A page of settings and the words under which its settings are found. */
export interface Place {
  to: '/settings/me' | '/settings/inboxes' | '/settings/people' | '/settings/roles' | '/settings/teams' | '/settings/tags' | '/settings/api-keys' | '/settings/jobs' | '/settings/ledger' | '/settings/storage' | '/settings/sender' | '/settings/audit';
  icon: IconName;
  title: MessageKey;
  needs?: Permission;
  settings: MessageKey[];
}

/** Add the words of a new setting to its page. */
export const places: Place[] = [
  { to: '/settings/me', icon: 'user', title: 'settings.me', settings: [
    'profile.name', 'profile.signature', 'profile.theme', 'ui.language', 'profile.density', 'profile.undo', 'profile.single_keys', 'profile.password', 'step.title', 'profile.sessions'] },
  { to: '/settings/inboxes', icon: 'mail', title: 'settings.inboxes', needs: 'inboxes:manage', settings: [
    'inboxes.receiving', 'inboxes.sending', 'inboxes.test_title', 'inboxes.folders', 'inboxes.sent_folder', 'inboxes.history', 'inboxes.names', 'inboxes.aliases', 'inboxes.look',
    'inboxes.from_style', 'inboxes.from_name', 'inboxes.signature', 'inboxes.footer', 'inboxes.after', 'inboxes.reopen', 'inboxes.languages', 'inboxes.access', 'inboxes.members', 'inboxes.archive'] },
  { to: '/settings/people', icon: 'users', title: 'settings.people', needs: 'agents:manage', settings: [
    'people.invite_title', 'people.role', 'people.inboxes', 'people.reset', 'people.deactivate', 'people.sessions', 'people.require'] },
  { to: '/settings/roles', icon: 'shield', title: 'settings.roles', settings: ['roles.new'] },
  { to: '/settings/teams', icon: 'box', title: 'settings.teams', needs: 'teams:manage', settings: ['teams.new'] },
  { to: '/settings/tags', icon: 'tag', title: 'settings.tags', needs: 'tags:manage', settings: ['tags.new', 'tags.color'] },
  { to: '/settings/api-keys', icon: 'lock', title: 'settings.api_keys', needs: 'apikeys:manage', settings: ['keys.new', 'keys.revoke'] },
  { to: '/settings/jobs', icon: 'table', title: 'settings.jobs', needs: 'jobs:manage', settings: [] },
  { to: '/settings/ledger', icon: 'seal', title: 'settings.ledger', needs: 'ledger:read', settings: ['ledger.check', 'ledger.gaps'] },
  { to: '/settings/sender', icon: 'send', title: 'settings.sender', needs: 'settings:manage', settings: ['sender.address', 'sender.name'] },
  { to: '/settings/audit', icon: 'clock', title: 'settings.audit', needs: 'audit:read', settings: ['audit.keep'] },
  { to: '/settings/storage', icon: 'disk', title: 'settings.storage', needs: 'settings:manage', settings: [] },
];

export interface Found {
  key: MessageKey;
  place: Place;
}

/** What answers the words, in the reader's language; the best first, a page before its settings. */
export function findSettings(query: string, may: (permission: Permission) => boolean, t: Translate): Found[] {
  const all = places.filter(({ needs }) => !needs || may(needs)).flatMap((place) =>
    [place.title, ...place.settings].map((key) => ({ key, place, score: matchScore(t(key), query) })));
  return all.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score).slice(0, 12);
}
