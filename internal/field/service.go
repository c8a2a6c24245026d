package field

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Service is what can be done with the definitions.
type Service struct {
	DB  *db.DB
	Now func() time.Time
}

var errNotFound = errs.New(errs.NotFound, "There is no such field.")

// List reads the fields of a subject in their order, archived ones last.
func (s *Service) List(ctx context.Context, of Subject) (_ []Field, err error) {
	defer errs.Wrap(&err, "list fields")
	return list(ctx, s.DB, of)
}

// Of is the set of fields that a subject has now.
func (s *Service) Of(ctx context.Context, q db.Queryer, subject Subject) (Set, error) {
	all, err := list(ctx, q, subject)
	return all.current(), err
}

// Defined is the set of all fields that a subject ever had, archived ones last.
func (s *Service) Defined(ctx context.Context, q db.Queryer, subject Subject) (Set, error) {
	return list(ctx, q, subject)
}

func (s Set) current() Set {
	return slices.DeleteFunc(slices.Clone(s), func(f Field) bool { return f.Archived })
}

// Create defines a field. An empty key is made of the label.
//
// finish runs last in the transaction and may be nil.
func (s *Service) Create(ctx context.Context, f Field, finish func(*db.Tx, Field) error) (_ Field, err error) {
	defer errs.Wrap(&err, "create a field")
	f.clean()
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		all, err := list(ctx, tx, f.Subject)
		if err != nil {
			return err
		}
		taken := func(key string) bool { _, ok := all.Find(key); return ok }
		switch {
		case len(all.current()) >= MaxFields:
			return errs.Newf(errs.Conflict, "There are %d fields already. Archive one first.", MaxFields)
		case f.Key == "":
			f.Key = keyOf(f.Label, taken)
		case !validKey(f.Key):
			return errs.InvalidFieldf("body.key", "A key has 1 to %d small letters, digits and underscores and begins with a letter.", maxKey)
		case taken(f.Key):
			return errs.InvalidFieldf("body.key", "There is a field %q already.", f.Key)
		}
		if err := f.check(all.current()); err != nil {
			return err
		}
		f.ID, err = insert(ctx, tx, f, s.Now())
		if db.IsNoRows(err) {
			return errs.InvalidFieldf("body.key", "There is a field %q already.", f.Key)
		}
		if err != nil {
			return err
		}
		if f, err = find(ctx, tx, f.ID); err != nil {
			return err
		}
		if err := s.recordTx(ctx, tx, "custom_field.created", nil, &f); err != nil || finish == nil {
			return err
		}
		return finish(tx, f)
	})
	return f, err
}

func (f *Field) clean() {
	f.Label = strings.TrimSpace(f.Label)
	if f.Kind != Choice {
		f.Choices = nil
	}
	for i, c := range f.Choices {
		f.Choices[i] = strings.TrimSpace(c)
	}
}

// Change is a partial update; nil parts stay. Key and kind never change: values
// stand under them already.
type Change struct {
	Label    *string
	Choices  []string
	When     *Condition // an empty key = always shown
	Required *bool
	Position *int64
	Archived *bool
}

// Update changes a definition. Values that a conversation has keep a choice
// that is taken away until somebody chooses anew.
func (s *Service) Update(ctx context.Context, id int64, ch Change) (f Field, err error) {
	defer errs.Wrap(&err, "update field %d", id)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if f, err = find(ctx, tx, id); err != nil {
			return err
		}
		all, err := list(ctx, tx, f.Subject)
		if err != nil {
			return err
		}
		before := f
		f.apply(ch)
		if err := f.check(all.current()); err != nil {
			return err
		}
		if err := all.current().held(f); err != nil {
			return err
		}
		if before.Archived && !f.Archived && len(all.current()) >= MaxFields {
			return errs.Newf(errs.Conflict, "There are %d fields already. Archive one first.", MaxFields)
		}
		if err := save(ctx, tx, f, s.Now()); err != nil {
			return err
		}
		return s.recordTx(ctx, tx, "custom_field.changed", &before, &f)
	})
	return f, err
}

func (f *Field) apply(ch Change) {
	if ch.Label != nil {
		f.Label = *ch.Label
	}
	if ch.Choices != nil {
		f.Choices = slices.Clone(ch.Choices)
	}
	if ch.When != nil {
		if f.When = ch.When; ch.When.Key == "" {
			f.When = nil
		}
	}
	if ch.Required != nil {
		f.Required = *ch.Required
	}
	if ch.Position != nil {
		f.Position = *ch.Position
	}
	if ch.Archived != nil {
		f.Archived = *ch.Archived
	}
	f.clean()
}

// held refuses to take away what another field depends on.
func (s Set) held(f Field) error {
	for _, other := range s {
		if other.When == nil || other.When.Key != f.Key {
			continue
		}
		if f.Archived {
			return errs.Newf(errs.Conflict, "“%s” is shown by what is chosen here. Change that first.", other.Label)
		}
		for _, c := range other.When.Choices {
			if !slices.Contains(f.Choices, c) {
				return errs.InvalidFieldf("body.choices", "“%s” is shown with the choice “%s”. Change that first.", other.Label, c)
			}
		}
	}
	return nil
}

// audited is what the audit log keeps of a field.
type audited struct {
	Key      string     `json:"key"`
	Label    string     `json:"label"`
	Kind     Kind       `json:"kind"`
	Choices  []string   `json:"choices,omitempty"`
	When     *Condition `json:"shown_when,omitempty"`
	Required bool       `json:"required_on_close"`
	Position int64      `json:"position"`
	Archived bool       `json:"archived"`
}

func auditedOf(f *Field) any {
	if f == nil {
		return nil
	}
	return audited{f.Key, f.Label, f.Kind, f.Choices, f.When, f.Required, f.Position, f.Archived}
}

func (s *Service) recordTx(ctx context.Context, tx *db.Tx, action string, before, after *Field) error {
	return audit.RecordTx(ctx, tx, s.Now(), audit.Entry{Action: action, Subject: "custom_field", ID: after.ID, Name: after.Label,
		Before: auditedOf(before), After: auditedOf(after)})
}
