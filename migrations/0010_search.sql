-- +goose Up

-- The words of a file, as far as they could be read. A file without a row was not read yet, or is of a kind that is not.
CREATE TABLE attachment_text (
  attachment_id {{bigint}} PRIMARY KEY REFERENCES attachment (id) ON DELETE CASCADE,
  state         TEXT NOT NULL, -- read, empty, broken, too_large, too_much
  text          TEXT NOT NULL,
  read_at       {{bigint}} NOT NULL
);

-- +goose Down
