-- +goose Up

-- What administrators did. Rows are written in the transaction of the change and never changed.
CREATE TABLE audit (
  id           {{id}},
  at           {{bigint}} NOT NULL,
  actor_type   TEXT NOT NULL, -- agent, key, system
  actor_id     {{bigint}} NOT NULL DEFAULT 0, -- the agent, also behind a key
  actor_name   TEXT NOT NULL DEFAULT '',
  key_id       {{bigint}} NOT NULL DEFAULT 0,
  address      TEXT NOT NULL DEFAULT '',
  action       TEXT NOT NULL,
  subject_type TEXT NOT NULL,
  subject_id   {{bigint}} NOT NULL DEFAULT 0,
  subject_name TEXT NOT NULL DEFAULT '',
  was          {{json}} NOT NULL DEFAULT '{}',
  became       {{json}} NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_age ON audit (at);
CREATE INDEX audit_actor ON audit (actor_id, id);
CREATE INDEX audit_subject ON audit (subject_type, subject_id, id);

-- When each bucket of tries is full again; a row that is not there is full.
CREATE TABLE throttle (
  name    {{bytes}} PRIMARY KEY, -- hash
  full_at {{bigint}} NOT NULL
);
CREATE INDEX throttle_age ON throttle (full_at);

-- The second step of sign-in. Until confirmed_at it is not asked for.
CREATE TABLE totp (
  agent_id     {{bigint}} PRIMARY KEY REFERENCES agent (id) ON DELETE CASCADE,
  secret       {{bytes}} NOT NULL, -- sealed
  confirmed_at {{bigint}} NOT NULL DEFAULT 0,
  last_step    {{bigint}} NOT NULL DEFAULT 0, -- no code of this step or before counts again
  created_at   {{bigint}} NOT NULL
);
CREATE TABLE recovery_code (
  agent_id  {{bigint}} NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
  code_hash {{bytes}} NOT NULL,
  PRIMARY KEY (agent_id, code_hash)
);

-- The account from which the installation itself sends. One row, id 1.
CREATE TABLE mail_sender (
  id              {{bigint}} PRIMARY KEY,
  inbox_id        {{bigint}} NOT NULL DEFAULT 0, -- sends with this inbox's server; 0 = with its own
  address         TEXT NOT NULL DEFAULT '',
  name            TEXT NOT NULL DEFAULT '',
  smtp            {{json}} NOT NULL DEFAULT '',
  smtp_secret     {{bytes}},
  last_success_at {{bigint}} NOT NULL DEFAULT 0,
  last_error      TEXT NOT NULL DEFAULT '',
  last_error_at   {{bigint}} NOT NULL DEFAULT 0,
  version         {{bigint}} NOT NULL DEFAULT 1
);

-- A mail of the installation to one of its people. The link in it is sealed and
-- taken out once the mail was sent or given up.
CREATE TABLE notice (
  id          {{id}},
  kind        TEXT NOT NULL, -- invitation, reset, password_changed, totp_removed, test
  recipient   TEXT NOT NULL,
  locale      TEXT NOT NULL,
  words       {{json}} NOT NULL,
  link_secret {{bytes}},
  expires_at  {{bigint}} NOT NULL DEFAULT 0, -- of the link; later the mail is of no use
  invitation  {{bigint}} NOT NULL DEFAULT 0,
  rfc_id      TEXT NOT NULL,
  state       TEXT NOT NULL, -- queued, sent, failed
  error       TEXT NOT NULL DEFAULT '',
  created_at  {{bigint}} NOT NULL,
  sent_at     {{bigint}} NOT NULL DEFAULT 0
);
CREATE INDEX notice_invitation ON notice (invitation) WHERE invitation > 0;
CREATE INDEX notice_age ON notice (created_at);

ALTER TABLE agent ADD COLUMN last_seen_at {{bigint}} NOT NULL DEFAULT 0;

-- +goose Down
