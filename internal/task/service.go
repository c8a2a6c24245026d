package task

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/event"
)

// Changed says that the tasks of a conversation are not what they were.
const Changed event.Type = "task.changed"

// Fact is its data.
type Fact struct {
	Task     int64 `json:"task_id,omitempty"`
	Assignee int64 `json:"agent_id,omitempty"` // whose it is
	// Given are those who have a task now that somebody else gave them.
	Given []int64 `json:"given_agent_ids,omitempty"`
}

// Service is what can be done with tasks.
type Service struct {
	DB            *db.DB
	Feed          *event.Feed
	Conversations *conversation.Service
	Now           func() time.Time
}

var errNotFound = errs.New(errs.NotFound, "There is no such task.")

// Finish is what the caller of a write adds to its transaction; it may be nil.
type Finish func(ctx context.Context, tx *db.Tx, made []Task) error

// Of lists the tasks of a conversation that the actor may see, in the order in
// which they were made.
func (s *Service) Of(ctx context.Context, conversation int64) (_ []Task, err error) {
	defer errs.Wrap(&err, "list the tasks of conversation %d", conversation)
	if _, err := s.Conversations.Get(ctx, conversation); err != nil {
		return nil, err
	}
	return ofConversation(ctx, s.DB, conversation)
}

// Add makes tasks of a conversation, all or none.
func (s *Service) Add(ctx context.Context, conversation int64, list []New, finish Finish) (made []Task, err error) {
	defer errs.Wrap(&err, "add tasks to conversation %d", conversation)
	if len(list) == 0 || len(list) > maxMade {
		return nil, errs.InvalidField("body.tasks", "Give between 1 and 50 tasks.")
	}
	c, err := s.Conversations.Get(ctx, conversation)
	if err != nil {
		return nil, err
	}
	if c.MergedInto != 0 {
		return nil, errs.Newf(errs.Conflict, "This conversation was merged into #%d.", c.MergedInto)
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		have, err := ofConversation(ctx, tx, conversation)
		if err != nil {
			return err
		}
		if made, err = s.addTx(ctx, tx, &c, len(have), list); err != nil || finish == nil {
			return err
		}
		return finish(ctx, tx, made)
	})
	return made, err
}

// GiveTx adds tasks to a conversation inside the caller's transaction. What is
// open there already in the same words is not added again.
func (s *Service) GiveTx(ctx context.Context, tx *db.Tx, conversation int64, list []New) (made []Task, err error) {
	defer errs.Wrap(&err, "give tasks to conversation %d", conversation)
	c, err := s.Conversations.GetTx(ctx, tx, conversation)
	if err != nil {
		return nil, err
	}
	have, err := ofConversation(ctx, tx, conversation)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(slices.Clone(list), func(n New) bool {
		return slices.ContainsFunc(have, func(t Task) bool { return t.DoneAt.IsZero() && t.Text == clean(n.Text) })
	})
	if len(list) == 0 {
		return nil, nil
	}
	return s.addTx(ctx, tx, &c, len(have), list)
}

// addTx makes tasks of a conversation that has so many.
func (s *Service) addTx(ctx context.Context, tx *db.Tx, c *conversation.Conversation, have int, list []New) (made []Task, err error) {
	if have+len(list) > maxOpen {
		return nil, errs.New(errs.Conflict, "A conversation has at most 200 tasks. Delete some that are done.")
	}
	by := access.From(ctx).AgentID
	var given []int64
	for i, n := range list {
		t := Task{Conversation: c.ID, Text: clean(n.Text), Assignee: n.Assignee, DueAt: n.DueAt, CreatedBy: by, CreatedAt: s.Now()}
		if err := t.check(at(i), s.Now()); err != nil {
			return nil, err
		}
		if err := s.named(ctx, tx, &t, at(i)); err != nil {
			return nil, err
		}
		if err := insert(ctx, tx, &t); err != nil {
			return nil, err
		}
		made = append(made, t)
		given = giveTo(given, t.Assignee, by)
	}
	return made, s.publish(ctx, tx, c, made[0], given)
}

// TakeBack deletes those of the tasks that are still open.
func (s *Service) TakeBack(ctx context.Context, ids []int64) (err error) {
	defer errs.Wrap(&err, "take tasks back")
	for _, id := range ids {
		err := s.change(ctx, id, func(tx *db.Tx, t *Task) ([]int64, error) {
			if !t.DoneAt.IsZero() {
				return nil, nil
			}
			return nil, remove(ctx, tx, t.ID)
		})
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
	}
	return nil
}

