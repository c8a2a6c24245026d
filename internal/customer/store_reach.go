package customer

import (
	"context"
	"database/sql"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// instant reads milliseconds; 0 is the zero time.
func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func setBounced(ctx context.Context, tx *db.Tx, value string, at time.Time, reason string) error {
	return tx.Send(ctx, "UPDATE customer_identity SET bounced_at = ?, bounce_reason = ? WHERE kind = 'email' AND value = ?",
		at.UnixMilli(), clip(reason, 1000), value)
}

func setReachable(ctx context.Context, tx *db.Tx, value string) error {
	return tx.Send(ctx, "UPDATE customer_identity SET bounced_at = 0, bounce_reason = '' WHERE kind = 'email' AND value = ? AND bounced_at > 0", value)
}

func setComplained(ctx context.Context, tx *db.Tx, value string, at time.Time) error {
	return tx.Send(ctx, "UPDATE customer_identity SET complained_at = ? WHERE kind = 'email' AND value = ?", at.UnixMilli(), value)
}

func troubled(ctx context.Context, q db.Queryer, values []string) ([]Identity, error) {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	var out []Identity
	err := db.Each(ctx, q, `SELECT shown, bounced_at, bounce_reason, complained_at FROM customer_identity
		WHERE kind = 'email' AND value IN (`+db.Marks(len(values))+") AND (bounced_at > 0 OR complained_at > 0) ORDER BY id", args, func(rows *sql.Rows) error {
		var bounced, complained int64
		i := Identity{Kind: Email}
		err := rows.Scan(&i.Shown, &bounced, &i.BounceReason, &complained)
		i.BouncedAt, i.ComplainedAt = instant(bounced), instant(complained)
		out = append(out, i)
		return err
	})
	return out, err
}
