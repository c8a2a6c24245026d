package inbox

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// secretColumns are all columns that hold sealed values.
var secretColumns = []string{"imap_secret", "smtp_secret"}

// ResealTx hands every sealed password to again and stores what comes back; nil
// leaves it as it is. Nobody else changes an inbox until the transaction ends.
func ResealTx(ctx context.Context, tx *db.Tx, again func(table, column string, row int64, sealed []byte) []byte) (err error) {
	defer errs.Wrap(&err, "seal the passwords of inboxes again")
	if err := lockAll(ctx, tx); err != nil {
		return err
	}
	ids, err := withSecrets(ctx, tx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		imap, smtp, err := secrets(ctx, tx, id)
		if err != nil {
			return err
		}
		for i, sealed := range [][]byte{imap, smtp} {
			if sealed == nil {
				continue
			}
			next := again("inbox", secretColumns[i], int64(id), sealed)
			if next == nil {
				continue
			}
			if err := setSecret(ctx, tx, id, secretColumns[i], next); err != nil {
				return err
			}
		}
	}
	return nil
}
