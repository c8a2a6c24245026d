package email

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// takeFromBucket counts some more in the period, unless more than most were
// counted before. A period that has begun starts at nothing.
func takeFromBucket(ctx context.Context, tx *db.Tx, bucket string, period time.Time, some, most int64) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO send_bucket (name, period, used) VALUES (?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET
			used = CASE WHEN send_bucket.period = excluded.period THEN send_bucket.used ELSE 0 END + excluded.used, period = excluded.period
		WHERE send_bucket.period <> excluded.period OR send_bucket.used <= ?`, bucket, period.UnixMilli(), some, most)
	return n == 1, err
}
