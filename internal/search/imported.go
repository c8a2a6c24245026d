package search

import (
	"context"
	"strconv"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/text"
)

// Imported makes the messages of a conversation findable that was brought in
// whole. They are new, so that nothing has to be read back or taken out first.
func (s *Service) Imported(ctx context.Context, tx *db.Tx, c conversation.Conversation, list []conversation.Message) (err error) {
	defer errs.Wrap(&err, "index imported conversation %d", c.ID)
	languages, err := languagesOf(ctx, tx, c.Inbox)
	if err != nil {
		return err
	}
	a, first := s.analyzer(languages), true
	for _, m := range list {
		if m.Kind == conversation.KindEvent {
			continue
		}
		texts := []string{m.Text, m.AuthorName, m.AuthorAddress}
		if first {
			texts = append(texts, c.Subject, strconv.FormatInt(c.ID, 10))
			first = false
		}
		var files []file
		for _, f := range m.Attachments {
			texts = append(texts, f.Name)
			files = append(files, file{name: f.Name, contentType: f.ContentType})
		}
		if err := s.readLater(ctx, tx, m.ID, files); err != nil {
			return err
		}
		terms := a.Index(texts...).With(inInbox(c.Inbox), inConversation(c.ID))
		b := tx.Value(batchKey{}, func() db.Marked {
			b := &batch{}
			tx.BeforeCommit(b.write)
			return b
		}).(*batch)
		b.list = append(b.list, imported{m.ID, content{conversation: c.ID, customer: c.Customer, inbox: c.Inbox, at: m.CreatedAt}, terms})
	}
	return nil
}

// batch holds the documents of a transaction until its end. FTS5 writes what it
// has gathered to its tables whenever another statement makes SQLite open a
// savepoint, so documents between other rows would cost a segment each.
type batch struct{ list []imported }

type imported struct {
	message int64
	content
	text.Terms
}

type batchKey struct{}

func (b *batch) Mark() int    { return len(b.list) }
func (b *batch) Reset(at int) { b.list = b.list[:at] }

func (b *batch) write(ctx context.Context, tx *db.Tx) (err error) {
	defer errs.Wrap(&err, "index imported messages")
	for _, d := range b.list {
		if err := insert(ctx, tx, d.message, d.content, d.Terms); err != nil {
			return err
		}
	}
	b.list = nil
	return nil
}
