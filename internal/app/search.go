package app

import (
	"context"
	"io"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/search"
	"github.com/deskbell/deskbell/internal/view"
)

// listConversations is what search asks of view.
func (a *App) listConversations(ctx context.Context, l search.Listing, from *search.Place, limit int) ([]search.Listed, *search.Place, error) {
	f := view.Filter{Statuses: l.Statuses, Inbox: l.Inbox, Team: l.Team, Assignee: l.Assignee, Tag: l.Tag, Follows: l.Follows, Mentions: l.Mentions, Drafts: l.Drafts}
	f.Where(l.Where, l.Args...)
	found, next, err := a.Views.List(ctx, f, (*view.Place)(from), limit)
	out := make([]search.Listed, len(found))
	for i, c := range found {
		out[i] = search.Listed{ID: c.ID, Subject: c.Subject, Preview: c.Preview, Activity: c.LastActivityAt}
	}
	return out, (*search.Place)(next), err
}

// cardsFound keeps files with card numbers from being handed out, and with them
// the mails that carried them, repeats included.
func (a *App) cardsFound(ctx context.Context, tx *db.Tx, message int64, files []int64) error {
	withheld, err := a.Conversations.WithholdTx(ctx, tx, message, files)
	if err != nil || !withheld {
		return err
	}
	ledger, err := a.Ledger.OfMessages(ctx, tx, []int64{message})
	if err != nil {
		return err
	}
	return a.Email.SealTx(ctx, tx, ledger)
}

// openFile is what search asks of the blob store.
func (a *App) openFile(ctx context.Context, key string) (io.ReadCloser, error) {
	r, _, err := a.Blobs.Open(ctx, key)
	return r, err
}
