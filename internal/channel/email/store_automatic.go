package email

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// automaticSince counts the automatic mails that an address got since two moments.
func automaticSince(ctx context.Context, q db.Queryer, address string, recent, earlier time.Time) (n, all int, err error) {
	err = q.QueryRow(ctx, "SELECT COALESCE(SUM(CASE WHEN at > ? THEN 1 ELSE 0 END), 0), COUNT(*) FROM automatic_mail WHERE address = ? AND at > ?",
		recent.UnixMilli(), address, earlier.UnixMilli()).Scan(&n, &all)
	return n, all, err
}

// noteAutomatic counts one more, and forgets what no limit needs any more.
func noteAutomatic(ctx context.Context, tx *db.Tx, address string, at time.Time) error {
	if err := tx.Send(ctx, "DELETE FROM automatic_mail WHERE at < ?", at.AddDate(0, 0, -2).UnixMilli()); err != nil {
		return err
	}
	return tx.Send(ctx, "INSERT INTO automatic_mail (address, at) VALUES (?, ?)", address, at.UnixMilli())
}

func bouncedForGood(ctx context.Context, q db.Queryer, address string) (bool, error) {
	var n int
	err := q.QueryRow(ctx, "SELECT COUNT(*) FROM customer_identity WHERE kind = 'email' AND value = ? AND bounced_at > 0", address).Scan(&n)
	return n > 0, err
}
