-- +goose Up

-- The key is the message's time in milliseconds << 20 with a counter, so that newest first is key order.
CREATE TABLE search_document (
  doc             BIGINT PRIMARY KEY,
  message_id      BIGINT NOT NULL,
  conversation_id BIGINT NOT NULL,
  customer_id     BIGINT NOT NULL DEFAULT 0,
  analyzer        BIGINT NOT NULL,
  terms           TSVECTOR NOT NULL
);
CREATE INDEX search_document_message ON search_document (message_id);
CREATE INDEX search_document_terms ON search_document USING GIN (terms) WITH (fastupdate = on);

-- +goose Down
