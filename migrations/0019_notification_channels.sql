-- +goose Up

-- Whether it is shown at the bell, and the mail that is to tell of it.
ALTER TABLE notification ADD COLUMN app {{bool}} NOT NULL DEFAULT TRUE;
ALTER TABLE notification ADD COLUMN mail_due {{bigint}} NOT NULL DEFAULT 0;  -- 0 = no mail waits
ALTER TABLE notification ADD COLUMN mail_from {{bigint}} NOT NULL DEFAULT 0; -- the first message that the mail tells of
ALTER TABLE notification ADD COLUMN mail_held {{bool}} NOT NULL DEFAULT FALSE; -- until quiet hours are over or a summary is due
ALTER TABLE notification ADD COLUMN mail_id {{bigint}} NOT NULL DEFAULT 0;   -- the last one that told of it
ALTER TABLE notification ADD COLUMN mailed_at {{bigint}} NOT NULL DEFAULT 0; -- when that was; 0 = not since it is unread
CREATE INDEX notification_mail_due ON notification (mail_due) WHERE mail_due > 0;
CREATE INDEX notification_mail_id ON notification (mail_id) WHERE mail_id > 0;

-- Where else than in the console an agent is told; no row = the default of the kind.
CREATE TABLE notification_channel (
  agent_id {{bigint}} NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
  kind     TEXT NOT NULL,
  channel  TEXT NOT NULL, -- mail, push, sound
  wanted   {{bool}} NOT NULL,
  PRIMARY KEY (agent_id, kind, channel)
);

-- When an agent is told; minutes are those of a day in their time zone.
CREATE TABLE notification_rhythm (
  agent_id    {{bigint}} PRIMARY KEY REFERENCES agent (id) ON DELETE CASCADE,
  time_zone   TEXT NOT NULL DEFAULT '',     -- IANA, '' = UTC
  quiet       {{bool}} NOT NULL DEFAULT FALSE,
  quiet_from  {{bigint}} NOT NULL DEFAULT 1080,
  quiet_until {{bigint}} NOT NULL DEFAULT 540,
  mails       TEXT NOT NULL DEFAULT 'soon', -- soon, hourly, daily
  daily_at    {{bigint}} NOT NULL DEFAULT 480,
  push_words  {{bool}} NOT NULL DEFAULT FALSE -- a customer's words may pass the browser's push service
);

-- A mail that tells an agent of notifications. Its id and a signature are the
-- token by which the answer to it is known.
CREATE TABLE notification_mail (
  id              {{id}},
  agent_id        {{bigint}} NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
  conversation_id {{bigint}} NOT NULL DEFAULT 0, -- 0 = a summary of several, which cannot be answered
  note            {{bool}} NOT NULL,             -- the answer becomes a note unless it says otherwise
  seen_message    {{bigint}} NOT NULL DEFAULT 0, -- the newest of the conversation when it was written; 0 = not yet
  state           TEXT NOT NULL,                 -- queued, sent, seen, failed
  created_at      {{bigint}} NOT NULL
);
CREATE INDEX notification_mail_agent ON notification_mail (agent_id);
CREATE INDEX notification_mail_age ON notification_mail (created_at);

-- An answer to such a mail, so that the same one counts once.
CREATE TABLE notification_answer (
  ledger_id  {{bigint}} PRIMARY KEY,
  mail_id    {{bigint}} NOT NULL REFERENCES notification_mail (id) ON DELETE CASCADE,
  same_hash  {{bytes}} NOT NULL,
  message_id {{bigint}} NOT NULL DEFAULT 0, -- what it became
  at         {{bigint}} NOT NULL
);
CREATE UNIQUE INDEX notification_answer_same ON notification_answer (mail_id, same_hash);

-- A browser that is told, as long as its session lasts. The keys are its own (RFC 8291).
CREATE TABLE push_subscription (
  id         {{id}},
  agent_id   {{bigint}} NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
  session_id {{bigint}} NOT NULL REFERENCES session (id) ON DELETE CASCADE,
  endpoint   TEXT NOT NULL UNIQUE,
  p256dh     {{bytes}} NOT NULL,
  auth       {{bytes}} NOT NULL,
  created_at {{bigint}} NOT NULL
);
CREATE INDEX push_subscription_agent ON push_subscription (agent_id);
CREATE INDEX push_subscription_session ON push_subscription (session_id);

-- The installation's key pair for push services (RFC 8292).
CREATE TABLE push_key (
  id         {{bigint}} PRIMARY KEY, -- 1
  public     {{bytes}} NOT NULL,
  secret     {{bytes}} NOT NULL,     -- sealed
  created_at {{bigint}} NOT NULL
);

-- +goose Down
