import type { Permission } from '@/api/types';
import { matchScore } from '@/lib/fold';
import type { MessageKey, Translate } from '@/lib/i18n';
import type { IconName } from '@/lib/icons';

/** A page of settings and the words under which its settings are found. */
export interface Place {
  to: '/settings/me' | '/settings/inboxes' | '/settings/business-hours' | '/settings/sign-in-services' | '/settings/people' | '/settings/roles' | '/settings/teams' | '/settings/tags' | '/settings/fields' | '/settings/api-keys' | '/settings/jobs' | '/settings/ledger' | '/settings/replies' | '/settings/tone' | '/settings/views' | '/settings/customer-rules' | '/settings/spam' | '/settings/storage' | '/settings/mail-sender' | '/settings/translation' | '/settings/audit';
  group: 'me' | 'channels' | 'workspace' | 'system';
  icon: IconName;
  title: MessageKey;
  needs?: Permission;
  settings: MessageKey[];
}

/** The pages in the order of the sidebar. Add the words of a new setting to its page. */
export const places: Place[] = [
  { to: '/settings/me', group: 'me', icon: 'user', title: 'settings.me', settings: [
    'profile.name', 'profile.signature', 'profile.theme', 'ui.language', 'profile.density', 'profile.undo', 'profile.single_keys', 'profile.plain', 'profile.swipes', 'notifications.settings', 'notifications.rhythm', 'notifications.quiet', 'notifications.by_sound', 'notifications.browser', 'profile.password', 'step.title', 'profile.sessions'] },
  { to: '/settings/inboxes', group: 'channels', icon: 'mail', title: 'settings.inboxes', needs: 'inboxes:manage', settings: [
    'inboxes.receiving', 'inboxes.sending', 'inboxes.test_title', 'inboxes.folders', 'inboxes.sent_folder', 'inboxes.history', 'inboxes.names', 'inboxes.aliases', 'inboxes.look',
    'inboxes.from_style', 'inboxes.from_name', 'inboxes.signature', 'inboxes.footer', 'inboxes.after', 'inboxes.reopen', 'inboxes.languages', 'inboxes.access', 'inboxes.members', 'inboxes.archive',
    'inboxes.after_fetch', 'inboxes.read_sent', 'inboxes.rescue', 'inboxes.catch_all', 'inboxes.mask_cards', 'inboxes.hourly_limit', 'inboxes.daily_limit', 'inboxes.link_over', 'inboxes.warm_up', 'inboxes.import'] },
  { to: '/settings/sign-in-services', group: 'channels', icon: 'lock', title: 'settings.sign_in_services', needs: 'settings:manage', settings: [
    'services.client_id', 'services.client_secret', 'services.scopes', 'services.redirect'] },
  { to: '/settings/business-hours', group: 'channels', icon: 'cal', title: 'settings.hours', needs: 'inboxes:manage', settings: ['hours.week', 'hours.zone', 'hours.holidays', 'hours.own_days'] },
  { to: '/settings/customer-rules', group: 'channels', icon: 'swap', title: 'settings.customer_rules', needs: 'settings:manage', settings: [] },
  { to: '/settings/spam', group: 'channels', icon: 'shield', title: 'settings.spam', needs: 'settings:manage', settings: [] },
  { to: '/settings/people', group: 'workspace', icon: 'users', title: 'settings.people', needs: 'agents:manage', settings: [
    'people.invite_title', 'people.role', 'people.inboxes', 'people.reset', 'people.deactivate', 'people.sessions', 'people.require'] },
  { to: '/settings/roles', group: 'workspace', icon: 'shield', title: 'settings.roles', settings: ['roles.new'] },
  { to: '/settings/teams', group: 'workspace', icon: 'box', title: 'settings.teams', needs: 'teams:manage', settings: ['teams.new'] },
  { to: '/settings/replies', group: 'workspace', icon: 'chat', title: 'settings.replies', settings: [] },
  { to: '/settings/tone', group: 'workspace', icon: 'smile', title: 'settings.tone', settings: ['tone.new', 'tone.kind_avoid', 'tone.kind_glossary', 'tone.kind_address', 'tone.kind_length', 'tone.kind_phrase'] },
  { to: '/settings/views', group: 'workspace', icon: 'filter', title: 'settings.views', settings: ['views.new', 'views.conditions'] },
  { to: '/settings/tags', group: 'workspace', icon: 'tag', title: 'settings.tags', needs: 'tags:manage', settings: ['tags.new', 'tags.color'] },
  { to: '/settings/fields', group: 'workspace', icon: 'pencil', title: 'settings.fields', needs: 'settings:manage', settings: ['fields.new', 'fields.required'] },
  { to: '/settings/mail-sender', group: 'system', icon: 'send', title: 'settings.sender', needs: 'settings:manage', settings: ['sender.address', 'sender.name'] },
  { to: '/settings/translation', group: 'system', icon: 'lang', title: 'settings.translation', needs: 'settings:manage', settings: ['translation.address', 'translation.key'] },
  { to: '/settings/api-keys', group: 'system', icon: 'lock', title: 'settings.api_keys', needs: 'apikeys:manage', settings: ['keys.new', 'keys.revoke'] },
  { to: '/settings/audit', group: 'system', icon: 'clock', title: 'settings.audit', needs: 'audit:read', settings: ['audit.keep'] },
  { to: '/settings/jobs', group: 'system', icon: 'table', title: 'settings.jobs', needs: 'jobs:manage', settings: [] },
  { to: '/settings/ledger', group: 'system', icon: 'seal', title: 'settings.ledger', needs: 'ledger:read', settings: ['ledger.check', 'ledger.gaps'] },
  { to: '/settings/storage', group: 'system', icon: 'disk', title: 'settings.storage', needs: 'settings:manage', settings: [] },
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
