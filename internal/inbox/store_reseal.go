package inbox

import (
	"context"
	"database/sql"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// lockAll waits for everybody who makes or changes an inbox, and keeps others
// away. SQLite has one writer anyway.
func lockAll(ctx context.Context, tx *db.Tx) error {
	if tx.Dialect != db.Postgres {
		return nil
	}
	_, err := tx.Exec(ctx, "LOCK TABLE inbox IN EXCLUSIVE MODE")
	return err
}

func withSecrets(ctx context.Context, q db.Queryer) (ids []ID, err error) {
	err = db.Each(ctx, q, "SELECT id FROM inbox WHERE imap_secret IS NOT NULL OR smtp_secret IS NOT NULL ORDER BY id", nil, func(rows *sql.Rows) error {
		var id ID
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}
