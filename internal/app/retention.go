package app

import (
	"context"
	"errors"
	"time"

	"github.com/deskbell/deskbell/internal/bulk"
	"github.com/deskbell/deskbell/internal/channel/email/notice"
	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/event"
	"github.com/deskbell/deskbell/internal/platform/web"
)

const (
	// prunedTogether is how many rows go in one transaction: mail that arrives
	// meanwhile waits for some milliseconds.
	prunedTogether = 2000
	// prunedAtMost in one round. A rush of 400 mails a second writes fewer in the
	// hour between two rounds.
	prunedAtMost = 5_000_000
)

// retain deletes what is not kept any longer, in small transactions.
func (a *App) retain(ctx context.Context) error {
	var all error
	for _, prune := range []func(context.Context, *db.DB, time.Time, int) (int64, error){event.Prune, web.PruneRepeats, audit.Prune, notice.Prune, bulk.Prune} {
		all = errors.Join(all, a.prune(ctx, prune))
	}
	return all
}

func (a *App) prune(ctx context.Context, some func(context.Context, *db.DB, time.Time, int) (int64, error)) error {
	for total := int64(0); total < prunedAtMost; {
		n, err := some(ctx, a.DB, a.Now(), prunedTogether)
		if err != nil || n < prunedTogether {
			return err
		}
		total += n
	}
	return nil
}
