-- +goose Up

-- What a mere thanks ended, so that the conversation can be put away again as it
-- was: when, and whether it was snoozed or waited for an answer. Until when it
-- would have slept is in woken_from.
ALTER TABLE conversation ADD COLUMN woken_at {{bigint}} NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN woken_status TEXT NOT NULL DEFAULT '';

-- Pending ones that come back at a moment if nobody has answered.
CREATE INDEX conversation_unanswered ON conversation (snoozed_until) WHERE status = 'pending' AND snoozed_until > 0;

-- A view leads by the value of a field where few have it. Choices, dates and
-- numbers are shorter than what is indexed.
CREATE INDEX conversation_field_value ON conversation_field (field_key, substr(value, 1, 60), conversation_id);

-- How an agent looks at a view: as a list or a table, and with which columns.
CREATE TABLE view_layout (
  agent_id {{bigint}} NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
  view     TEXT NOT NULL, -- as in the console's address: mine, team-4, saved-7
  layout   TEXT NOT NULL, -- list, table
  columns  {{json}} NOT NULL DEFAULT '[]',
  PRIMARY KEY (agent_id, view)
);

-- +goose Down
