package notification

import (
	"context"
	"log/slog"
	"math"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/job"
	"github.com/deskbell/deskbell/internal/platform/push"
)

// Service makes notifications and shows them to their readers.
type Service struct {
	DB  *db.DB
	Now func() time.Time
	// Changed is told after the commit whose number of unread ones may be another
	// one. It is a hint and may be nil.
	Changed func(agent int64)

	// Agent reads who an active agent is, not found for others; nil = nobody gets mail.
	Agent func(ctx context.Context, id int64) (*access.Actor, error)
	// Jobs sends mails and pushes; nil = there are none.
	Jobs *job.Queue
	// Mail takes mails for agents; nil = there are none.
	Mail Mailer
	// MailDelay is how long a mail waits for more of the same, and for its reader
	// to see it in the console.
	MailDelay time.Duration
	// Inbox reads where the mail of a conversation's inbox arrives, ok = it does.
	Inbox func(ctx context.Context, q db.Queryer, inbox int64) (at Door, ok bool, err error)
	// Marks marks the tokens of mails that can be answered.
	Marks Marker
	// Secrets seals the key for push services.
	Secrets Sealer
	// Push reaches the browsers' push services.
	Push push.Sender
	Log  *slog.Logger
	// PublicURL is what links begin with.
	PublicURL string
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

// MarkConversationRead marks what is told of a conversation as read. Where
// nothing is, nothing is written.
func (s *Service) MarkConversationRead(ctx context.Context, conversation int64) (err error) {
	defer errs.Wrap(&err, "mark the notifications of conversation %d as read", conversation)
	a, err := reader(ctx)
	if err != nil {
		return err
	}
	if some, err := tells(ctx, s.DB, a.AgentID, conversation); err != nil || !some {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		return markSeen(ctx, tx, a.AgentID, conversation, math.MaxInt64, s.Now(), func() { s.changed(tx, a.AgentID) })
	})
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
	return settings(ctx, s.DB, a)
}

// SetSettings changes the kinds that are given and answers with all of them. It
// counts for what happens from now on.
func (s *Service) SetSettings(ctx context.Context, change []SettingChange) (out []Setting, err error) {
	defer errs.Wrap(&err, "change the notification settings")
	err = s.choose(ctx, func(tx *db.Tx, a *access.Actor) error {
		for _, one := range change {
			if err := one.check(a); err != nil {
				return err
			}
			if err := saveSetting(ctx, tx, a.AgentID, one); err != nil {
				return err
			}
		}
		out, err = settings(ctx, tx, a)
		return err
	})
	return out, err
}

// ForgetTx deletes what was told of a conversation that is gone.
func (s *Service) ForgetTx(ctx context.Context, tx *db.Tx, conversation int64) (err error) {
	defer errs.Wrap(&err, "forget the notifications of conversation %d", conversation)
	return deleteOf(ctx, tx, conversation)
}

// Rhythm is when the actor is told.
func (s *Service) Rhythm(ctx context.Context) (_ Rhythm, err error) {
	defer errs.Wrap(&err, "read the notification rhythm")
	a, err := reader(ctx)
	if err != nil {
		return Rhythm{}, err
	}
	return rhythm(ctx, s.DB, a.AgentID)
}

// SetRhythm changes when the actor is told.
func (s *Service) SetRhythm(ctx context.Context, r Rhythm) (err error) {
	defer errs.Wrap(&err, "change the notification rhythm")
	if err := r.check(); err != nil {
		return err
	}
	return s.choose(ctx, func(tx *db.Tx, a *access.Actor) error { return saveRhythm(ctx, tx, a.AgentID, r) })
}

// choose writes what people choose for themselves.
func (s *Service) choose(ctx context.Context, write func(tx *db.Tx, a *access.Actor) error) error {
	a, err := reader(ctx)
	if err != nil {
		return err
	}
	if a.SessionID == 0 {
		return errs.New(errs.Forbidden, "An API key cannot do this. Sign in with a browser.")
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error { return write(tx, a) })
}

// sessionOf is the session of the actor, 0 = none.
func sessionOf(ctx context.Context) int64 {
	if a := access.From(ctx); a != nil {
		return a.SessionID
	}
	return 0
}
