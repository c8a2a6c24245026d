package consent

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// ResealTx hands every sealed value to again and stores what comes back; nil
// leaves it as it is. Nobody makes another until the transaction ends.
func ResealTx(ctx context.Context, tx *db.Tx, again func(table, column string, row int64, sealed []byte) []byte) (err error) {
	defer errs.Wrap(&err, "seal the consents again")
	if err := lockSealed(ctx, tx); err != nil {
		return err
	}
	for _, c := range sealedColumns {
		values, err := allSealed(ctx, tx, c.table, c.column)
		if err != nil {
			return err
		}
		for id, sealed := range values {
			next := again(c.table, c.column, id, sealed)
			if next == nil {
				continue
			}
			if err := setSealed(ctx, tx, c.table, c.column, id, next); err != nil {
				return err
			}
		}
	}
	return nil
}
