package email

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// ResealTx hands every sealed signing key to again and stores what comes back;
// nil leaves it as it is. Nobody makes another until the transaction ends.
func ResealTx(ctx context.Context, tx *db.Tx, again func(table, column string, row int64, sealed []byte) []byte) (err error) {
	defer errs.Wrap(&err, "seal the signing keys again")
	if err := lockSigningKeys(ctx, tx); err != nil {
		return err
	}
	keys, err := allSigningKeys(ctx, tx)
	if err != nil {
		return err
	}
	for id, sealed := range keys {
		next := again("dkim_key", "private", id, sealed)
		if next == nil {
			continue
		}
		if err := setSealed(ctx, tx, id, next); err != nil {
			return err
		}
	}
	return nil
}
