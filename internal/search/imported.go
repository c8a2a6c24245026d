package search

import (
	"context"
	"strconv"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
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
		for _, f := range m.Attachments {
			texts = append(texts, f.Name)
		}
		terms := a.Index(texts...).With(inInbox(c.Inbox), inConversation(c.ID))
		at := content{conversation: c.ID, customer: c.Customer, inbox: c.Inbox, at: m.CreatedAt}
		if err := insert(ctx, tx, m.ID, at, terms); err != nil {
			return err
		}
	}
	return nil
}
