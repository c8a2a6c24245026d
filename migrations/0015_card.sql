-- +goose Up

-- Card numbers in what arrives in the inbox are left as they are.
ALTER TABLE inbox ADD COLUMN keep_cards {{bool}} NOT NULL DEFAULT FALSE;

-- Raw mail that held a card number: few may open it, and it is removed in the end.
CREATE TABLE sealed_mail (
  ledger_id  {{bigint}} PRIMARY KEY,
  until_at   {{bigint}} NOT NULL,
  removed    {{bool}} NOT NULL DEFAULT FALSE -- the row stays and says why there is no raw mail
);
CREATE INDEX sealed_mail_until ON sealed_mail (until_at) WHERE removed = FALSE;

-- +goose Down
