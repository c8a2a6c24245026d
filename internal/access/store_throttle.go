package access

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// readThrottle is when the bucket is full again, 0 when it is.
func readThrottle(ctx context.Context, q db.Queryer, name []byte) (full int64, err error) {
	err = q.QueryRow(ctx, "SELECT full_at FROM throttle WHERE name = ?", name).Scan(&full)
	if db.IsNoRows(err) {
		return 0, nil
	}
	return full, err
}

// takeThrottle takes one try in one statement, so that two nodes never take the same.
func takeThrottle(ctx context.Context, tx *db.Tx, name []byte, now, every, limit int64) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO throttle (name, full_at) VALUES (?, ?)
		ON CONFLICT (name) DO UPDATE SET full_at =
			CASE WHEN throttle.full_at > ? AND throttle.full_at <= ? THEN throttle.full_at + ? ELSE excluded.full_at END
		WHERE throttle.full_at + ? <= ? OR throttle.full_at > ?`, name, now+every, now, limit, every, every, limit, limit)
	return n == 1, err
}

func giveThrottle(ctx context.Context, tx *db.Tx, name []byte, every int64) error {
	return tx.Send(ctx, "UPDATE throttle SET full_at = full_at - ? WHERE name = ?", every, name)
}

func deleteFull(ctx context.Context, tx *db.Tx, now time.Time, limit int) error {
	return tx.Send(ctx, "DELETE FROM throttle WHERE name IN (SELECT name FROM throttle WHERE full_at <= ? LIMIT ?)", now.UnixMilli(), limit)
}
