-- +goose Up

-- A field that the shop defined for its conversations or customers. The values
-- of conversations are in conversation_field, those of customers among their attributes.
CREATE TABLE custom_field (
  id                {{id}},
  subject           TEXT NOT NULL, -- conversation, customer
  field_key         TEXT NOT NULL, -- never changes
  label             TEXT NOT NULL,
  kind              TEXT NOT NULL, -- text, number, choice, date
  choices           {{json}} NOT NULL DEFAULT '[]',
  shown_when        {{json}} NOT NULL DEFAULT '{}', -- the field and the choices with which this one is shown
  required_on_close {{bool}} NOT NULL DEFAULT FALSE,
  position          {{bigint}} NOT NULL DEFAULT 0,
  archived_at       {{bigint}} NOT NULL DEFAULT 0,
  created_at        {{bigint}} NOT NULL
);
CREATE UNIQUE INDEX custom_field_key ON custom_field (subject, field_key);

CREATE TABLE conversation_field (
  conversation_id {{bigint}} NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  field_key       TEXT NOT NULL,
  value           TEXT NOT NULL,
  PRIMARY KEY (conversation_id, field_key)
);

-- +goose Down
