import { parseView } from '@/features/view/views';
import { withWords } from '@/lib/i18n';
import { lazyPage, type Page, type Path, type Route } from '@/lib/router';
import type { InboxSearch, TokenSearch, WordsSearch } from './paths';

type Raw = Record<string, string>;

/** An address inside the console; anything else could send a person who just signed in to a stranger. */
export function ownAddress(text: string | undefined): string | undefined {
  return text && /^\/(?![/\\])/.test(text) ? text : undefined;
}

const sorts = ['newest', 'oldest', 'waiting', 'urgency'] as const;

const statuses = ['open', 'pending', 'snoozed', 'closed', 'spam', 'trash', 'all'];
const priorities = ['low', 'normal', 'high', 'urgent'];
const oneOf = (known: readonly string[], text: string | undefined) => known.find((one) => one === text);
const idOnly = (text: string | undefined) => (isId(text) ? text : undefined);

function inboxSearch({ status, sort, inbox, team, tag, assignee, priority, without, field }: Raw): InboxSearch {
  return {
    status: oneOf(statuses, status), sort: sorts.find((known) => known === sort), inbox: idOnly(inbox), team: idOnly(team), tag,
    assignee: assignee === 'me' || assignee === 'none' ? assignee : idOnly(assignee), priority: oneOf(priorities, priority),
    without: without === 'team' || without === 'tag' ? without : undefined, field: field?.includes(':') ? field : undefined,
  };
}

const words = ({ q }: Raw): WordsSearch => ({ q });
const token = ({ token: text }: Raw): TokenSearch => ({ token: text });
const isId = (text: string | undefined) => /^[1-9]\d{0,15}$/.test(text ?? '');

// One page for both: opening a conversation must not build the list anew.
const inboxPage = lazyPage(() => import('./pages/InboxPage').then((m) => m.InboxPage));

// A page whose words do not come with the inbox.
function quietPage(load: Page['load']): Page {
  return lazyPage(() => withWords(load()));
}

// The way between the settings comes with the page, so that both appear at once.
function settingsPage(load: Page['load']): Page {
  return quietPage(() => Promise.all([load(), import('./settings/SettingsNav')]).then(([page]) => page));
}

