-- +goose Up

-- A sign-in service (Google, Microsoft or another) with the shop's own client.
CREATE TABLE mail_provider (
  id            {{id}},
  provider_key  TEXT NOT NULL UNIQUE, -- google, microsoft, other
  client_id     TEXT NOT NULL,
  client_secret {{bytes}}, -- sealed, absent for a public client
  authorize_url TEXT NOT NULL DEFAULT '', -- '' = the usual one
  token_url     TEXT NOT NULL DEFAULT '',
  scopes        {{json}} NOT NULL DEFAULT '[]',
  updated_at    {{bigint}} NOT NULL
);

-- What the owner of a mailbox allowed. State: given, revoked.
CREATE TABLE consent (
  id            {{id}},
  inbox_id      {{bigint}} NOT NULL UNIQUE REFERENCES inbox (id) ON DELETE CASCADE,
  provider_key  TEXT NOT NULL,
  state         TEXT NOT NULL,
  refresh_secret {{bytes}}, -- sealed
  access_secret {{bytes}}, -- sealed
  expires_at    {{bigint}} NOT NULL DEFAULT 0,
  agent_id      {{bigint}} NOT NULL DEFAULT 0,
  given_at      {{bigint}} NOT NULL DEFAULT 0,
  renewed_at    {{bigint}} NOT NULL DEFAULT 0,
  revoked_at    {{bigint}} NOT NULL DEFAULT 0,
  last_error    TEXT NOT NULL DEFAULT ''
);

-- A visit to the sign-in service that has not come back yet.
CREATE TABLE consent_visit (
  id           {{id}},
  state_hash   {{bytes}} NOT NULL UNIQUE,
  inbox_id     {{bigint}} NOT NULL REFERENCES inbox (id) ON DELETE CASCADE,
  provider_key TEXT NOT NULL,
  agent_id     {{bigint}} NOT NULL,
  verifier_secret {{bytes}} NOT NULL, -- sealed
  created_at   {{bigint}} NOT NULL
);
CREATE INDEX consent_visit_age ON consent_visit (created_at);

-- By what a copy of our own mail is known whose Message-ID was replaced on the way.
ALTER TABLE outbound ADD COLUMN content_hash {{bytes}};
CREATE INDEX outbound_content ON outbound (content_hash) WHERE content_hash IS NOT NULL;

ALTER TABLE inbox ADD COLUMN catch_all {{bool}} NOT NULL DEFAULT FALSE;

-- How often mail comes to an inbox.
CREATE INDEX inbound_pulse ON inbound (inbox_id, door, received_at);

-- Old mail that is brought in from a folder. State: counting, ready, running, paused, done, cancelled, failed.
CREATE TABLE mail_import (
  id           {{id}},
  inbox_id     {{bigint}} NOT NULL REFERENCES inbox (id) ON DELETE CASCADE,
  folder       TEXT NOT NULL,
  since        {{bigint}} NOT NULL,
  until        {{bigint}} NOT NULL,
  state        TEXT NOT NULL,
  dry_run      {{bool}} NOT NULL,
  sent         {{bool}} NOT NULL DEFAULT FALSE, -- the folder holds what we sent
  uid_validity {{bigint}} NOT NULL DEFAULT 0,
  next_uid     {{bigint}} NOT NULL DEFAULT 1,
  last_uid     {{bigint}} NOT NULL DEFAULT 0,
  total        {{bigint}} NOT NULL DEFAULT 0,
  total_bytes  {{bigint}} NOT NULL DEFAULT 0,
  seen         {{bigint}} NOT NULL DEFAULT 0, -- of total, whatever became of them
  kept         {{bigint}} NOT NULL DEFAULT 0,
  known        {{bigint}} NOT NULL DEFAULT 0, -- were here already
  missed       {{bigint}} NOT NULL DEFAULT 0, -- not handed over by the server
  last_error   TEXT NOT NULL DEFAULT '',
  agent_id     {{bigint}} NOT NULL DEFAULT 0,
  created_at   {{bigint}} NOT NULL,
  updated_at   {{bigint}} NOT NULL,
  finished_at  {{bigint}} NOT NULL DEFAULT 0
);
CREATE INDEX mail_import_inbox ON mail_import (inbox_id, id);

ALTER TABLE inbox ADD COLUMN sending {{json}} NOT NULL DEFAULT '';

-- How many recipients an inbox, or an account at a provider, had in a period.
CREATE TABLE send_bucket (
  name   TEXT PRIMARY KEY,
  period {{bigint}} NOT NULL,
  used   {{bigint}} NOT NULL
);

-- +goose Down
