-- +goose Up

-- The words of a file, as far as they could be read. A file without a row was not read yet, or is of a kind that is not.
CREATE TABLE attachment_text (
  attachment_id {{bigint}} PRIMARY KEY REFERENCES attachment (id) ON DELETE CASCADE,
  state         TEXT NOT NULL, -- read, empty, broken, too_large, too_much
  text          TEXT NOT NULL,
  read_at       {{bigint}} NOT NULL
);

-- Which conversations have a note.
CREATE INDEX message_note ON message (conversation_id) WHERE kind = 'note';

-- +goose Down
