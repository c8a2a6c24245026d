package customer

import (
	"context"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/text"
)

// MaxNote is how long one note can be, in bytes.
const MaxNote = 10_000

// Note is what an agent noted about a customer.
type Note struct {
	ID       int64
	Agent    int64
	Text     string
	At       time.Time
	EditedAt time.Time // zero = never
}

var (
	errNoNote      = errs.New(errs.NotFound, "There is no such note.")
	errForeignNote = errs.New(errs.Forbidden, "Only who wrote a note can change or delete it.")
)

// Notes lists the notes about a customer, also about those who were merged into
// them, newest first and older than before, 0 = from the beginning.
func (s *Service) Notes(ctx context.Context, id, before int64, limit int) (_ []Note, err error) {
	defer errs.Wrap(&err, "list the notes about customer %d", id)
	if _, err := s.find(ctx, s.DB, id, ""); err != nil {
		return nil, err
	}
	if before == 0 {
		before = 1 << 62
	}
	return notes(ctx, s.DB, id, before, limit)
}

// AddNote keeps what an agent noted. finish runs last in the transaction.
func (s *Service) AddNote(ctx context.Context, id int64, words string, agent int64, finish func(context.Context, *db.Tx, Note) error) (n Note, err error) {
	defer errs.Wrap(&err, "note something about customer %d", id)
	n = Note{Agent: agent, At: s.Now()}
	if n.Text, err = noteText(words); err != nil {
		return n, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.livingTx(ctx, tx, id); err != nil {
			return err
		}
		if n.ID, err = insertNote(ctx, tx, id, n); err != nil {
			return err
		}
		if err := s.updatedTx(ctx, tx, id, agent); err != nil {
			return err
		}
		return finish(ctx, tx, n)
	})
	return n, err
}

// EditNote changes the words of a note; with none it is deleted. Only its author may.
func (s *Service) EditNote(ctx context.Context, id, note int64, words *string, agent int64) (n Note, err error) {
	defer errs.Wrap(&err, "change note %d about customer %d", note, id)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if n, err = findNote(ctx, tx, id, note); err != nil {
			return err
		}
		if n.Agent != agent {
			return errForeignNote
		}
		if words == nil {
			err = deleteNote(ctx, tx, note)
		} else if n.Text, err = noteText(*words); err == nil {
			n.EditedAt = s.Now()
			err = saveNote(ctx, tx, n)
		}
		if err != nil {
			return err
		}
		return s.updatedTx(ctx, tx, id, agent)
	})
	return n, err
}

func noteText(words string) (string, error) {
	words = strings.TrimSpace(words)
	switch {
	case words == "":
		return "", errs.InvalidField("body.text", "The note is empty.")
	case len(words) > MaxNote:
		return "", errs.InvalidField("body.text", "The note is longer than 10,000 characters.")
	}
	words, _ = text.MaskCards(words)
	return words, nil
}

// livingTx locks a customer who can still be written about.
func (s *Service) livingTx(ctx context.Context, tx *db.Tx, id int64) error {
	c, err := s.find(ctx, tx, id, tx.Dialect.ForUpdate())
	switch {
	case err != nil:
		return err
	case c.MergedInto != 0:
		return errMerged(c.MergedInto)
	case !c.ErasedAt.IsZero():
		return errErased
	}
	return nil
}
