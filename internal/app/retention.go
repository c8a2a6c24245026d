package app

import (
	"context"
	"errors"
	"time"

	"github.com/deskbell/deskbell/internal/bulk"
	"github.com/deskbell/deskbell/internal/channel/email/notice"
	"github.com/deskbell/deskbell/internal/notification"
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
	for _, prune := range []func(context.Context, *db.DB, time.Time, int) (int64, error){event.Prune, web.PruneRepeats, audit.Prune, notice.Prune, bulk.Prune, notification.Prune} {
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

// maxDoubt is how far the clocks of this machine and of PostgreSQL may be apart
// for anything to be deleted by age.
const maxDoubt = 10 * time.Minute

// unlessDoubted leaves out what is deleted by age while the clock may be wrong:
// in a year that has not come yet everything is too old.
func (a *App) unlessDoubted(do func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		if by, doubted := a.clock.Doubt(); doubted {
			a.Log.Warn("the clock of this machine was set: nothing is deleted by age for a day", "by", by)
			return nil
		}
		if a.DB.Dialect == db.Postgres {
			off, err := clockAhead(ctx, a.DB, a.Now)
			if err != nil {
				return err
			}
			if off.Abs() > maxDoubt {
				a.Log.Warn("the clocks of this machine and of PostgreSQL differ: nothing is deleted by age", "by", off)
				return nil
			}
		}
		return do(ctx)
	}
}
