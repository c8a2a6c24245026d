-- +goose Up

-- A rule of the tone guide: what replies are to be like. What it looks for is in
-- settings, by its kind.
CREATE TABLE tone_rule (
  id         {{id}},
  name       TEXT NOT NULL,
  kind       TEXT NOT NULL, -- avoid, glossary, address, length, phrase
  strictness TEXT NOT NULL, -- hint, must
  enabled    {{bool}} NOT NULL DEFAULT TRUE,
  languages  {{json}} NOT NULL DEFAULT '[]', -- none = all
  inboxes    {{json}} NOT NULL DEFAULT '[]', -- none = all
  reason     TEXT NOT NULL DEFAULT '',
  settings   {{json}} NOT NULL DEFAULT '{}',
  starter    TEXT NOT NULL DEFAULT '', -- of a rule that came with the program
  deleted_at {{bigint}} NOT NULL DEFAULT 0, -- 0 = it is there
  created_at {{bigint}} NOT NULL,
  version    {{bigint}} NOT NULL DEFAULT 1
);

-- How often a reply was sent against a rule. Not by whom: this judges the rule.
CREATE TABLE tone_ignored (
  rule_id {{bigint}} NOT NULL REFERENCES tone_rule (id) ON DELETE CASCADE,
  day     {{bigint}} NOT NULL, -- its first millisecond in UTC
  times   {{bigint}} NOT NULL,
  PRIMARY KEY (rule_id, day)
);

-- +goose Down
