-- +goose Up

-- The key is the message's time in milliseconds << 20 with a counter, so that newest first is key order.
CREATE TABLE search_document (
  doc             INTEGER PRIMARY KEY,
  message_id      INTEGER NOT NULL,
  conversation_id INTEGER NOT NULL,
  customer_id     INTEGER NOT NULL DEFAULT 0,
  analyzer        INTEGER NOT NULL
);
CREATE INDEX search_document_message ON search_document (message_id);
CREATE VIRTUAL TABLE search_index USING fts5 (
  terms, content='', contentless_delete=1, prefix='2 3', tokenize='unicode61 remove_diacritics 0'
);

-- +goose Down
