-- +goose Up

-- Codes of the second step that counted: none counts again, wherever the clock is set to.
CREATE TABLE totp_step (
  agent_id {{bigint}} NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
  step     {{bigint}} NOT NULL,
  PRIMARY KEY (agent_id, step)
);

-- Where the conversation stands in lists, kept beside who follows it, so that the list of somebody who follows
-- hundreds is walked in its order. Triggers keep it, also for a program that does not know of it yet.
ALTER TABLE conversation_follower ADD COLUMN status TEXT NOT NULL DEFAULT '';
ALTER TABLE conversation_follower ADD COLUMN inbox_id {{bigint}} NOT NULL DEFAULT 0;
ALTER TABLE conversation_follower ADD COLUMN team_id {{bigint}} NOT NULL DEFAULT 0; -- 0 = none
ALTER TABLE conversation_follower ADD COLUMN assignee_id {{bigint}} NOT NULL DEFAULT 0; -- 0 = nobody
ALTER TABLE conversation_follower ADD COLUMN last_activity_at {{bigint}} NOT NULL DEFAULT 0;
ALTER TABLE conversation_follower ADD COLUMN waiting_since {{bigint}} NOT NULL DEFAULT 0;
ALTER TABLE conversation_follower ADD COLUMN due_at {{bigint}} NOT NULL DEFAULT 0;
UPDATE conversation_follower SET (status, inbox_id, team_id, assignee_id, last_activity_at, waiting_since, due_at) =
  (SELECT c.status, c.inbox_id, COALESCE(c.team_id, 0), COALESCE(c.assignee_id, 0), c.last_activity_at, c.waiting_since, c.due_at
    FROM conversation c WHERE c.id = conversation_follower.conversation_id);
CREATE INDEX conversation_follower_newest ON conversation_follower (agent_id, reason, status, last_activity_at, conversation_id);
CREATE INDEX conversation_follower_waiting ON conversation_follower (agent_id, reason, status, waiting_since, conversation_id);
CREATE INDEX conversation_follower_due ON conversation_follower (agent_id, reason, status, due_at, conversation_id);

-- +goose StatementBegin
CREATE FUNCTION conversation_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE conversation_follower SET status = NEW.status, inbox_id = NEW.inbox_id, team_id = COALESCE(NEW.team_id, 0),
    assignee_id = COALESCE(NEW.assignee_id, 0), last_activity_at = NEW.last_activity_at, waiting_since = NEW.waiting_since, due_at = NEW.due_at
  WHERE conversation_id = NEW.id;
  RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER conversation_moved AFTER UPDATE OF status, inbox_id, team_id, assignee_id, last_activity_at, waiting_since, due_at ON conversation
  FOR EACH ROW EXECUTE FUNCTION conversation_moved();
-- +goose StatementBegin
CREATE FUNCTION conversation_followed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- The lock waits for a change of the conversation that does not see this row yet.
  SELECT c.status, c.inbox_id, COALESCE(c.team_id, 0), COALESCE(c.assignee_id, 0), c.last_activity_at, c.waiting_since, c.due_at
    INTO NEW.status, NEW.inbox_id, NEW.team_id, NEW.assignee_id, NEW.last_activity_at, NEW.waiting_since, NEW.due_at
    FROM conversation c WHERE c.id = NEW.conversation_id FOR SHARE;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER conversation_followed BEFORE INSERT ON conversation_follower
  FOR EACH ROW EXECUTE FUNCTION conversation_followed();

-- +goose Down
