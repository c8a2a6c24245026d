-- +goose Up

-- What agents noted about a customer, each with who and when.
CREATE TABLE customer_note (
  id          {{id}},
  customer_id {{bigint}} NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
  agent_id    {{bigint}} NOT NULL,
  text        TEXT NOT NULL,
  created_at  {{bigint}} NOT NULL,
  edited_at   {{bigint}} NOT NULL DEFAULT 0
);
CREATE INDEX customer_note_customer ON customer_note (customer_id, id);

-- What a customer allowed or forbade, never changed: the last row of a purpose and way counts.
CREATE TABLE customer_consent (
  id          {{id}},
  customer_id {{bigint}} NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
  purpose     TEXT NOT NULL, -- marketing, transactional
  way         TEXT NOT NULL, -- email, sms, phone, whatsapp, post
  given       {{bool}} NOT NULL,
  at          {{bigint}} NOT NULL, -- when they said so
  source      TEXT NOT NULL,       -- where they said so
  agent_id    {{bigint}} NOT NULL DEFAULT 0,
  recorded_at {{bigint}} NOT NULL
);
CREATE INDEX customer_consent_customer ON customer_consent (customer_id, id);

-- While a hold is in force nothing of its customer or conversation is deleted.
CREATE TABLE legal_hold (
  id          {{id}},
  subject     TEXT NOT NULL, -- customer, conversation
  subject_id  {{bigint}} NOT NULL,
  reason      TEXT NOT NULL,
  agent_id    {{bigint}} NOT NULL,
  placed_at   {{bigint}} NOT NULL,
  released_by {{bigint}} NOT NULL DEFAULT 0,
  released_at {{bigint}} NOT NULL DEFAULT 0 -- 0 = in force
);
CREATE UNIQUE INDEX legal_hold_now ON legal_hold (subject, subject_id) WHERE released_at = 0;

-- A customer who asked for what is known of them, or to be forgotten.
CREATE TABLE customer_request (
  id          {{id}},
  kind        TEXT NOT NULL, -- export, erase
  customer_id {{bigint}} NOT NULL,
  agent_id    {{bigint}} NOT NULL,
  state       TEXT NOT NULL, -- waiting, done, failed
  error       TEXT NOT NULL DEFAULT '',
  blob_key    TEXT NOT NULL DEFAULT '', -- of an export, until it is deleted
  size        {{bigint}} NOT NULL DEFAULT 0,
  created_at  {{bigint}} NOT NULL,
  finished_at {{bigint}} NOT NULL DEFAULT 0,
  expires_at  {{bigint}} NOT NULL DEFAULT 0
);
CREATE INDEX customer_request_customer ON customer_request (customer_id, id);
CREATE INDEX customer_request_blob ON customer_request (blob_key) WHERE blob_key <> '';
CREATE INDEX customer_request_expired ON customer_request (expires_at) WHERE expires_at <> 0;

ALTER TABLE customer ADD COLUMN erased_at {{bigint}} NOT NULL DEFAULT 0;

-- Why a file is not handed out, '' = it is.
ALTER TABLE attachment ADD COLUMN blocked TEXT NOT NULL DEFAULT '';

-- +goose Down
