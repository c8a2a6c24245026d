-- +goose Up

-- Versions above that this program does not know are harmless unless contracting is true.
CREATE TABLE migration_mark (
  version     {{bigint}} PRIMARY KEY,
  contracting {{bool}} NOT NULL
);

CREATE TABLE setting (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- Who does a thing that only one node may do. Times are the database's own.
CREATE TABLE lease (
  name  TEXT PRIMARY KEY,
  node  TEXT NOT NULL,
  token {{bigint}} NOT NULL,
  until {{bigint}} NOT NULL
);

CREATE TABLE job (
  id          {{id}},
  kind        TEXT NOT NULL,
  state       TEXT NOT NULL, -- waiting, running, dead
  unique_key  TEXT,
  payload     {{json}} NOT NULL,
  summary     TEXT NOT NULL DEFAULT '',
  run_at      {{bigint}} NOT NULL,
  attempts    {{bigint}} NOT NULL DEFAULT 0,
  lease_token {{bigint}} NOT NULL DEFAULT 0,
  lease_until {{bigint}} NOT NULL DEFAULT 0,
  last_error  TEXT NOT NULL DEFAULT '',
  created_at  {{bigint}} NOT NULL
);
CREATE INDEX job_due ON job (kind, state, run_at, id);
CREATE INDEX job_dead ON job (id) WHERE state = 'dead';
CREATE UNIQUE INDEX job_unique ON job (kind, unique_key) WHERE unique_key IS NOT NULL;

-- The durable feed. On PostgreSQL the order is (xid, id), read only below the oldest open transaction.
CREATE TABLE event (
  id              {{id}},
  xid             {{bigint}} NOT NULL DEFAULT {{xid}},
  type            TEXT NOT NULL,
  at              {{bigint}} NOT NULL,
  actor_type      TEXT NOT NULL,
  actor_id        {{bigint}} NOT NULL DEFAULT 0,
  conversation_id {{bigint}} NOT NULL DEFAULT 0,
  inbox_id        {{bigint}} NOT NULL DEFAULT 0,
  team_id         {{bigint}} NOT NULL DEFAULT 0,
  assignee_id     {{bigint}} NOT NULL DEFAULT 0,
  data            {{json}} NOT NULL
);
CREATE INDEX event_order ON event (xid, id);

-- Sums that would otherwise be one hot row: deltas are appended and folded.
CREATE TABLE counter (
  name  TEXT PRIMARY KEY,
  value {{bigint}} NOT NULL
);
CREATE TABLE counter_delta (
  id    {{id}},
  name  TEXT NOT NULL,
  value {{bigint}} NOT NULL
);

CREATE TABLE idempotency (
  actor      TEXT NOT NULL,
  route      TEXT NOT NULL,
  name       TEXT NOT NULL,
  body_hash  {{bytes}} NOT NULL,
  status     {{bigint}} NOT NULL DEFAULT 0, -- 0 while the first is still running
  answer     TEXT NOT NULL DEFAULT '',
  created_at {{bigint}} NOT NULL,
  PRIMARY KEY (actor, route, name)
);
CREATE INDEX idempotency_age ON idempotency (created_at);

CREATE TABLE brand (
  id         {{id}},
  name       TEXT NOT NULL,
  created_at {{bigint}} NOT NULL
);

CREATE TABLE role (
  id          {{id}},
  role_key    TEXT NOT NULL UNIQUE,
  name        TEXT NOT NULL,
  permissions {{json}} NOT NULL
);

CREATE TABLE agent (
  id                   {{id}},
  email                TEXT NOT NULL UNIQUE, -- folded to lower case
  name                 TEXT NOT NULL,
  role_id              {{bigint}} NOT NULL REFERENCES role (id),
  password_hash        TEXT NOT NULL DEFAULT '',
  locale               TEXT NOT NULL DEFAULT 'en',
  theme                TEXT NOT NULL DEFAULT 'auto',
  density              TEXT NOT NULL DEFAULT 'comfortable',
  undo_seconds         {{bigint}} NOT NULL DEFAULT 10,
  signature            TEXT NOT NULL DEFAULT '',
  single_key_shortcuts {{bool}} NOT NULL DEFAULT TRUE,
  onboarding           {{json}} NOT NULL DEFAULT '{}',
  active               {{bool}} NOT NULL DEFAULT TRUE,
  created_at           {{bigint}} NOT NULL
);

CREATE TABLE team (
  id         {{id}},
  name       TEXT NOT NULL UNIQUE,
  created_at {{bigint}} NOT NULL
);
CREATE TABLE team_member (
  team_id  {{bigint}} NOT NULL REFERENCES team (id) ON DELETE CASCADE,
  agent_id {{bigint}} NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
  PRIMARY KEY (team_id, agent_id)
);
CREATE INDEX team_member_agent ON team_member (agent_id);

CREATE TABLE session (
  id           {{id}},
  token_hash   {{bytes}} NOT NULL UNIQUE,
  agent_id     {{bigint}} NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
  user_agent   TEXT NOT NULL DEFAULT '',
  ip           TEXT NOT NULL DEFAULT '',
  created_at   {{bigint}} NOT NULL,
  last_seen_at {{bigint}} NOT NULL,
  expires_at   {{bigint}} NOT NULL
);
CREATE INDEX session_agent ON session (agent_id);
CREATE INDEX session_age ON session (expires_at);

CREATE TABLE api_key (
  id           {{id}},
  agent_id     {{bigint}} NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
  name         TEXT NOT NULL,
  prefix       TEXT NOT NULL,
  token_hash   {{bytes}} NOT NULL UNIQUE,
  scopes       {{json}} NOT NULL,
  created_at   {{bigint}} NOT NULL,
  last_used_at {{bigint}} NOT NULL DEFAULT 0,
  expires_at   {{bigint}} NOT NULL DEFAULT 0
);
CREATE INDEX api_key_agent ON api_key (agent_id);

-- Links that work once: set-up, invitation, password reset.
CREATE TABLE one_time_token (
  id         {{id}},
  purpose    TEXT NOT NULL, -- setup, invitation, reset
  subject    TEXT NOT NULL, -- e-mail address, or agent id
  token_hash {{bytes}} NOT NULL UNIQUE,
  data       {{json}} NOT NULL,
  created_by {{bigint}} NOT NULL DEFAULT 0,
  created_at {{bigint}} NOT NULL,
  expires_at {{bigint}} NOT NULL
);
CREATE INDEX one_time_token_subject ON one_time_token (purpose, subject);

CREATE TABLE inbox (
  id             {{id}},
  brand_id       {{bigint}} NOT NULL REFERENCES brand (id),
  channel        TEXT NOT NULL,
  name           TEXT NOT NULL,
  address        TEXT NOT NULL,
  from_name      TEXT NOT NULL DEFAULT '',
  from_style     TEXT NOT NULL DEFAULT 'agent_and_shop', -- or shop
  signature      TEXT NOT NULL DEFAULT '',
  footer         TEXT NOT NULL DEFAULT '',
  after_reply    TEXT NOT NULL DEFAULT 'pending',
  reopen_days    {{bigint}} NOT NULL DEFAULT 60,
  languages      {{json}} NOT NULL DEFAULT '["en","ja","tr","uk"]',
  default_access TEXT NOT NULL DEFAULT 'all', -- of agents without a row in inbox_member: all, team, own, none
  imap           {{json}} NOT NULL DEFAULT '', -- settings without the password
  imap_secret    {{bytes}},
  smtp           {{json}} NOT NULL DEFAULT '',
  smtp_secret    {{bytes}},
  reply_token    {{bool}} NOT NULL DEFAULT FALSE, -- plus-addresses came back, so they may be used
  trusted_authserv_ids {{json}} NOT NULL DEFAULT '[]', -- whose Authentication-Results are believed
  archived_at    {{bigint}} NOT NULL DEFAULT 0,
  created_at     {{bigint}} NOT NULL,
  version        {{bigint}} NOT NULL DEFAULT 1
);
-- Every address that an inbox answers to, its own included.
CREATE TABLE inbox_address (
  address  TEXT PRIMARY KEY,
  inbox_id {{bigint}} NOT NULL REFERENCES inbox (id) ON DELETE CASCADE
);
CREATE INDEX inbox_address_inbox ON inbox_address (inbox_id);
CREATE TABLE inbox_member (
  inbox_id {{bigint}} NOT NULL REFERENCES inbox (id) ON DELETE CASCADE,
  agent_id {{bigint}} NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
  access   TEXT NOT NULL, -- own, team, all, none
  PRIMARY KEY (inbox_id, agent_id)
);
CREATE INDEX inbox_member_agent ON inbox_member (agent_id);

CREATE TABLE customer (
  id         {{id}},
  name       TEXT NOT NULL DEFAULT '',
  locale     TEXT NOT NULL DEFAULT '',
  notes      TEXT NOT NULL DEFAULT '',
  attributes {{json}} NOT NULL DEFAULT '{}',
  created_at {{bigint}} NOT NULL,
  version    {{bigint}} NOT NULL DEFAULT 1
);
CREATE TABLE customer_identity (
  id          {{id}},
  customer_id {{bigint}} NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
  kind        TEXT NOT NULL, -- email, phone, handle
  value       TEXT NOT NULL, -- folded
  shown       TEXT NOT NULL, -- as written
  verified    {{bool}} NOT NULL DEFAULT FALSE,
  created_at  {{bigint}} NOT NULL,
  UNIQUE (kind, value)
);
CREATE INDEX customer_identity_customer ON customer_identity (customer_id);

CREATE TABLE tag (
  id    {{id}},
  name  TEXT NOT NULL UNIQUE,
  color TEXT NOT NULL DEFAULT 'grey'
);

-- waiting_since and due_at hold 9007199254740991 when nobody waits, so that both sort as they are.
CREATE TABLE conversation (
  id               {{id}},
  inbox_id         {{bigint}} NOT NULL REFERENCES inbox (id),
  channel          TEXT NOT NULL,
  customer_id      {{bigint}} NOT NULL REFERENCES customer (id),
  subject          TEXT NOT NULL,
  preview          TEXT NOT NULL,
  status           TEXT NOT NULL,
  priority         TEXT NOT NULL DEFAULT 'normal',
  assignee_id      {{bigint}} REFERENCES agent (id),
  team_id          {{bigint}} REFERENCES team (id),
  snoozed_until    {{bigint}} NOT NULL DEFAULT 0,
  last_activity_at {{bigint}} NOT NULL,
  waiting_since    {{bigint}} NOT NULL,
  due_at           {{bigint}} NOT NULL,
  last_message_id  {{bigint}} NOT NULL DEFAULT 0,
  last_inbound_id  {{bigint}} NOT NULL DEFAULT 0,
  read_floor       {{bigint}} NOT NULL DEFAULT 0, -- messages up to here count as read by everybody
  reply_address    TEXT NOT NULL DEFAULT '',      -- our address that the customer wrote to last
  merged_into      {{bigint}},
  closed_at        {{bigint}} NOT NULL DEFAULT 0,
  created_at       {{bigint}} NOT NULL,
  version          {{bigint}} NOT NULL DEFAULT 1
);
CREATE INDEX conversation_newest ON conversation (status, last_activity_at, id);
CREATE INDEX conversation_waiting ON conversation (status, waiting_since, id);
CREATE INDEX conversation_due ON conversation (status, due_at, id);
CREATE INDEX conversation_inbox_newest ON conversation (inbox_id, status, last_activity_at, id);
CREATE INDEX conversation_inbox_waiting ON conversation (inbox_id, status, waiting_since, id);
CREATE INDEX conversation_inbox_due ON conversation (inbox_id, status, due_at, id);
CREATE INDEX conversation_team_newest ON conversation (team_id, status, last_activity_at, id) WHERE team_id IS NOT NULL;
CREATE INDEX conversation_team_waiting ON conversation (team_id, status, waiting_since, id) WHERE team_id IS NOT NULL;
CREATE INDEX conversation_team_due ON conversation (team_id, status, due_at, id) WHERE team_id IS NOT NULL;
CREATE INDEX conversation_assignee_newest ON conversation (assignee_id, status, last_activity_at, id) WHERE assignee_id IS NOT NULL;
CREATE INDEX conversation_assignee_waiting ON conversation (assignee_id, status, waiting_since, id) WHERE assignee_id IS NOT NULL;
CREATE INDEX conversation_assignee_due ON conversation (assignee_id, status, due_at, id) WHERE assignee_id IS NOT NULL;
CREATE INDEX conversation_unassigned_newest ON conversation (last_activity_at, id) WHERE assignee_id IS NULL AND status = 'open';
CREATE INDEX conversation_unassigned_waiting ON conversation (waiting_since, id) WHERE assignee_id IS NULL AND status = 'open';
CREATE INDEX conversation_unassigned_due ON conversation (due_at, id) WHERE assignee_id IS NULL AND status = 'open';
CREATE INDEX conversation_customer ON conversation (customer_id, last_activity_at, id);
CREATE INDEX conversation_snoozed ON conversation (snoozed_until) WHERE status = 'snoozed';

CREATE TABLE conversation_tag (
  conversation_id {{bigint}} NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  tag_id          {{bigint}} NOT NULL REFERENCES tag (id) ON DELETE CASCADE,
  PRIMARY KEY (conversation_id, tag_id)
);
CREATE INDEX conversation_tag_tag ON conversation_tag (tag_id, conversation_id);

CREATE TABLE conversation_link (
  conversation_id {{bigint}} NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  other_id        {{bigint}} NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  reason          TEXT NOT NULL,
  PRIMARY KEY (conversation_id, other_id)
);

-- Who may read a conversation beyond their scope, and why.
CREATE TABLE conversation_follower (
  conversation_id {{bigint}} NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  agent_id        {{bigint}} NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
  reason          TEXT NOT NULL, -- follow, mention
  unread          {{bool}} NOT NULL DEFAULT FALSE,
  at              {{bigint}} NOT NULL,
  PRIMARY KEY (conversation_id, agent_id, reason)
);
CREATE INDEX conversation_follower_agent ON conversation_follower (agent_id, reason, at);

CREATE TABLE conversation_read (
  conversation_id {{bigint}} NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  agent_id        {{bigint}} NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
  message_id      {{bigint}} NOT NULL,
  PRIMARY KEY (conversation_id, agent_id)
);

-- People in a conversation beside its customer, with what we know of them.
CREATE TABLE conversation_participant (
  conversation_id {{bigint}} NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  address         TEXT NOT NULL,
  name            TEXT NOT NULL DEFAULT '',
  kind            TEXT NOT NULL, -- to, cc, unverified
  PRIMARY KEY (conversation_id, address)
);

CREATE TABLE message (
  id                     {{id}},
  conversation_id        {{bigint}} NOT NULL REFERENCES conversation (id),
  origin_conversation_id {{bigint}} NOT NULL,
  kind                   TEXT NOT NULL, -- inbound, outbound, note, event
  author_type            TEXT NOT NULL, -- customer, agent, system
  author_id              {{bigint}} NOT NULL DEFAULT 0,
  author_name            TEXT NOT NULL DEFAULT '',
  author_address         TEXT NOT NULL DEFAULT '',
  subject                TEXT NOT NULL DEFAULT '',
  text                   TEXT NOT NULL,
  html                   TEXT NOT NULL DEFAULT '',
  recipients             {{json}} NOT NULL DEFAULT '',
  flags                  {{bigint}} NOT NULL DEFAULT 0, -- see message.go
  rfc_id                 TEXT NOT NULL DEFAULT '',      -- Message-ID without angle brackets
  event_name             TEXT NOT NULL DEFAULT '',
  event_data             {{json}} NOT NULL DEFAULT '',
  delivery_state         TEXT NOT NULL DEFAULT '',
  delivery               {{json}} NOT NULL DEFAULT '',  -- error and each recipient
  undo_until             {{bigint}} NOT NULL DEFAULT 0,
  sanitizer_version      {{bigint}} NOT NULL DEFAULT 0,
  ledger_id              {{bigint}} NOT NULL DEFAULT 0,
  created_at             {{bigint}} NOT NULL
);
CREATE INDEX message_conversation ON message (conversation_id, id);
CREATE INDEX message_unsent ON message (delivery_state, id) WHERE delivery_state IN ('queued', 'sending', 'in_doubt', 'failed');

-- The whole text of a message whose shown text leaves out quotes and signature.
CREATE TABLE message_original (
  message_id {{bigint}} PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  text       TEXT NOT NULL,
  html       TEXT NOT NULL
);

CREATE TABLE attachment (
  id           {{id}},
  message_id   {{bigint}} REFERENCES message (id),
  agent_id     {{bigint}} NOT NULL DEFAULT 0, -- who uploaded it, while it has no message
  name         TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size         {{bigint}} NOT NULL,
  content_id   TEXT NOT NULL DEFAULT '',
  inline       {{bool}} NOT NULL DEFAULT FALSE,
  blob_key     TEXT NOT NULL,
  created_at   {{bigint}} NOT NULL
);
CREATE INDEX attachment_message ON attachment (message_id);
CREATE INDEX attachment_blob ON attachment (blob_key);
CREATE INDEX attachment_loose ON attachment (created_at) WHERE message_id IS NULL;

CREATE TABLE draft (
  conversation_id {{bigint}} NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  agent_id        {{bigint}} NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
  content         {{json}} NOT NULL,
  version         {{bigint}} NOT NULL DEFAULT 1,
  updated_at      {{bigint}} NOT NULL,
  PRIMARY KEY (conversation_id, agent_id)
);
CREATE INDEX draft_agent ON draft (agent_id, updated_at);

-- Which conversation a message id belongs to. inbox_id 0 holds the ids that we made ourselves.
CREATE TABLE thread_key (
  inbox_id        {{bigint}} NOT NULL,
  hash            {{bytes}} NOT NULL,
  conversation_id {{bigint}} NOT NULL,
  PRIMARY KEY (hash, inbox_id)
);

-- One row per mail as its sender made it: a second arrival of the same is a repeat.
CREATE TABLE same_mail (
  inbox_id        {{bigint}} NOT NULL,
  hash            {{bytes}} NOT NULL,
  conversation_id {{bigint}} NOT NULL,
  message_id      {{bigint}} NOT NULL,
  PRIMARY KEY (inbox_id, hash)
);

CREATE TABLE ledger (
  id              {{id}},
  direction       TEXT NOT NULL, -- in, out
  inbox_id        {{bigint}} NOT NULL,
  state           TEXT NOT NULL, -- in: received, threaded, dropped, dead; out: queued, sent, delivered, failed, cancelled
  reason          TEXT NOT NULL DEFAULT '',
  conversation_id {{bigint}} NOT NULL DEFAULT 0,
  message_id      {{bigint}} NOT NULL DEFAULT 0,
  uid             {{bigint}} NOT NULL DEFAULT 0,
  received_at     {{bigint}} NOT NULL,
  threaded_at     {{bigint}} NOT NULL DEFAULT 0,
  shown_at        {{bigint}} NOT NULL DEFAULT 0,
  answered_at     {{bigint}} NOT NULL DEFAULT 0,
  sent_at         {{bigint}} NOT NULL DEFAULT 0,
  delivered_at    {{bigint}} NOT NULL DEFAULT 0,
  failed_at       {{bigint}} NOT NULL DEFAULT 0
);
CREATE INDEX ledger_open ON ledger (state, id) WHERE state IN ('received', 'queued', 'dead');
CREATE INDEX ledger_message ON ledger (message_id) WHERE message_id > 0;

-- Raw mail as it arrived; id is the ledger's.
CREATE TABLE inbound (
  ledger_id   {{bigint}} PRIMARY KEY,
  inbox_id    {{bigint}} NOT NULL,
  door        TEXT NOT NULL, -- imap, smtp, lmtp, api
  unique_hash {{bytes}} NOT NULL, -- mailbox, UIDVALIDITY and UID; inbox and bytes; or a delivery
  envelope    {{json}} NOT NULL DEFAULT '',
  raw         {{bytes}}, -- zstd
  blob_key    TEXT NOT NULL DEFAULT '',
  size        {{bigint}} NOT NULL,
  received_at {{bigint}} NOT NULL
);
CREATE UNIQUE INDEX inbound_unique ON inbound (unique_hash);
CREATE INDEX inbound_blob ON inbound (blob_key) WHERE blob_key <> '';

-- A mail that goes out, rendered once. Every attempt sends these bytes.
CREATE TABLE outbound (
  message_id    {{bigint}} PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  inbox_id      {{bigint}} NOT NULL,
  rfc_id        TEXT NOT NULL,
  envelope_from TEXT NOT NULL,
  raw           {{bytes}},
  blob_key      TEXT NOT NULL DEFAULT '',
  recipients    {{json}} NOT NULL, -- address, state, error of each
  provider_id   TEXT NOT NULL DEFAULT '',
  first_try_at  {{bigint}} NOT NULL DEFAULT 0,
  sending       {{bool}} NOT NULL DEFAULT FALSE,
  created_at    {{bigint}} NOT NULL
);
CREATE INDEX outbound_rfc_id ON outbound (rfc_id);
CREATE INDEX outbound_blob ON outbound (blob_key) WHERE blob_key <> '';

-- The key that signs mail of a domain, used once its record stands in the DNS.
CREATE TABLE dkim_key (
  id         {{id}},
  domain     TEXT NOT NULL UNIQUE,
  selector   TEXT NOT NULL,
  private    {{bytes}} NOT NULL, -- sealed
  published  {{bool}} NOT NULL DEFAULT FALSE,
  checked_at {{bigint}} NOT NULL DEFAULT 0,
  created_at {{bigint}} NOT NULL
);

-- One watched folder of an inbox's mail server.
CREATE TABLE mailbox (
  id              {{id}},
  inbox_id        {{bigint}} NOT NULL REFERENCES inbox (id) ON DELETE CASCADE,
  folder          TEXT NOT NULL,
  uid_validity    {{bigint}} NOT NULL DEFAULT 0,
  next_uid        {{bigint}} NOT NULL DEFAULT 0,
  history_until   {{bigint}} NOT NULL DEFAULT 0, -- UIDs below this belong to the history asked for
  connected_at    {{bigint}} NOT NULL DEFAULT 0,
  oldest_wanted   {{bigint}} NOT NULL DEFAULT 0, -- INTERNALDATE before this is "before connection"
  last_success_at {{bigint}} NOT NULL DEFAULT 0,
  last_error      TEXT NOT NULL DEFAULT '',
  last_error_at   {{bigint}} NOT NULL DEFAULT 0,
  backlog         {{bigint}} NOT NULL DEFAULT 0,
  idle            {{bool}} NOT NULL DEFAULT FALSE,
  missing         {{json}} NOT NULL DEFAULT '[]', -- UIDs that the last comparison found on the server and not here
  UNIQUE (inbox_id, folder)
);

-- +goose Down
