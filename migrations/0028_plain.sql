-- +goose Up

-- New replies of the agent begin as plain text, without formats.
ALTER TABLE agent ADD COLUMN plain_replies {{bool}} NOT NULL DEFAULT FALSE;

-- +goose Down
