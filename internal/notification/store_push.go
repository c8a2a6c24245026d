package notification

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

func pushKey(ctx context.Context, q db.Queryer) (sealed []byte, err error) {
	err = q.QueryRow(ctx, "SELECT secret FROM push_key WHERE id = 1").Scan(&sealed)
	return sealed, err
}

func insertPushKey(ctx context.Context, tx *db.Tx, public, sealed []byte, at time.Time) error {
	_, err := tx.Exec(ctx, "INSERT INTO push_key (id, public, secret, created_at) VALUES (1, ?, ?, ?) ON CONFLICT DO NOTHING", public, sealed, at.UnixMilli())
	return err
}
