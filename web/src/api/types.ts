/**
 * What the API speaks, as far as the console uses it. The generated schema.gen.ts takes over once the
 * server's openapi.json is complete; the names here stay as aliases of it.
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

export interface SessionState {
  setup_needed: boolean;
  signed_in: boolean;
  public_url: string;
  public_url_matches: boolean;
  demo: boolean;
  version: string;
}

export type Permission =
  | 'conversations:read' | 'conversations:reply' | 'conversations:note' | 'conversations:update' | 'conversations:delete'
  | 'customers:read' | 'customers:write' | 'inboxes:manage' | 'agents:manage' | 'teams:manage' | 'tags:manage'
  | 'settings:manage' | 'jobs:manage' | 'ledger:read' | 'mail:ingest' | 'metrics' | 'apikeys:manage'
  | 'search:read' | 'events:read';

export type InboxAccess = 'none' | 'own' | 'team' | 'all';

export interface Me {
  id: Id;
  name: string;
  email: string;
  role: { id: Id; key: string; name: string };
  permissions: Permission[];
  locale: string;
  theme: 'auto' | 'light' | 'dark';
  density: 'comfortable' | 'compact';
  undo_seconds: number;
  signature: string;
  single_key_shortcuts: boolean;
  team_ids: Id[];
  inboxes: { inbox_id: Id; access: InboxAccess }[];
  onboarding?: Record<string, unknown>;
}

export interface Agent {
  id: Id;
  name: string;
  email: string;
  role_id: Id;
  role_key: string;
  active: boolean;
  team_ids: Id[];
  inboxes: { inbox_id: Id; access: InboxAccess }[];
  permissions: Permission[];
  presence?: 'online' | 'away' | 'offline';
}

export interface Role {
  id: Id;
  key: string;
  name: string;
  permissions: Permission[];
}

export interface Team {
  id: Id;
  name: string;
  icon?: string;
  agent_ids: Id[];
}

export type TagColor = 'red' | 'amber' | 'green' | 'blue' | 'violet' | 'pink' | 'teal' | 'grey';

export interface Tag {
  id: Id;
  name: string;
  color: TagColor;
}

export interface MailServer {
  host: string;
  port: number;
  username: string;
  tls: 'none' | 'starttls' | 'tls';
  password_set: boolean;
}

export interface Inbox {
  id: Id;
  name: string;
  channel: string;
  brand_id: Id;
  address: string;
  aliases: string[];
  from_name: string;
  from_style: 'agent_and_shop' | 'shop';
  signature: string;
  footer: string;
  after_reply: 'pending' | 'closed' | 'open';
  reopen_days: number;
  languages: string[];
  archived_at?: Time;
  imap?: MailServer & { folders: string[]; history_days: 0 | 7 | 30 | 90; sent_folder: string };
  smtp?: MailServer;
  members: { agent_id: Id; access: InboxAccess }[];
  default_access: InboxAccess;
}

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
  version: number;
}

export interface Conversation extends ConversationItem {
  custom_fields?: Record<string, unknown>;
  followers?: Id[];
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
  bounce?: Record<string, unknown> | null;
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
  created_at: Time;
  conversations: ConversationItem[];
  hidden_conversations: number;
}
