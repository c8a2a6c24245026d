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
  | 'conversations:see_all' | 'customers:read' | 'customers:write' | 'search:read' | 'events:read' | 'inboxes:manage'
  | 'agents:manage' | 'teams:manage' | 'tags:manage' | 'settings:manage' | 'jobs:manage' | 'ledger:read' | 'mail:ingest'
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

export type TagColor = 'red' | 'amber' | 'green' | 'blue' | 'violet' | 'pink' | 'teal' | 'grey';

export type Tag = Item<'/tags'> & { color: TagColor };

export type Tls = 'none' | 'starttls' | 'tls';

export interface MailServer {
  host: string;
  port: number;
  username: string;
  tls: Tls;
  password_set: boolean;
}

export type HistoryDays = 0 | 7 | 30 | 90;

type Servers = 'imap' | 'smtp' | 'from_style' | 'after_reply' | 'default_access' | 'members';

/** The servers and members are there for those who may manage inboxes. */
export type Inbox = Omit<Item<'/inboxes'>, Servers> & {
  from_style: 'agent_and_shop' | 'shop';
  after_reply: 'pending' | 'closed' | 'open';
  default_access: InboxAccess;
  members: { agent_id: Id; access: InboxAccess }[];
  imap?: (MailServer & { folders: string[]; history_days: HistoryDays; sent_folder: string }) | null;
  smtp?: MailServer | null;
};

export interface Counts {
  mine: number;
  unassigned: number;
  all_open: number;
  pending: number;
  snoozed: number;
  closed?: number;
  drafts: number;
  mentions: number;
  spam: number;
  trash: number;
  needs_attention: number;
  teams: { team_id: Id; open: number }[];
  inboxes: { inbox_id: Id; open: number }[];
}

export type Status = 'open' | 'pending' | 'snoozed' | 'closed' | 'spam' | 'trash';
export type Priority = 'low' | 'normal' | 'high' | 'urgent';

export interface ConversationItem {
  id: Id;
  number: number;
  subject: string;
  preview: string;
  status: Status;
  channel: string;
  inbox_id: Id;
  brand_id: Id;
  customer: { id: Id; name: string; email: string };
  assignee_id: Id | null;
  assignee?: { id: Id; name: string } | null;
  team_id: Id | null;
  tags: Tag[];
  priority: Priority;
  unread: boolean;
  draft?: boolean;
  last_message_id: Id;
  last_activity_at: Time;
  waiting_since: Time | null;
  due_at: Time | null;
  snoozed_until?: Time | null;
  created_at?: Time;
  version: number;
}

export interface Conversation extends ConversationItem {
  team?: { id: Id; name: string } | null;
  /** People beside the customer. */
  participants?: number;
  following?: boolean;
  links?: { id: Id; number: number; subject: string; status: Status; reason: string }[];
}

/** The recipients that a reply would have. */
export interface Participants {
  to: Address[];
  cc: Address[];
  /** New people nobody has vouched for; only a tick puts them into a recipient line. */
  unverified: Address[];
  reply_from: string;
}

export interface Address {
  address: string;
  name: string;
}

export interface Attachment {
  id: Id;
  name: string;
  content_type: string;
  size: number;
  inline: boolean;
  content_id?: string;
  url: string;
  preview: boolean;
}

export type DeliveryState = 'queued' | 'sending' | 'in_doubt' | 'sent' | 'delivered' | 'failed' | 'cancelled';

export interface Delivery {
  state: DeliveryState;
  maybe_twice?: boolean;
  error?: string;
  recipients?: { address: string; state: DeliveryState; error?: string }[];
}

export interface Message {
  id: Id;
  kind: 'inbound' | 'outbound' | 'note' | 'event';
  conversation_id: Id;
  author: { type: 'customer' | 'agent' | 'system'; id?: Id; name: string; address?: string };
  to: Address[];
  cc: Address[];
  bcc: Address[];
  subject: string;
  text: string;
  html: string;
  full: boolean;
  attachments: Attachment[];
  created_at: Time;
  delivery?: Delivery | null;
  undo_until?: Time | null;
  automatic: boolean;
  bounce?: boolean | Record<string, unknown> | null;
  unverified_sender: boolean;
  has_remote_images: boolean;
  event?: { name: string; data: Record<string, unknown> } | null;
}

export interface Draft {
  kind: 'reply' | 'note';
  text: string;
  html: string;
  to: Address[];
  cc: Address[];
  bcc: Address[];
  attachment_ids: Id[];
  attachments: Attachment[];
  version: number;
  updated_at: Time;
}

export interface SearchHit {
  type: 'message' | 'conversation' | 'customer';
  id: Id;
  conversation_id?: Id;
  title: string;
  snippet: string;
  at: Time;
}

export interface Customer {
  id: Id;
  name: string;
  identities: { id: Id; kind: 'email' | 'phone' | 'handle'; value: string; verified: boolean }[];
  attributes: Record<string, unknown>;
  locale: string;
  notes: string;
  created_at: Time;
  version: number;
  /** How many conversations the caller may not see. */
  hidden_conversations?: number;
}

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
