package hours

import (
	"context"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Service is what can be done with the business hours.
type Service struct {
	DB  *db.DB
	Now func() time.Time
}

var errNotFound = errs.New(errs.NotFound, "There are no such business hours.")

// List reads all sets, the default first and the others by name.
func (s *Service) List(ctx context.Context) (_ []Set, err error) {
	defer errs.Wrap(&err, "list business hours")
	return list(ctx, s.DB)
}

// Get reads one set.
func (s *Service) Get(ctx context.Context, id int64) (_ Set, err error) {
	defer errs.Wrap(&err, "read business hours %d", id)
	return current(ctx, s.DB, id)
}

// Of is the set that an inbox keeps, which is the default where it chose none;
// inbox 0 asks for the default. ok is false when there are no business hours.
func (s *Service) Of(ctx context.Context, inbox int64) (_ Set, ok bool, err error) {
	defer errs.Wrap(&err, "read the business hours of inbox %d", inbox)
	all, err := list(ctx, s.DB)
	if err != nil || len(all) == 0 {
		return Set{}, false, err
	}
	for _, one := range all {
		if slices.Contains(one.Inboxes, inbox) {
			return one, true, nil
		}
	}
	return all[0], true, nil
}

// Try checks a set as it would be checked when it is saved, and tidies it.
func (s *Service) Try(set Set) (Set, error) {
	if set.Name == "" {
		set.Name = "-" // it may come last
	}
	return set, set.check()
}

// Finish is what the caller of a write adds to its transaction; it may be nil.
type Finish func(tx *db.Tx, s Set) error

// Create makes a set. The first one is the default, whatever it says.
func (s *Service) Create(ctx context.Context, set Set, finish Finish) (out Set, err error) {
	defer errs.Wrap(&err, "make business hours")
	if err := set.check(); err != nil {
		return out, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := room(ctx, tx); err != nil {
			return err
		}
		if set.ID, err = insert(ctx, tx, set, s.Now()); err != nil {
			return err
		}
		if err := saveInboxes(ctx, tx, set); err != nil {
			return err
		}
		if set.Default {
			if err := makeDefault(ctx, tx, set.ID); err != nil {
				return err
			}
		}
		if out, err = current(ctx, tx, set.ID); err != nil {
			return err
		}
		if err := s.recordTx(ctx, tx, "business_hours.created", nil, &out); err != nil || finish == nil {
			return err
		}
		return finish(tx, out)
	})
	return out, err
}

func room(ctx context.Context, q db.Queryer) error {
	n, err := count(ctx, q)
	if err == nil && n >= MaxSets {
		err = errs.Newf(errs.Conflict, "There are %d sets of business hours at most. Delete one first.", MaxSets)
	}
	return err
}

// Change applies change to the set as it is now. version 0 is no check.
func (s *Service) Change(ctx context.Context, id, version int64, change func(*Set)) (out Set, err error) {
	defer errs.Wrap(&err, "change business hours %d", id)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := lock(ctx, tx, id); err != nil {
			return err
		}
		before, err := current(ctx, tx, id)
		if err != nil {
			return err
		}
		if version != 0 && version != before.Version {
			return errs.Stale("Somebody else changed these business hours. Look again, then repeat.")
		}
		set := before
		change(&set)
		if err := set.check(); err != nil {
			return err
		}
		if before.Default && !set.Default {
			return errs.InvalidField("body.default", "There is always a default. Make other business hours the default instead.")
		}
		if err := update(ctx, tx, set); err != nil {
			return err
		}
		if err := saveInboxes(ctx, tx, set); err != nil {
			return err
		}
		if set.Default && !before.Default {
			if err := makeDefault(ctx, tx, id); err != nil {
				return err
			}
		}
		if out, err = current(ctx, tx, id); err != nil {
			return err
		}
		return s.recordTx(ctx, tx, "business_hours.changed", &before, &out)
	})
	return out, err
}

// Delete puts a set away; for a day it can be restored. Inboxes that kept it
// keep the default. The default goes last.
func (s *Service) Delete(ctx context.Context, id int64) (err error) {
	defer errs.Wrap(&err, "delete business hours %d", id)
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := lock(ctx, tx, id); err != nil {
			return err
		}
		before, err := current(ctx, tx, id)
		if err != nil {
			return err
		}
		n, err := count(ctx, tx)
		if err != nil {
			return err
		}
		if before.Default && n > 1 {
			return errs.New(errs.Conflict, "These are the default. Make other business hours the default first.")
		}
		if err := setDeleted(ctx, tx, id, s.Now()); err != nil {
			return err
		}
		if err := s.recordTx(ctx, tx, "business_hours.deleted", &before, nil); err != nil {
			return err
		}
		return forget(ctx, tx, s.Now().Add(-day))
	})
}

const day = 24 * time.Hour

// Restore takes a deletion back, with the inboxes that have chosen nothing else
// since. What was the default is so again only while there is no other.
func (s *Service) Restore(ctx context.Context, id int64) (out Set, err error) {
	defer errs.Wrap(&err, "restore business hours %d", id)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := lock(ctx, tx, id); err != nil {
			return err
		}
		if out, err = current(ctx, tx, id); err == nil || !errs.Is(err, errs.NotFound) {
			return err // it is there
		}
		if err := room(ctx, tx); err != nil {
			return err
		}
		if err := setBack(ctx, tx, id); err != nil {
			return err
		}
		if out, err = current(ctx, tx, id); err != nil {
			return err
		}
		return s.recordTx(ctx, tx, "business_hours.restored", nil, &out)
	})
	return out, err
}

func (s *Service) recordTx(ctx context.Context, tx *db.Tx, action string, before, after *Set) error {
	e := audit.Entry{Action: action, Subject: "business_hours"}
	if before != nil {
		e.ID, e.Name, e.Before = before.ID, before.Name, auditedOf(before)
	}
	if after != nil {
		e.ID, e.Name, e.After = after.ID, after.Name, auditedOf(after)
	}
	return audit.RecordTx(ctx, tx, s.Now(), e)
}
