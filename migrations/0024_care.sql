-- +goose Up

-- A file that holds a card number is opened by few until then and deleted afterwards; 0 = it stays.
ALTER TABLE attachment ADD COLUMN withheld_until {{bigint}} NOT NULL DEFAULT 0;
CREATE INDEX attachment_withheld ON attachment (withheld_until) WHERE withheld_until <> 0;

-- A file that waits for the virus scanner, and what the scanner found in it.
ALTER TABLE attachment ADD COLUMN unchecked {{bool}} NOT NULL DEFAULT FALSE;
ALTER TABLE attachment ADD COLUMN malware TEXT NOT NULL DEFAULT '';
CREATE INDEX attachment_unchecked ON attachment (id) WHERE unchecked = TRUE;

-- +goose Down
