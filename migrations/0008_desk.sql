-- +goose Up

-- A conversation that was put into another one, and what is needed to take that back.
CREATE TABLE conversation_merge (
  merged_id   {{bigint}} PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE,
  survivor_id {{bigint}} NOT NULL REFERENCES conversation (id) ON DELETE CASCADE, -- the one it was put into then
  agent_id    {{bigint}} NOT NULL,
  at          {{bigint}} NOT NULL,
  state       {{json}} NOT NULL -- both as they were, and what the survivor got
);
CREATE INDEX conversation_merge_survivor ON conversation_merge (survivor_id);
CREATE INDEX conversation_merged ON conversation (merged_into) WHERE merged_into IS NOT NULL;

-- A reply that was stopped because the thread had changed; it waits for its author.
ALTER TABLE draft ADD COLUMN held {{bool}} NOT NULL DEFAULT FALSE;
CREATE INDEX draft_held ON draft (conversation_id) WHERE held = TRUE;

-- A reply for later that goes back to its author when the customer writes first.
ALTER TABLE message ADD COLUMN cancel_if_answered {{bool}} NOT NULL DEFAULT FALSE;
CREATE INDEX message_later ON message (conversation_id) WHERE cancel_if_answered = TRUE AND delivery_state = 'queued';
CREATE INDEX message_failed ON message (conversation_id) WHERE delivery_state = 'failed';
CREATE INDEX message_sent ON message (author_id, id) WHERE kind = 'outbound' AND author_type = 'agent';

CREATE TABLE saved_reply (
  id             {{id}},
  kind           TEXT NOT NULL, -- reply, macro
  name           TEXT NOT NULL,
  folder         TEXT NOT NULL DEFAULT '',
  owner_id       {{bigint}} NOT NULL REFERENCES agent (id),
  shared         {{bool}} NOT NULL DEFAULT TRUE,
  default_locale TEXT NOT NULL,
  texts          {{json}} NOT NULL, -- HTML by locale
  actions        {{json}} NOT NULL DEFAULT '{}',
  starter        TEXT NOT NULL DEFAULT '', -- which of the starter pack it is
  uses           {{bigint}} NOT NULL DEFAULT 0,
  last_used_at   {{bigint}} NOT NULL DEFAULT 0,
  reviewed_at    {{bigint}} NOT NULL DEFAULT 0,
  created_at     {{bigint}} NOT NULL,
  updated_at     {{bigint}} NOT NULL,
  version        {{bigint}} NOT NULL DEFAULT 1
);
CREATE INDEX saved_reply_owner ON saved_reply (owner_id);

-- How often, and when last, each agent used one: theirs come first.
CREATE TABLE saved_reply_use (
  agent_id {{bigint}} NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
  reply_id {{bigint}} NOT NULL REFERENCES saved_reply (id) ON DELETE CASCADE,
  uses     {{bigint}} NOT NULL DEFAULT 0,
  last_at  {{bigint}} NOT NULL DEFAULT 0,
  PRIMARY KEY (agent_id, reply_id)
);

-- Files that come with a saved reply; each use makes a copy of its own.
CREATE TABLE saved_reply_file (
  id           {{id}},
  reply_id     {{bigint}} NOT NULL REFERENCES saved_reply (id) ON DELETE CASCADE,
  name         TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size         {{bigint}} NOT NULL,
  blob_key     TEXT NOT NULL
);
CREATE INDEX saved_reply_file_reply ON saved_reply_file (reply_id);
CREATE INDEX saved_reply_file_blob ON saved_reply_file (blob_key);

CREATE TABLE saved_view (
  id         {{id}},
  name       TEXT NOT NULL,
  icon       TEXT NOT NULL DEFAULT '',
  owner_id   {{bigint}} NOT NULL REFERENCES agent (id),
  audience   TEXT NOT NULL, -- me, team, all
  team_id    {{bigint}} REFERENCES team (id) ON DELETE SET NULL,
  conditions {{json}} NOT NULL,
  sort       TEXT NOT NULL,
  counted    {{bool}} NOT NULL DEFAULT TRUE,
  created_at {{bigint}} NOT NULL,
  version    {{bigint}} NOT NULL DEFAULT 1
);
CREATE INDEX saved_view_owner ON saved_view (owner_id);

-- +goose Down
