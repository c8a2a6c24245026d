-- +goose Up

-- From this moment on it is not offered any more; 0 = it stays.
ALTER TABLE saved_reply ADD COLUMN expires_at {{bigint}} NOT NULL DEFAULT 0;

-- The name of a picture that stands in a text; '' = a file beside it.
ALTER TABLE saved_reply_file ADD COLUMN content_id TEXT NOT NULL DEFAULT '';

-- +goose Down
