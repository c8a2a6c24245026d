-- +goose Up

-- A customer who turned out to be another one, and what is needed to take that back.
ALTER TABLE customer ADD COLUMN merged_into {{bigint}};
CREATE INDEX customer_merged ON customer (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX customer_name ON customer (name);

CREATE TABLE customer_merge (
  merged_id   {{bigint}} PRIMARY KEY REFERENCES customer (id) ON DELETE CASCADE,
  survivor_id {{bigint}} NOT NULL REFERENCES customer (id) ON DELETE CASCADE, -- the one it was put into then
  agent_id    {{bigint}} NOT NULL,
  at          {{bigint}} NOT NULL,
  state       {{json}} NOT NULL -- what the survivor got, and what stayed behind
);
CREATE INDEX customer_merge_survivor ON customer_merge (survivor_id);

-- +goose Down
