-- +goose Up

-- What was found out about a mail beyond its words: its signature, an
-- invitation in it, doubts about its sender.
CREATE TABLE message_fact (
  message_id {{bigint}} PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  facts      {{json}} NOT NULL
);

-- An address that a server says does not exist, or whose owner complained.
ALTER TABLE customer_identity ADD COLUMN bounced_at {{bigint}} NOT NULL DEFAULT 0;
ALTER TABLE customer_identity ADD COLUMN bounce_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE customer_identity ADD COLUMN complained_at {{bigint}} NOT NULL DEFAULT 0;

-- Senders whose mail is spam, and senders whose mail never is.
CREATE TABLE listed_sender (
  id              {{id}},
  kind            TEXT NOT NULL, -- block, allow
  pattern         TEXT NOT NULL, -- folded: an address, or @ and a domain
  agent_id        {{bigint}} NOT NULL DEFAULT 0,
  conversation_id {{bigint}} NOT NULL DEFAULT 0, -- where an agent listed it
  created_at      {{bigint}} NOT NULL,
  UNIQUE (kind, pattern)
);

-- How the customer is taken from mail that a shop, a marketplace or a form wrote for them.
CREATE TABLE customer_rule (
  id           {{id}},
  position     {{bigint}} NOT NULL,
  name         TEXT NOT NULL,
  ready        TEXT NOT NULL DEFAULT '', -- of a rule that came with the program
  enabled      {{bool}} NOT NULL DEFAULT TRUE,
  senders      {{json}} NOT NULL, -- patterns of From
  subject      TEXT NOT NULL DEFAULT '', -- words that stand in the subject
  sources      {{json}} NOT NULL, -- sender, reply_to, original_from, form, in the order of trying
  mail_labels  {{json}} NOT NULL DEFAULT '[]', -- labels of a form's field with the address
  name_labels  {{json}} NOT NULL DEFAULT '[]',
  created_at   {{bigint}} NOT NULL,
  version      {{bigint}} NOT NULL DEFAULT 1
);

-- Automatic mail that was sent, for the limits that end loops.
CREATE TABLE automatic_mail (
  id      {{id}},
  address TEXT NOT NULL, -- folded
  at      {{bigint}} NOT NULL
);
CREATE INDEX automatic_mail_address ON automatic_mail (address, at);
CREATE INDEX automatic_mail_age ON automatic_mail (at);

-- +goose Down
