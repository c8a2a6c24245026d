-- +goose Up

-- Codes of the second step that counted: none counts again, wherever the clock is set to.
CREATE TABLE totp_step (
  agent_id {{bigint}} NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
  step     {{bigint}} NOT NULL,
  PRIMARY KEY (agent_id, step)
);

-- +goose Down
