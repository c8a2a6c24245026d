-- +goose Up

-- A deleted view is kept for a while, so that deleting can be taken back.
ALTER TABLE saved_view ADD COLUMN deleted_at {{bigint}} NOT NULL DEFAULT 0;

-- The order in which an agent has the saved views.
CREATE TABLE saved_view_place (
  agent_id {{bigint}} NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
  view_id  {{bigint}} NOT NULL REFERENCES saved_view (id) ON DELETE CASCADE,
  position {{bigint}} NOT NULL,
  PRIMARY KEY (agent_id, view_id)
);

-- Somebody who is signed in and takes nothing on.
ALTER TABLE agent ADD COLUMN away {{bool}} NOT NULL DEFAULT FALSE;

-- Until when a conversation would have slept that its customer woke; 0 = none.
ALTER TABLE conversation ADD COLUMN woken_from {{bigint}} NOT NULL DEFAULT 0;

-- A change of many conversations, and what became of each.
CREATE TABLE bulk_run (
  id          {{id}},
  agent_id    {{bigint}} NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
  state       TEXT NOT NULL, -- running, done, undoing, undone
  work        {{json}} NOT NULL,
  total       {{bigint}} NOT NULL,
  created_at  {{bigint}} NOT NULL,
  finished_at {{bigint}} NOT NULL DEFAULT 0
);
CREATE INDEX bulk_run_agent ON bulk_run (agent_id, id);
CREATE INDEX bulk_run_age ON bulk_run (created_at);
CREATE TABLE bulk_item (
  run_id          {{bigint}} NOT NULL REFERENCES bulk_run (id) ON DELETE CASCADE,
  conversation_id {{bigint}} NOT NULL,
  state           TEXT NOT NULL, -- waiting, done, failed, undone
  error           TEXT NOT NULL DEFAULT '',
  message_id      {{bigint}} NOT NULL DEFAULT 0,
  was             {{json}} NOT NULL DEFAULT '{}',
  PRIMARY KEY (run_id, conversation_id)
);
CREATE INDEX bulk_item_state ON bulk_item (run_id, state, conversation_id);

-- +goose Down
