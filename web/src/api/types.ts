import type { Answer, Item } from './schema';

/**
 * What the API speaks, under the names that the console uses: aliases of the generated schema, narrowed where
 * the schema says less than the server promises.
 */
export type Id = number;
export type Time = string;

export interface Page<T> {
  items: T[];
  next: string;
}

export interface FieldError {
  location: string;
  message: string;
}

export type SessionState = Answer<'/session/state'>;

export type Permission =
  | 'conversations:read' | 'conversations:reply' | 'conversations:note' | 'conversations:update' | 'conversations:delete'
  | 'conversations:merge' | 'conversations:see_all' | 'customers:read' | 'customers:write' | 'customers:merge' | 'customers:export' | 'customers:erase' | 'holds:manage' | 'search:read' | 'events:read' | 'inboxes:manage'
  | 'agents:manage' | 'teams:manage' | 'tags:manage' | 'replies:manage' | 'views:manage' | 'settings:manage' | 'jobs:manage' | 'ledger:read' | 'mail:ingest'
  | 'metrics' | 'apikeys:manage' | 'audit:read';

export type InboxAccess = 'none' | 'own' | 'team' | 'all';

export type Me = Answer<'/me'>;
export type Agent = Item<'/agents'> & { presence?: 'online' | 'away' | 'offline' };
export type Role = Item<'/roles'>;
export type Team = Item<'/teams'> & { icon?: string };
export type Invitation = Item<'/invitations'>;
export type ApiKey = Item<'/api-keys'>;
export type SignedInSession = Item<'/me/sessions'>;
export type Job = Item<'/jobs'>;
export type LedgerBalance = Answer<'/ledger/balance'>;
export type Storage = Answer<'/storage'>;

export type InboxHealth = Item<'/inboxes/health'>;

export type TagColor = 'red' | 'amber' | 'green' | 'blue' | 'violet' | 'pink' | 'teal' | 'grey';

export type Tag = Item<'/tags'> & { color: TagColor };

export type CustomField = Item<'/custom-fields'>;

export type Tls = 'none' | 'starttls' | 'tls';

export interface MailServer {
  host: string;
  port: number;
  username: string;
  tls: Tls;
  password_set: boolean;
  auth: 'password' | 'consent';
}

export type AfterFetch = 'leave' | 'seen' | 'move';

export type HistoryDays = 0 | 7 | 30 | 90;

type Servers = 'imap' | 'smtp' | 'from_style' | 'after_reply' | 'default_access' | 'members';

/** The servers and members are there for those who may manage inboxes. */
export type Inbox = Omit<Item<'/inboxes'>, Servers> & {
  from_style: 'agent_and_shop' | 'shop';
  after_reply: 'pending' | 'closed' | 'open';
  default_access: InboxAccess;
  members: { agent_id: Id; access: InboxAccess }[];
  imap?: (MailServer & { folders: string[]; history_days: HistoryDays; sent_folder: string; read_sent: boolean; rescue: boolean; after_fetch: AfterFetch; move_to: string }) | null;
  smtp?: MailServer | null;
};

export type Counts = Answer<'/counts'>;

/** What may be null: the generated schema cannot say it of an object. */
type MayLack<T, K extends keyof T> = Omit<T, K> & { [P in K]: T[P] | null };

export type ConversationItem = MayLack<Item<'/conversations'>, 'assignee' | 'snooze_again'>;
export type Conversation = MayLack<Answer<'/conversations/{id}'>, 'assignee' | 'team' | 'snooze_again'>;
export type Status = ConversationItem['status'];
export type Priority = ConversationItem['priority'];

/** The recipients that a reply would have. */
export type Participants = Answer<'/conversations/{id}/participants'>;
export type Address = Participants['to'][number];

type Listed = Item<'/conversations/{id}/messages'>;

/** An event's data is as its name says, so it is read with care. */
export type Message = Omit<MayLack<Listed, 'delivery'>, 'event'> & { event?: { name: string; data: Record<string, unknown> } };
export type Attachment = Listed['attachments'][number];
export type Delivery = Listed['delivery'];
export type DeliveryState = Delivery['state'];

export type Draft = Answer<'/conversations/{id}/draft'>;
export type SearchHit = Item<'/search'>;
export type Customer = Answer<'/customers/{id}'>;
export type CustomerDuplicates = Answer<'/customers/{id}/duplicates'>;
export type CustomerMergePreview = Answer<'/customers/{id}/merge/preview', 'post'>;
export type MergeValue = CustomerMergePreview['left'][number];

export interface OutboxMail {
  id: Id;
  at: Time;
  from: string;
  to: string[] | string;
  subject: string;
  text: string;
  html: string;
  raw_url?: string;
}

/** What was found out about a mail beyond its words. */
export type MailFacts = NonNullable<Answer<'/messages/{id}'>['facts']>;
/** A blocked or allowed sender. */
export type ListedSender = Item<'/senders'>;
