package customer

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// eraseRows empties the rows of a customer and of everybody merged into them.
func eraseRows(ctx context.Context, tx *db.Tx, id int64, at time.Time) error {
	for _, text := range []string{
		"DELETE FROM customer_identity WHERE " + whole,
		"DELETE FROM customer_note WHERE " + whole,
		"DELETE FROM customer_consent WHERE " + whole,
		"DELETE FROM customer_merge WHERE survivor_id IN (SELECT id FROM customer WHERE id = ? OR merged_into = ?)",
	} {
		if err := tx.Send(ctx, text, id, id); err != nil {
			return err
		}
	}
	return tx.Send(ctx, "UPDATE customer SET name = '', locale = '', notes = '', attributes = '{}', erased_at = ?, version = version + 1 WHERE id = ? OR merged_into = ?",
		at.UnixMilli(), id, id)
}
