package tone

import (
	"context"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Service is what can be done with the guide.
type Service struct {
	DB            *db.DB
	Now           func() time.Time
	Conversations *conversation.Service

	mu   sync.Mutex
	kept *book
	at   stamp
}

var errNotFound = errs.New(errs.NotFound, "There is no such rule of the tone guide.")

// Rules reads the guide, with how often each rule was ignored lately.
func (s *Service) Rules(ctx context.Context) (out []Rule, err error) {
	defer errs.Wrap(&err, "read the tone guide")
	if out, err = list(ctx, s.DB); err != nil {
		return nil, err
	}
	times, err := ignored(ctx, s.DB, s.Now().Add(-30*day).Truncate(day))
	for i := range out {
		out[i].Ignored = times[out[i].ID]
	}
	return out, err
}

// Finish is what the caller of a write adds to its transaction; it may be nil.
type Finish func(tx *db.Tx, r Rule) error

// Create makes a rule.
func (s *Service) Create(ctx context.Context, r Rule, finish Finish) (out Rule, err error) {
	defer errs.Wrap(&err, "make a rule of the tone guide")
	r.Starter = ""
	if err := r.check(); err != nil {
		return out, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.room(ctx, tx, 1); err != nil {
			return err
		}
		if err := r.checkInboxes(ctx, tx); err != nil {
			return err
		}
		if err := insert(ctx, tx, &r, s.Now()); err != nil {
			return err
		}
		if out, err = find(ctx, tx, r.ID, ""); err != nil {
			return err
		}
		if err := s.recordTx(ctx, tx, "tone_rule.created", nil, &out); err != nil || finish == nil {
			return err
		}
		return finish(tx, out)
	})
	return out, err
}

func (s *Service) room(ctx context.Context, q db.Queryer, more int) error {
	n, err := count(ctx, q)
	if err == nil && n+more > MaxRules {
		err = errs.New(errs.Conflict, "The tone guide has 100 rules at most. Delete some first.")
	}
	return err
}

func (r *Rule) checkInboxes(ctx context.Context, q db.Queryer) error {
	for _, id := range r.Inboxes {
		there, err := inboxThere(ctx, q, id)
		if err != nil {
			return err
		}
		if !there {
			return errs.InvalidField("body.inbox_ids", "There is no such inbox.")
		}
	}
	return nil
}

// Change applies change to the rule as it is now. version 0 is no check.
func (s *Service) Change(ctx context.Context, id, version int64, change func(*Rule)) (out Rule, err error) {
	defer errs.Wrap(&err, "change rule %d of the tone guide", id)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		r, err := find(ctx, tx, id, tx.Dialect.ForUpdate())
		if err != nil {
			return err
		}
		if !r.DeletedAt.IsZero() {
			return errNotFound
		}
		if version != 0 && version != r.Version {
			return errs.Stale("Somebody else changed this rule. Look again, then repeat.")
		}
		before := r
		change(&r)
		if err := r.check(); err != nil {
			return err
		}
		if err := r.checkInboxes(ctx, tx); err != nil {
			return err
		}
		out, err = s.saveTx(ctx, tx, "tone_rule.changed", before, r)
		return err
	})
	return out, err
}

func (s *Service) saveTx(ctx context.Context, tx *db.Tx, action string, before, r Rule) (out Rule, err error) {
	if err := update(ctx, tx, &r); err != nil {
		return out, err
	}
	if out, err = find(ctx, tx, r.ID, ""); err != nil {
		return out, err
	}
	return out, s.recordTx(ctx, tx, action, &before, &out)
}

// Delete puts a rule away. For a day it can be restored.
func (s *Service) Delete(ctx context.Context, id int64) (err error) {
	defer errs.Wrap(&err, "delete rule %d of the tone guide", id)
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		r, err := find(ctx, tx, id, tx.Dialect.ForUpdate())
		if err == nil && !r.DeletedAt.IsZero() {
			err = errNotFound
		}
		if err != nil {
			return err
		}
		before := r
		r.DeletedAt = s.Now()
		if err := update(ctx, tx, &r); err != nil {
			return err
		}
		if err := s.recordTx(ctx, tx, "tone_rule.deleted", &before, nil); err != nil {
			return err
		}
		return forget(ctx, tx, s.Now().Add(-day))
	})
}

// Restore takes a deletion back.
func (s *Service) Restore(ctx context.Context, id int64) (out Rule, err error) {
	defer errs.Wrap(&err, "restore rule %d of the tone guide", id)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		r, err := find(ctx, tx, id, tx.Dialect.ForUpdate())
		if err != nil {
			return err
		}
		if out = r; r.DeletedAt.IsZero() {
			return nil
		}
		if err := s.room(ctx, tx, 1); err != nil {
			return err
		}
		r.DeletedAt = time.Time{}
		if err := update(ctx, tx, &r); err != nil {
			return err
		}
		if out, err = find(ctx, tx, id, ""); err != nil {
			return err
		}
		return s.recordTx(ctx, tx, "tone_rule.restored", nil, &out)
	})
	return out, err
}

// Ignored counts that a reply was sent against rules that ask first.
func (s *Service) Ignored(ctx context.Context, conversation int64, rules []int64) (err error) {
	defer errs.Wrap(&err, "count a reply against the tone guide")
	if _, err := s.Conversations.Get(ctx, conversation); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		for _, id := range unique(rules) {
			if err := addIgnored(ctx, tx, id, s.Now()); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) recordTx(ctx context.Context, tx *db.Tx, action string, before, after *Rule) error {
	e := audit.Entry{Action: action, Subject: "tone_rule"}
	if before != nil {
		e.ID, e.Name, e.Before = before.ID, before.Name, auditedOf(before)
	}
	if after != nil {
		e.ID, e.Name, e.After = after.ID, after.Name, auditedOf(after)
	}
	return audit.RecordTx(ctx, tx, s.Now(), e)
}
