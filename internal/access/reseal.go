package access

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// ResealTx hands every sealed secret of a second step to again and stores what
// comes back; nil leaves it as it is. Nobody makes another until the
// transaction ends.
func ResealTx(ctx context.Context, tx *db.Tx, again func(table, column string, row int64, sealed []byte) []byte) (err error) {
	defer errs.Wrap(&err, "seal the secrets of second steps again")
	if err := lockTOTP(ctx, tx); err != nil {
		return err
	}
	all, err := allTOTP(ctx, tx)
	if err != nil {
		return err
	}
	for agent, sealed := range all {
		next := again("totp", "secret", agent, sealed)
		if next == nil {
			continue
		}
		if err := setTOTPSecret(ctx, tx, agent, next); err != nil {
			return err
		}
	}
	return nil
}
