package search

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// later are the entries of SQLite's word index that a transaction has still to
// write. SQLite writes a part of the index whenever a savepoint is released, and
// has to merge all the parts some day; so the entries of sixty mails that came
// together are written at the end of their transaction, as one part.
type later struct {
	list    []entry
	written bool // the end has come: what follows is written at once
}

// entry is the words of a document, or that a document of the list has gone.
type entry struct {
	doc   int64
	terms string
	gone  bool
}

// Mark and Reset let a savepoint take entries back.
func (l *later) Mark() int    { return len(l.list) }
func (l *later) Reset(at int) { l.list = l.list[:at] }

type laterKey struct{}

func laterOf(tx *db.Tx) *later {
	return tx.Value(laterKey{}, func() db.Marked {
		l := &later{}
		tx.BeforeCommit(l.write)
		return l
	}).(*later)
}

func (l *later) add(ctx context.Context, tx *db.Tx, doc int64, terms string) error {
	if l.written {
		return writeEntry(ctx, tx, entry{doc: doc, terms: terms})
	}
	l.list = append(l.list, entry{doc: doc, terms: terms})
	return nil
}

// drop takes back what was not written yet, and tells whether there was something.
func (l *later) drop(doc int64) bool {
	for i := len(l.list) - 1; i >= 0; i-- {
		if e := l.list[i]; e.doc == doc {
			if !e.gone {
				l.list = append(l.list, entry{doc: doc, gone: true})
			}
			return !e.gone
		}
	}
	return false
}

func (l *later) write(ctx context.Context, tx *db.Tx) error {
	last := make(map[int64]int, len(l.list))
	for i, e := range l.list {
		last[e.doc] = i
	}
	for i, e := range l.list {
		if e.gone || last[e.doc] != i {
			continue
		}
		if err := writeEntry(ctx, tx, e); err != nil {
			return err
		}
	}
	l.list, l.written = nil, true
	return nil
}

func writeEntry(ctx context.Context, tx *db.Tx, e entry) error {
	return tx.Send(ctx, "INSERT INTO search_index (rowid, terms) VALUES (?, ?)", e.doc, e.terms)
}
