package bulk

import (
	"context"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/job"
)

// Filled is a text as it stands in one conversation.
type Filled struct {
	HTML, Text string
	Missing    []string // variables without a value
	Files      []int64  // uploads of the actor that go along
	// Change is what a saved reply makes of the conversation, nil = nothing; the run's own is above it.
	Change *conversation.ChangeBody
	Note   string // that it adds, "" = none
	// Give adds its tasks in the transaction of the reply and tells their ids; nil = it has none.
	Give func(ctx context.Context, tx *db.Tx, conversation int64) (tasks []int64, err error)
}

// Service is what can be done with many conversations at once.
type Service struct {
	DB            *db.DB
	Now           func() time.Time
	Jobs          *job.Queue
	Conversations *conversation.Service
	// Agent is the actor in whose name a run works; not_found when they have left.
	Agent func(ctx context.Context, id int64) (*access.Actor, error)
	// Fill fills a reply in for a conversation, as the actor of ctx.
	Fill func(ctx context.Context, r Reply, conversation int64) (Filled, error)
	// TakeBack deletes tasks that a run gave, but for those that are done. It may
	// be nil where none are given.
	TakeBack func(ctx context.Context, tasks []int64) error
}

func errNoRun() error {
	return errs.New(errs.NotFound, "There is no such change of many conversations.")
}

// Start keeps what is to be done with these conversations and makes the job that
// does it, all in one transaction. finish runs last in it and may be nil.
func (s *Service) Start(ctx context.Context, ids []int64, w Work, finish func(ctx context.Context, tx *db.Tx, r Run) error) (r Run, err error) {
	defer errs.Wrap(&err, "start a change of many conversations")
	a := access.From(ctx)
	if a == nil || a.AgentID == 0 {
		return r, errs.New(errs.Forbidden, "Only people change many conversations at once.")
	}
	ids = distinct(ids)
	if err := w.check(a, ids); err != nil {
		return r, err
	}
	r = Run{Agent: a.AgentID, State: Running, Work: w, Total: len(ids), CreatedAt: s.Now(), Counts: map[ItemState]int{Waiting: len(ids)}}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := insertRun(ctx, tx, &r); err != nil {
			return err
		}
		if err := insertItems(ctx, tx, r.ID, ids); err != nil {
			return err
		}
		if err := s.enqueue(ctx, tx, r.ID); err != nil || finish == nil {
			return err
		}
		return finish(ctx, tx, r)
	})
	return r, err
}

func distinct(ids []int64) []int64 {
	out := slices.Clone(ids)
	slices.Sort(out)
	return slices.Compact(out)
}

func (w Work) check(a *access.Actor, ids []int64) error {
	switch {
	case len(ids) == 0:
		return errs.InvalidField("body.conversation_ids", "Choose at least one conversation.")
	case len(ids) > MaxItems:
		return errs.InvalidField("body.conversation_ids", "At most 5,000 conversations can be changed at once.")
	case w.Change == nil && w.Reply == nil:
		return errs.InvalidField("body.change", "Say what is to be done.")
	case w.Change != nil && w.Change.Version != nil:
		return errs.InvalidField("body.change.version", "A change of many conversations has no version.")
	case w.Reply != nil && w.Reply.SavedReply == 0 && w.Reply.HTML == "":
		return errs.InvalidField("body.reply.html", "The reply is empty.")
	}
	if w.Reply != nil {
		return a.Need(access.ConversationsReply)
	}
	return a.Need(access.ConversationsUpdate)
}

// Get reads a run of the actor's own.
func (s *Service) Get(ctx context.Context, id int64) (r Run, err error) {
	defer errs.Wrap(&err, "read run %d", id)
	return s.own(ctx, s.DB, id, "")
}

func (s *Service) own(ctx context.Context, q db.Queryer, id int64, lock string) (Run, error) {
	a := access.From(ctx)
	r, ok, err := findRun(ctx, q, id, lock)
	if err != nil {
		return r, err
	}
	if !ok || a == nil || r.Agent != a.AgentID {
		return r, errNoRun()
	}
	return r, nil
}

// Items lists what became of each conversation of a run, those in one state
// alone when it is given, behind the conversation after.
func (s *Service) Items(ctx context.Context, id int64, state ItemState, after int64, limit int) (_ []Item, err error) {
	defer errs.Wrap(&err, "list the items of run %d", id)
	if _, err := s.own(ctx, s.DB, id, ""); err != nil {
		return nil, err
	}
	return itemsOf(ctx, s.DB, id, state, after, limit)
}

// Undo takes back what a run did: changes that nobody has changed since, and
// replies that have not left yet. A run that is not through stops where it is.
func (s *Service) Undo(ctx context.Context, id int64) (r Run, err error) {
	defer errs.Wrap(&err, "undo run %d", id)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if r, err = s.own(ctx, tx, id, tx.Dialect.ForUpdate()); err != nil {
			return err
		}
		if r.State == Undoing || r.State == Undone {
			return nil
		}
		if err := setState(ctx, tx, id, Undoing, 0); err != nil {
			return err
		}
		r.State = Undoing
		if err := dropWaiting(ctx, tx, id); err != nil {
			return err
		}
		return s.enqueue(ctx, tx, id)
	})
	return r, err
}
