/** What the list is narrowed to. Everything a colleague needs to see the same stands in the address. */
export interface InboxSearch {
  /** One of the statuses, or all: what needs a reply, waits or is snoozed. */
  status?: string;
  sort?: 'newest' | 'oldest' | 'waiting' | 'urgency';
  inbox?: string;
  team?: string;
  tag?: string;
  /** An id, me or none. */
  assignee?: string;
  priority?: string;
  /** Those that have none. */
  without?: 'team' | 'tag';
  /** One of the shop's own fields and its value, as in reason:damaged; those that have none when nothing follows. */
  field?: string;
}

export interface NoSearch {
  q?: undefined;
}

export interface WordsSearch {
  q?: string;
}

export interface TokenSearch {
  token?: string;
}

declare module '@/lib/router/types' {
  /** Every address; routes.ts says what stands there. */
  interface Paths {
    '/': NoSearch;
    '/sign-in': { next?: string };
    '/setup': TokenSearch;
    '/invitation': TokenSearch;
    '/reset-password': TokenSearch;
    '/forgot-password': { email?: string };
    '/inbox/$view': InboxSearch;
    '/inbox/$view/$conversationId': InboxSearch;
    '/conversations/$conversationId': NoSearch;
    '/new': { to?: string };
    '/search': WordsSearch;
    '/customers': WordsSearch;
    '/customers/$customerId': NoSearch;
    '/tasks': NoSearch;
    '/outbox': NoSearch;
    '/start': NoSearch;
    '/settings': NoSearch;
    '/settings/me': NoSearch;
    '/settings/inboxes': NoSearch;
    '/settings/inboxes/$inboxId': NoSearch;
    '/settings/sign-in-services': NoSearch;
    '/settings/business-hours': NoSearch;
    '/settings/business-hours/$hoursId': NoSearch;
    '/settings/people': { invite?: boolean };
    '/settings/roles': NoSearch;
    '/settings/teams': NoSearch;
    '/settings/tags': NoSearch;
    '/settings/fields': NoSearch;
    '/settings/spam': NoSearch;
    '/settings/customer-rules': NoSearch;
    '/settings/replies': NoSearch;
    '/settings/tone': NoSearch;
    '/settings/views': NoSearch;
    '/settings/api-keys': NoSearch;
    '/settings/jobs': { state?: 'waiting' | 'running' };
    '/settings/ledger': NoSearch;
    '/settings/mail-sender': NoSearch;
    '/settings/translation': NoSearch;
    '/settings/audit': { subject?: string; agent?: string };
    '/settings/storage': NoSearch;
  }
}
