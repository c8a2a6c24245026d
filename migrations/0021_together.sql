-- +goose Up

-- What is asked of somebody else about a conversation, such as its courier, by
-- mail of its own that the customer never sees.
CREATE TABLE side_conversation (
  id                     {{id}},
  conversation_id        {{bigint}} NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  origin_conversation_id {{bigint}} NOT NULL, -- where it was started; another one after a merge
  subject                TEXT NOT NULL,
  state                  TEXT NOT NULL, -- open, done
  recipients             {{json}} NOT NULL, -- to whom the next message goes
  agent_id               {{bigint}} NOT NULL, -- who wrote in it last
  awaited                {{bool}} NOT NULL, -- the partner has the next word
  last_activity_at       {{bigint}} NOT NULL,
  created_at             {{bigint}} NOT NULL
);
CREATE INDEX side_conversation_conversation ON side_conversation (conversation_id, id);

-- Messages of kind side_inbound and side_outbound belong to a side conversation, and keys may lead to one.
ALTER TABLE message ADD COLUMN side_id {{bigint}} NOT NULL DEFAULT 0;
CREATE INDEX message_side ON message (side_id, id) WHERE side_id > 0;
ALTER TABLE thread_key ADD COLUMN side_id {{bigint}} NOT NULL DEFAULT 0;

-- What has to be done about a conversation. due_at holds 9007199254740991 where there is no day, so that it sorts as it is.
CREATE TABLE task (
  id              {{id}},
  conversation_id {{bigint}} NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  text            TEXT NOT NULL,
  assignee_id     {{bigint}} REFERENCES agent (id),
  due_at          {{bigint}} NOT NULL,
  done_at         {{bigint}} NOT NULL DEFAULT 0, -- 0 = open
  done_by         {{bigint}} NOT NULL DEFAULT 0,
  created_by      {{bigint}} NOT NULL,
  created_at      {{bigint}} NOT NULL
);
CREATE INDEX task_conversation ON task (conversation_id, id);
CREATE INDEX task_assignee ON task (assignee_id, due_at, id) WHERE done_at = 0 AND assignee_id IS NOT NULL;

-- +goose Down