/** What stands at each address, each page a chunk of its own. */
export const routes: Record<Path, Route> = {
  '/': { redirect: () => ({ to: '/inbox/$view', params: { view: 'mine' } }) },

  '/sign-in': { open: true, search: ({ next }) => ({ next: ownAddress(next) }), page: quietPage(() => import('@/features/session/SignInPage').then((m) => m.SignInPage)) },
  '/setup': { open: true, search: token, page: quietPage(() => import('@/features/session/SetupPage').then((m) => m.SetupPage)) },
  '/invitation': { open: true, search: token, page: quietPage(() => import('@/features/session/InvitationPage').then((m) => m.InvitationPage)) },
  '/reset-password': { open: true, search: token, page: quietPage(() => import('@/features/session/ResetPasswordPage').then((m) => m.ResetPasswordPage)) },
  '/forgot-password': { open: true, search: ({ email }) => ({ email }), page: quietPage(() => import('@/features/session/ForgotPasswordPage').then((m) => m.ForgotPasswordPage)) },

  '/inbox/$view': { search: inboxSearch, exists: ({ view }) => parseView(view!) !== undefined, page: inboxPage },
  '/inbox/$view/$conversationId': {
    search: inboxSearch,
    exists: ({ view, conversationId }) => parseView(view!) !== undefined && isId(conversationId),
    page: inboxPage,
  },
  '/conversations/$conversationId': {
    exists: ({ conversationId }) => isId(conversationId),
    redirect: ({ conversationId }) => ({ to: '/inbox/$view/$conversationId', params: { view: 'open', conversationId: conversationId! } }),
  },
  '/new': { search: ({ to }) => ({ to }), page: quietPage(() => import('@/features/conversation/NewConversationPage').then((m) => m.NewConversationPage)) },
  '/search': { search: words, page: quietPage(() => import('@/features/search/SearchPage').then((m) => m.SearchPage)) },
  '/customers': { search: words, page: quietPage(() => import('@/features/customer/CustomersPage').then((m) => m.CustomersPage)) },
  '/customers/$customerId': {
    exists: ({ customerId }) => isId(customerId),
    page: quietPage(() => import('./pages/CustomerScreen').then((m) => m.CustomerScreen)),
  },
  '/tasks': { page: quietPage(() => import('@/features/task/TasksPage').then((m) => m.TasksPage)) },
  '/outbox': { page: quietPage(() => import('@/features/outbox/OutboxPage').then((m) => m.OutboxPage)) },

  '/start': { page: quietPage(() => import('./pages/StartPage').then((m) => m.StartPage)) },

  '/settings': { redirect: () => ({ to: '/settings/me' }) },
  '/settings/me': { page: settingsPage(() => import('./pages/ProfileScreen').then((m) => m.ProfileScreen)) },
  '/settings/inboxes': { page: settingsPage(() => import('@/features/inbox/InboxesPage').then((m) => m.InboxesPage)) },
  '/settings/inboxes/$inboxId': {
    exists: ({ inboxId }) => inboxId === 'new' || inboxId === 'connected' || isId(inboxId),
    page: settingsPage(() => import('@/features/inbox/InboxSettingsPage').then((m) => m.InboxSettingsPage)),
  },
  '/settings/business-hours': { page: settingsPage(() => import('@/features/hours/HoursPage').then((m) => m.HoursPage)) },
  '/settings/business-hours/$hoursId': {
    exists: ({ hoursId }) => hoursId === 'new' || isId(hoursId),
    page: settingsPage(() => import('@/features/hours/SetPage').then((m) => m.SetPage)),
  },
  '/settings/sign-in-services': { page: settingsPage(() => import('@/features/inbox/ServicesPage').then((m) => m.ServicesPage)) },
  '/settings/people': { search: ({ invite }) => ({ invite: invite === 'true' || undefined }), page: settingsPage(() => import('@/features/team/PeoplePage').then((m) => m.PeoplePage)) },
  '/settings/roles': { page: settingsPage(() => import('@/features/team/RolesPage').then((m) => m.RolesPage)) },
  '/settings/mail-sender': { page: settingsPage(() => import('@/features/inbox/SenderPage').then((m) => m.SenderPage)) },
  '/settings/audit': { search: ({ subject, agent }) => ({ subject, agent: idOnly(agent) }), page: settingsPage(() => import('@/features/audit/AuditPage').then((m) => m.AuditPage)) },
  '/settings/teams': { page: settingsPage(() => import('@/features/team/TeamsPage').then((m) => m.TeamsPage)) },
  '/settings/tags': { page: settingsPage(() => import('@/features/tag/TagsPage').then((m) => m.TagsPage)) },
  '/settings/fields': { page: settingsPage(() => import('@/features/field/FieldsPage').then((m) => m.FieldsPage)) },
  '/settings/spam': { page: settingsPage(() => import('@/features/sender/SpamPage').then((m) => m.SpamPage)) },
  '/settings/customer-rules': { page: settingsPage(() => import('@/features/sender/RulesPage').then((m) => m.RulesPage)) },
  '/settings/replies': { page: settingsPage(() => import('./pages/RepliesScreen').then((m) => m.RepliesScreen)) },
  '/settings/translation': { page: settingsPage(() => import('@/features/translation/TranslationPage').then((m) => m.TranslationPage)) },
  '/settings/tone': { page: settingsPage(() => import('@/features/tone/TonePage').then((m) => m.TonePage)) },
  '/settings/views': { page: settingsPage(() => import('@/features/view/ViewsPage').then((m) => m.ViewsPage)) },
  '/settings/api-keys': { page: settingsPage(() => import('@/features/team/ApiKeysPage').then((m) => m.ApiKeysPage)) },
  '/settings/jobs': { search: ({ state }) => ({ state: state === 'waiting' || state === 'running' ? state : undefined }), page: settingsPage(() => import('@/features/job/JobsPage').then((m) => m.JobsPage)) },
  '/settings/storage': { page: settingsPage(() => import('@/features/storage/StoragePage').then((m) => m.StoragePage)) },
  '/settings/ledger': { page: settingsPage(() => import('@/features/ledger/LedgerPage').then((m) => m.LedgerPage)) },
};
