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

-- Permissions that did not exist when these roles were made.
UPDATE role SET permissions = REPLACE(permissions, '"conversations:update"', '"conversations:update","conversations:merge"')
  WHERE permissions LIKE '%"conversations:update"%' AND permissions NOT LIKE '%"conversations:merge"%';
UPDATE role SET permissions = REPLACE(permissions, '"tags:manage"', '"tags:manage","replies:manage","views:manage"')
  WHERE permissions LIKE '%"tags:manage"%' AND permissions NOT LIKE '%"replies:manage"%';

-- +goose Down
