-- +goose Up

-- A word to an agent that something concerns them.
CREATE TABLE notification (
  id              {{id}},
  agent_id        {{bigint}} NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
  kind            TEXT NOT NULL, -- mention, assigned, customer_reply, reply_failed, reply_held
  conversation_id {{bigint}} NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  message_id      {{bigint}} NOT NULL, -- who has read the conversation up to here has seen it
  actor_type      TEXT NOT NULL,       -- agent, customer, system
  actor_id        {{bigint}} NOT NULL DEFAULT 0,
  times           {{bigint}} NOT NULL DEFAULT 1, -- how often it happened while it was unread
  at              {{bigint}} NOT NULL,           -- the last time
  read_at         {{bigint}} NOT NULL DEFAULT 0  -- 0 = unread
);
CREATE UNIQUE INDEX notification_unread ON notification (agent_id, conversation_id, kind) WHERE read_at = 0;
CREATE INDEX notification_unread_at ON notification (agent_id, at, id) WHERE read_at = 0;
CREATE INDEX notification_agent ON notification (agent_id, at, id);
CREATE INDEX notification_conversation ON notification (conversation_id);
CREATE INDEX notification_age ON notification (at);

-- What an agent does not want to be told; no row = they do.
CREATE TABLE notification_setting (
  agent_id {{bigint}} NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
  kind     TEXT NOT NULL,
  app      {{bool}} NOT NULL, -- in the console
  PRIMARY KEY (agent_id, kind)
);

-- +goose Down