// Update changes a task of a conversation that the actor may see.
func (s *Service) Update(ctx context.Context, id int64, ch Change) (t Task, err error) {
	defer errs.Wrap(&err, "change task %d", id)
	err = s.change(ctx, id, func(tx *db.Tx, found *Task) (given []int64, err error) {
		by, before := access.From(ctx).AgentID, found.Assignee
		if err := found.apply(ch, by, s.Now()); err != nil {
			return nil, err
		}
		if err := s.named(ctx, tx, found, "body"); err != nil {
			return nil, err
		}
		if found.Assignee != before && found.DoneAt.IsZero() {
			given = giveTo(nil, found.Assignee, by)
		}
		t = *found
		return given, save(ctx, tx, found)
	})
	return t, err
}

// Delete takes a task away.
func (s *Service) Delete(ctx context.Context, id int64) (err error) {
	defer errs.Wrap(&err, "delete task %d", id)
	return s.change(ctx, id, func(tx *db.Tx, t *Task) ([]int64, error) { return nil, remove(ctx, tx, t.ID) })
}

// ForgetTx deletes the tasks of a conversation whose words go.
func (s *Service) ForgetTx(ctx context.Context, tx *db.Tx, conversation int64) (err error) {
	defer errs.Wrap(&err, "forget the tasks of conversation %d", conversation)
	return removeOf(ctx, tx, conversation)
}

func (s *Service) change(ctx context.Context, id int64, do func(tx *db.Tx, t *Task) (given []int64, err error)) error {
	t, err := find(ctx, s.DB, id, "")
	if err != nil {
		return err
	}
	c, err := s.Conversations.Get(ctx, t.Conversation)
	if errs.Is(err, errs.NotFound) {
		return errNotFound
	}
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		t, err := find(ctx, tx, id, tx.Dialect.ForUpdate())
		if err != nil {
			return err
		}
		given, err := do(tx, &t)
		if err != nil {
			return err
		}
		return s.publish(ctx, tx, &c, t, given)
	})
}

// giveTo adds whom a task was given, unless nobody or the giver themselves.
func giveTo(list []int64, assignee, by int64) []int64 {
	if assignee == 0 || assignee == by || slices.Contains(list, assignee) {
		return list
	}
	return append(list, assignee)
}

// named checks the assignee and puts their name on the task.
func (s *Service) named(ctx context.Context, q db.Queryer, t *Task, location string) (err error) {
	t.AssigneeName = ""
	if t.Assignee == 0 {
		return nil
	}
	var active bool
	if t.AssigneeName, active, err = agent(ctx, q, t.Assignee); err == nil && !active && t.DoneAt.IsZero() {
		err = errs.InvalidField(location+".assignee_id", "There is no such agent, or they do not work here any more.")
	}
	return err
}

func (s *Service) publish(ctx context.Context, tx *db.Tx, c *conversation.Conversation, t Task, given []int64) error {
	data, err := json.Marshal(Fact{Task: t.ID, Assignee: t.Assignee, Given: given})
	if err != nil {
		return err
	}
	return s.Feed.Publish(ctx, tx, event.Event{Type: Changed, ActorType: "agent", ActorID: access.From(ctx).AgentID, Conversation: c.ID,
		Inbox: c.Inbox, Team: c.Team, Assignee: c.Assignee, Data: data})
}

// Place is where a list of tasks goes on.
type Place struct{ DueAt, ID int64 }

// Mine lists the actor's open tasks in conversations that they may see, what is
// due first, first.
func (s *Service) Mine(ctx context.Context, behind *Place, limit int) (_ []Task, err error) {
	defer errs.Wrap(&err, "list my tasks")
	return mine(ctx, s.DB, access.From(ctx), behind, limit)
}

// Counts is how many open tasks the actor has, up to 1,000, and how many of them
// should be done by now.
type Counts struct{ Open, Overdue int64 }

// Count counts the actor's tasks.
func (s *Service) Count(ctx context.Context) (_ Counts, err error) {
	defer errs.Wrap(&err, "count my tasks")
	return count(ctx, s.DB, access.From(ctx), s.Now())
}
