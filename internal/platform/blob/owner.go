package blob

import (
	"context"
	"database/sql"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// OwnedBy tells which of the keys stand in the column blob_key of one of the
// tables. For the sweep each owner of blobs asks so about its own.
func OwnedBy(ctx context.Context, q db.Queryer, keys []string, tables ...string) (map[string]bool, error) {
	args := make([]any, len(keys))
	for i, k := range keys {
		args[i] = k
	}
	out := map[string]bool{}
	for _, table := range tables {
		err := db.Each(ctx, q, "SELECT blob_key FROM "+table+" WHERE blob_key <> '' AND blob_key IN ("+db.Marks(len(keys))+")", args, func(rows *sql.Rows) error {
			var key string
			err := rows.Scan(&key)
			out[key] = true
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
