package bulk

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/job"
)

const runKind = "bulk.run"

type payload struct {
	Run int64 `json:"run_id"`
}

// together is how many items are read at once.
const together = 50

func (s *Service) enqueue(ctx context.Context, tx *db.Tx, id int64) error {
	return s.Jobs.Enqueue(ctx, tx, job.New{Kind: runKind, UniqueKey: strconv.FormatInt(id, 10) + "/" + strconv.FormatInt(s.Now().UnixMilli(), 10),
		Payload: payload{id}, Summary: errs.Say("Change many conversations").String()})
}

// Kind works off runs. What stops in the middle goes on where it was: each item
// is marked in the transaction that changes its conversation.
func (s *Service) Kind() job.Kind {
	return job.Kind{Name: runKind, Workers: 2, Attempts: 5, Lease: time.Minute, Do: func(ctx context.Context, j job.Job) error {
		var p payload
		if err := json.Unmarshal(j.Payload, &p); err != nil {
			return job.Final{Err: err}
		}
		return s.work(ctx, p.Run)
	}, Died: func(ctx context.Context, tx *db.Tx, j job.Job, _ error) error {
		var p payload
		_ = json.Unmarshal(j.Payload, &p) // there is no run 0
		if err := failWaiting(ctx, tx, p.Run, errs.Say("It did not work. Try again later.").String()); err != nil {
			return err
		}
		return setState(ctx, tx, p.Run, Done, s.Now().UnixMilli())
	}}
}

// work does, or takes back, what is left of a run.
func (s *Service) work(ctx context.Context, id int64) (err error) {
	defer errs.Wrap(&err, "work off run %d", id)
	after, was := int64(0), State("")
	for {
		r, ok, err := findRun(ctx, s.DB, id, "")
		if err != nil || !ok || r.State == Done || r.State == Undone {
			return err
		}
		if r.State != was {
			after, was = 0, r.State // from the beginning when it was asked to undo meanwhile
		}
		want, do, end := Waiting, s.doItem, Done
		if r.State == Undoing {
			want, do, end = Changed, s.undoItem, Undone
		}
		ctx, err := s.as(ctx, r.Agent)
		if err != nil {
			return err
		}
		items, err := itemsOf(ctx, s.DB, id, want, after, together)
		if err != nil {
			return err
		}
		if len(items) == 0 {
			return s.finish(ctx, id, r.State, end)
		}
		for _, it := range items {
			after = it.Conversation
			if err := s.settle(ctx, r, it, do); err != nil {
				return err
			}
		}
	}
}

// finish ends a run, unless somebody asked to undo it meanwhile.
func (s *Service) finish(ctx context.Context, id int64, was, end State) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error { return endRun(ctx, tx, id, was, end, s.Now().UnixMilli()) })
}

// as acts in the name of the agent who asked for the run.
func (s *Service) as(ctx context.Context, agent int64) (context.Context, error) {
	a, err := s.Agent(ctx, agent)
	if errs.Is(err, errs.NotFound) {
		return ctx, job.Final{Err: err}
	}
	return access.With(ctx, a), err
}

// settle does one item. What is refused in words is its result and stops no
// other; everything else stops the run, which is tried again.
func (s *Service) settle(ctx context.Context, r Run, it Item, do func(context.Context, Run, Item) error) error {
	err := do(ctx, r, it)
	if err == nil || errors.Is(err, errOvertaken) {
		return nil
	}
	switch errs.KindOf(err) {
	case errs.Invalid, errs.NotFound, errs.Conflict, errs.Forbidden:
	default:
		return err
	}
	state := Failed
	if it.State == Changed {
		state = Changed // it could not be taken back, and stays
	}
	failed := Item{Conversation: it.Conversation, State: state, Error: errs.Sentence(err), Message: it.Message, Was: it.Was}
	err = s.DB.Write(ctx, func(tx *db.Tx) error { return markItem(ctx, tx, r.ID, it.State, failed) })
	if errors.Is(err, errOvertaken) {
		return nil
	}
	return err
}

func (s *Service) doItem(ctx context.Context, r Run, it Item) error {
	if r.Work.Reply != nil {
		return s.reply(ctx, r, it)
	}
	ch := r.Work.Change.Change()
	was, err := s.before(ctx, it.Conversation, ch)
	if err != nil {
		return err
	}
	_, err = s.Conversations.UpdateWith(ctx, it.Conversation, ch, func(ctx context.Context, tx *db.Tx, before, after conversation.Conversation) error {
		was.c = before
		if err := s.compare(ctx, tx, was, after, ch, &it.Was); err != nil {
			return err
		}
		it.State = Changed
		return markItem(ctx, tx, r.ID, Waiting, it)
	})
	return err
}

// state is a conversation, its tags, and those of the shop's own fields that a
// change is about.
type state struct {
	c      conversation.Conversation
	tags   []string
	fields map[string]any
}

// before reads a conversation before it is changed.
func (s *Service) before(ctx context.Context, id int64, ch conversation.Change) (b state, err error) {
	if b.c, err = s.Conversations.Get(ctx, id); err != nil {
		return b, err
	}
	if b.tags, err = s.Conversations.TagNames(ctx, id); err != nil {
		return b, err
	}
	b.fields, err = s.fields(ctx, s.DB, id, len(ch.Fields) > 0)
	return b, err
}

// compare notes what a change made of a conversation.
func (s *Service) compare(ctx context.Context, tx *db.Tx, before state, after conversation.Conversation, ch conversation.Change, was *Was) error {
	holds, err := s.fields(ctx, tx, after.ID, len(ch.Fields) > 0)
	was.Before, was.After, was.Fields = attrsOf(before.c), attrsOf(after), different(before.fields, holds)
	was.Added, was.Removed = tagged(before.tags, ch)
	return err
}

// fields are the values of the shop's own fields, where the run is about them.
func (s *Service) fields(ctx context.Context, q db.Queryer, conversation int64, wanted bool) (map[string]any, error) {
	if !wanted {
		return nil, nil
	}
	return s.Conversations.FieldValues(ctx, q, conversation)
}

// undoItem takes back what was done to one, each step so that it can be repeated.
func (s *Service) undoItem(ctx context.Context, r Run, it Item) error {
	if err := s.undoReply(ctx, it); err != nil {
		return err
	}
	if len(it.Was.Tasks) > 0 {
		if err := s.TakeBack(ctx, it.Was.Tasks); err != nil {
			return err
		}
	}
	c, err := s.Conversations.Get(ctx, it.Conversation)
	if err != nil {
		return err
	}
	fields, err := s.fields(ctx, s.DB, it.Conversation, len(it.Was.Fields) > 0)
	if err != nil {
		return err
	}
	ch, some := it.Was.inverse(c, fields, s.Now())
	if !some {
		return s.mark(ctx, r.ID, it, Back)
	}
	ch.Version = &c.Version
	it.State, it.Error = Back, ""
	_, err = s.Conversations.UpdateWith(ctx, it.Conversation, ch, func(ctx context.Context, tx *db.Tx, _, _ conversation.Conversation) error {
		return markItem(ctx, tx, r.ID, Changed, it)
	})
	return err
}

func (s *Service) mark(ctx context.Context, run int64, it Item, state ItemState) error {
	it.State, it.Error = state, ""
	return s.DB.Write(ctx, func(tx *db.Tx) error { return markItem(ctx, tx, run, Changed, it) })
}
