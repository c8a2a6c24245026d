-- +goose Up

-- A word to an agent about an inbox; those about conversations stand in notification.
CREATE TABLE notification_inbox (
  id       {{id}},
  agent_id {{bigint}} NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
  kind     TEXT NOT NULL, -- inbox_quiet
  inbox_id {{bigint}} NOT NULL REFERENCES inbox (id) ON DELETE CASCADE,
  app      {{bool}} NOT NULL,            -- it is shown at the bell
  times    {{bigint}} NOT NULL DEFAULT 1, -- how often it happened while it was unread
  at       {{bigint}} NOT NULL,           -- the last time
  read_at  {{bigint}} NOT NULL DEFAULT 0  -- 0 = unread
);
CREATE UNIQUE INDEX notification_inbox_unread ON notification_inbox (agent_id, inbox_id, kind) WHERE read_at = 0;
CREATE INDEX notification_inbox_agent ON notification_inbox (agent_id, at, id);
CREATE INDEX notification_inbox_inbox ON notification_inbox (inbox_id);
CREATE INDEX notification_inbox_age ON notification_inbox (at);

-- +goose Down
