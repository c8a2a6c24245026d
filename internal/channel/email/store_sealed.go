package email

import (
	"context"
	"database/sql"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

func insertSeal(ctx context.Context, tx *db.Tx, ledger int64, until time.Time) error {
	return tx.Send(ctx, "INSERT INTO sealed_mail (ledger_id, until_at) VALUES (?, ?) ON CONFLICT DO NOTHING", ledger, until.UnixMilli())
}

func findSeal(ctx context.Context, q db.Queryer, ledger int64) (s sealed, ok bool, err error) {
	var until int64
	err = q.QueryRow(ctx, "SELECT until_at, removed FROM sealed_mail WHERE ledger_id = ?", ledger).Scan(&until, &s.removed)
	if db.IsNoRows(err) {
		return s, false, nil
	}
	s.until = instant(until)
	return s, err == nil, err
}

// dueSeals lists mails whose time is over, with the blobs that hold their bytes.
func dueSeals(ctx context.Context, q db.Queryer, now time.Time, limit int) (ledger []int64, blobs []string, err error) {
	err = db.Each(ctx, q, `SELECT s.ledger_id, COALESCE(i.blob_key, '') FROM sealed_mail s LEFT JOIN inbound i ON i.ledger_id = s.ledger_id
		WHERE s.removed = FALSE AND s.until_at <= ? ORDER BY s.until_at, s.ledger_id LIMIT ?`, []any{now.UnixMilli(), limit}, func(rows *sql.Rows) error {
		var id int64
		var key string
		err := rows.Scan(&id, &key)
		ledger = append(ledger, id)
		if key != "" {
			blobs = append(blobs, key)
		}
		return err
	})
	return ledger, blobs, err
}

func endSeals(ctx context.Context, tx *db.Tx, ledger []int64) error {
	args := make([]any, len(ledger))
	for n, id := range ledger {
		args[n] = id
	}
	return tx.Send(ctx, "UPDATE sealed_mail SET removed = TRUE WHERE ledger_id IN ("+db.Marks(len(ledger))+")", args...)
}
