package conversation

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/field"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/event"
	"github.com/deskbell/deskbell/internal/platform/job"
)

// InboxSettings is what a conversation needs to know of its inbox.
type InboxSettings struct {
	Channel    string
	Address    string
	AfterReply Status
	ReopenDays int
	Archived   bool
	Name       string
	ReplyToken bool // plus-addresses may be used
	KeepCards  bool // card numbers are not masked
}

// Service is what can be done with conversations.
type Service struct {
	DB        *db.DB
	Feed      *event.Feed
	Jobs      *job.Queue
	Customers *customer.Service
	Now       func() time.Time
	// Inbox reads the settings of an inbox; not_found when there is none.
	Inbox func(ctx context.Context, q db.Queryer, id int64) (InboxSettings, error)
	// OwnAddresses are those from which an inbox answers; nil = its address alone.
	OwnAddresses func(ctx context.Context, q db.Queryer, inbox int64) (Addresses, error)
	// Fields are those that the shop defined for its conversations; nil = none.
	Fields func(ctx context.Context, q db.Queryer) (field.Set, error)
	// CopyBlob makes a second blob with the bytes of one and gives its key. It
	// may be nil where no message is edited.
	CopyBlob func(ctx context.Context, key string) (string, error)
	// Scanning looks for malware in files; nil = nobody does.
	Scanning *Scanning
	// Imported is told of each conversation that [Service.ImportTx] wrote, in its
	// transaction, so that search knows its messages. It may be nil.
	Imported func(ctx context.Context, tx *db.Tx, c Conversation, messages []Message) error
	// Purged is told of each conversation that is deleted, in the transaction and
	// before it is gone, so that others let go of what belongs to it. It may be nil.
	Purged func(ctx context.Context, tx *db.Tx, p Purged) error
}

// visible tells whether the actor of ctx may read the conversation: by scope,
// as its assignee, as a follower or because they were mentioned.
func (s *Service) visible(ctx context.Context, q db.Queryer, c *Conversation) (bool, error) {
	a := access.From(ctx)
	if a == nil {
		return false, nil
	}
	if a.System || a.Scope.Sees(c.Inbox, c.Team, c.Assignee) || c.Assignee != 0 && c.Assignee == a.AgentID {
		return true, nil
	}
	return follows(ctx, q, c.ID, a.AgentID)
}

// writable is [Service.visible] without those who were only mentioned.
func (s *Service) writable(ctx context.Context, q db.Queryer, c *Conversation) (bool, error) {
	a := access.From(ctx)
	if a.System || a.Scope.Sees(c.Inbox, c.Team, c.Assignee) || c.Assignee != 0 && c.Assignee == a.AgentID {
		return true, nil
	}
	return followsBy(ctx, q, c.ID, a.AgentID, "follow")
}

// Get reads a conversation that the actor may see.
func (s *Service) Get(ctx context.Context, id int64) (_ Conversation, err error) {
	defer errs.Wrap(&err, "read conversation %d", id)
	return s.get(ctx, s.DB, id, "")
}

// GetTx is [Service.Get] inside the caller's transaction, with what that has changed.
func (s *Service) GetTx(ctx context.Context, tx *db.Tx, id int64) (_ Conversation, err error) {
	defer errs.Wrap(&err, "read conversation %d", id)
	return s.get(ctx, tx, id, "")
}

func (s *Service) get(ctx context.Context, q db.Queryer, id int64, lock string) (Conversation, error) {
	c, err := find(ctx, q, id, lock)
	if err != nil {
		return c, err
	}
	ok, err := s.visible(ctx, q, &c)
	if err == nil && !ok {
		err = errNotFound()
	}
	return c, err
}

// lock reads a conversation that the actor may change and keeps others from
// changing it until the transaction ends. A merged one is refused.
func (s *Service) lock(ctx context.Context, tx *db.Tx, id int64, need access.Permission) (Conversation, error) {
	c, err := s.lockAny(ctx, tx, id, need)
	if err == nil && c.MergedInto != 0 {
		err = s.errMerged(ctx, tx, &c)
	}
	return c, err
}

// lockReached is [Service.lock] that goes on to where a merged conversation is now.
func (s *Service) lockReached(ctx context.Context, tx *db.Tx, id int64, need access.Permission) (Conversation, error) {
	c, err := s.get(ctx, tx, id, tx.Dialect.ForUpdate())
	if err != nil {
		return c, err
	}
	if c.MergedInto != 0 {
		return s.lock(ctx, tx, c.MergedInto, need)
	}
	return c, s.mayChange(ctx, tx, &c, need)
}

// reach is the conversation itself, or the one that it was merged into. The
// caller sees the one that was asked for; the other is for them to check.
func (s *Service) reach(ctx context.Context, q db.Queryer, id int64) (int64, error) {
	c, err := s.get(ctx, q, id, "")
	if err != nil || c.MergedInto == 0 {
		return id, err
	}
	return c.MergedInto, nil
}

// errMerged says where the conversation is now, as far as the actor may know.
func (s *Service) errMerged(ctx context.Context, q db.Queryer, c *Conversation) error {
	into, err := s.get(ctx, q, c.MergedInto, "")
	if errs.Is(err, errs.NotFound) {
		return errs.New(errs.Conflict, "This conversation was merged into one that you cannot see.")
	}
	if err != nil {
		return err
	}
	e := errs.Newf(errs.Conflict, "This conversation was merged into #%d.", into.ID)
	e.Type = "urn:deskbell:problem:merged"
	e.Extra = map[string]any{"merged_into_id": into.ID}
	return e
}

// lockAny is [Service.lock] that also takes merged conversations.
func (s *Service) lockAny(ctx context.Context, tx *db.Tx, id int64, need access.Permission) (Conversation, error) {
	c, err := s.get(ctx, tx, id, tx.Dialect.ForUpdate())
	if err != nil {
		return c, err
	}
	return c, s.mayChange(ctx, tx, &c, need)
}

func (s *Service) mayChange(ctx context.Context, q db.Queryer, c *Conversation, need access.Permission) error {
	if err := access.From(ctx).Need(need); err != nil {
		return err
	}
	ok, err := s.writable(ctx, q, c)
	if err == nil && !ok {
		err = errs.New(errs.Forbidden, "You were mentioned here and can read this conversation, but not change it.")
	}
	return err
}

// MaySee tells whether the actor of ctx may see the conversation.
func (s *Service) MaySee(ctx context.Context, id int64) bool {
	_, err := s.Get(ctx, id)
	return err == nil
}
