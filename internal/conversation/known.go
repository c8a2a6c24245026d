package conversation

import (
	"context"
	"database/sql"

	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Known names those of the addresses, folded, whose owners the shop has to do
// with: somebody answered them, or their address is proved, in a conversation
// that is neither spam nor in the trash.
func (s *Service) Known(ctx context.Context, addresses []string) (_ map[string]bool, err error) {
	defer errs.Wrap(&err, "look for known customers")
	out := map[string]bool{}
	if len(addresses) == 0 {
		return out, nil
	}
	values := make([]any, len(addresses))
	for n, a := range addresses {
		values[n] = customer.Fold(customer.Email, a)
	}
	return out, knownAddresses(ctx, s.DB, values, func(rows *sql.Rows) error {
		var value string
		err := rows.Scan(&value)
		out[value] = true
		return err
	})
}
