package notification

import (
	"context"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Service makes notifications and shows them to their readers.
type Service struct {
	DB  *db.DB
	Now func() time.Time
	// Changed is told after the commit whose number of unread ones may be another
	// one. It is a hint and may be nil.
	Changed func(agent int64)
}

// Place is where a page of the list begins: behind this one.
type Place struct {
	At time.Time
	ID int64
}

// reader is the agent of ctx, whose notifications these are.
func reader(ctx context.Context) (*access.Actor, error) {
	a := access.From(ctx)
	if a == nil || a.AgentID == 0 {
		return nil, errs.New(errs.Forbidden, "Only people have notifications.")
	}
	return a, nil
}

// List reads the actor's notifications, newest first: those alone of
// conversations that they may see now.
func (s *Service) List(ctx context.Context, unread bool, behind *Place, limit int) (_ []Notification, err error) {
	defer errs.Wrap(&err, "list notifications")
	a, err := reader(ctx)
	if err != nil {
		return nil, err
	}
	return list(ctx, s.DB, a, unread, behind, limit)
}

// Unread counts what the actor has not read and may see, up to 1,000.
func (s *Service) Unread(ctx context.Context) (n int64, err error) {
	defer errs.Wrap(&err, "count notifications")
	a, err := reader(ctx)
	if err != nil {
		return 0, err
	}
	return unread(ctx, s.DB, a)
}

// MarkRead marks these notifications of the actor as read. It passes over those
// of others and those that are read already.
func (s *Service) MarkRead(ctx context.Context, ids []int64) error {
	return s.mark(ctx, func(tx *db.Tx, agent int64) (int64, error) { return markIDs(ctx, tx, agent, ids, s.Now()) })
}

// MarkAllRead marks everything as read that is not newer than until.
func (s *Service) MarkAllRead(ctx context.Context, until time.Time) error {
	return s.mark(ctx, func(tx *db.Tx, agent int64) (int64, error) { return markAll(ctx, tx, agent, until, s.Now()) })
}

func (s *Service) mark(ctx context.Context, how func(tx *db.Tx, agent int64) (int64, error)) (err error) {
	defer errs.Wrap(&err, "mark notifications as read")
	a, err := reader(ctx)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := how(tx, a.AgentID)
		if err == nil && n > 0 {
			s.changed(tx, a.AgentID)
		}
		return err
	})
}

// Settings are what the actor wants to be told, a row for each kind.
func (s *Service) Settings(ctx context.Context) (_ []Setting, err error) {
	defer errs.Wrap(&err, "read the notification settings")
	a, err := reader(ctx)
	if err != nil {
		return nil, err
	}
	return settings(ctx, s.DB, a.AgentID)
}

// SetSettings changes the kinds that are given and answers with all of them. It
// counts for what happens from now on.
func (s *Service) SetSettings(ctx context.Context, change []Setting) (out []Setting, err error) {
	defer errs.Wrap(&err, "change the notification settings")
	a, err := reader(ctx)
	if err != nil {
		return nil, err
	}
	if a.SessionID == 0 {
		return nil, errs.New(errs.Forbidden, "An API key cannot do this. Sign in with a browser.")
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		for _, one := range change {
			if !slices.Contains(Kinds, one.Kind) {
				return errs.InvalidField("body.items", "There is no such kind of notification.")
			}
			if err := saveSetting(ctx, tx, a.AgentID, one); err != nil {
				return err
			}
		}
		out, err = settings(ctx, tx, a.AgentID)
		return err
	})
	return out, err
}

// ForgetTx deletes what was told of a conversation that is gone.
func (s *Service) ForgetTx(ctx context.Context, tx *db.Tx, conversation int64) (err error) {
	defer errs.Wrap(&err, "forget the notifications of conversation %d", conversation)
	return deleteOf(ctx, tx, conversation)
}
