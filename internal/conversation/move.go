package conversation

import (
	"context"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// mayMove checks the inbox that a conversation is moved to: one that the actor
// sees, of the same channel and in use.
func (s *Service) mayMove(ctx context.Context, tx *db.Tx, c *Conversation, inbox *int64) error {
	if inbox == nil || *inbox == c.Inbox {
		return nil
	}
	a := access.From(ctx)
	if !a.System && a.Scope.Level(*inbox) == access.None {
		return errs.InvalidField("body.inbox_id", "There is no such inbox.")
	}
	to, err := s.Inbox(ctx, tx, *inbox)
	switch {
	case errs.Is(err, errs.NotFound):
		return errs.InvalidField("body.inbox_id", "There is no such inbox.")
	case err != nil:
		return err
	case to.Archived:
		return errs.InvalidField("body.inbox_id", "This inbox is archived.")
	case to.Channel != c.Channel:
		return errs.InvalidField("body.inbox_id", "A conversation can only be moved to an inbox of the same channel.")
	}
	return nil
}

func (s *Service) movedInbox(ctx context.Context, tx *db.Tx, before, c *Conversation, agent int64) error {
	to, err := s.Inbox(ctx, tx, c.Inbox)
	if err != nil {
		return err
	}
	return s.addEventTx(ctx, tx, c, EventInboxChanged, map[string]any{"from": before.Inbox, "to": c.Inbox, "to_name": to.Name}, agent)
}
