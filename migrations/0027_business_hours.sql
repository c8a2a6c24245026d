-- +goose Up

-- A set of business hours: when the shop answers. The default is the one that is
-- there and was made it last, so that there is never none and never two.
CREATE TABLE business_hours (
  id            {{id}},
  name          TEXT NOT NULL,
  time_zone     TEXT NOT NULL, -- IANA
  week          {{json}} NOT NULL, -- seven lists of intervals, Sunday first
  country       TEXT NOT NULL DEFAULT '', -- whose public holidays it keeps
  own_days      {{json}} NOT NULL DEFAULT '[]',
  default_since {{bigint}} NOT NULL DEFAULT 0, -- counts up; the highest is the default
  deleted_at    {{bigint}} NOT NULL DEFAULT 0, -- 0 = it is there
  created_at    {{bigint}} NOT NULL,
  version       {{bigint}} NOT NULL DEFAULT 1
);

-- An inbox that keeps other hours than the default.
CREATE TABLE business_hours_inbox (
  inbox_id          {{bigint}} PRIMARY KEY REFERENCES inbox (id) ON DELETE CASCADE,
  business_hours_id {{bigint}} NOT NULL REFERENCES business_hours (id) ON DELETE CASCADE
);
CREATE INDEX business_hours_inbox_set ON business_hours_inbox (business_hours_id);

-- +goose Down
