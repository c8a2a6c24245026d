package customer

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// BouncedTx notes that a server said for good that the address takes no mail.
func (s *Service) BouncedTx(ctx context.Context, tx *db.Tx, address string, at time.Time, reason string) (err error) {
	defer errs.Wrap(&err, "note a bounce of an address")
	return setBounced(ctx, tx, Fold(Email, address), at, reason)
}

// ReachableTx forgets a bounce, because somebody wrote from the address.
func (s *Service) ReachableTx(ctx context.Context, tx *db.Tx, address string) (err error) {
	defer errs.Wrap(&err, "note that an address can be reached")
	return setReachable(ctx, tx, Fold(Email, address))
}

// ComplainedTx notes that mail of ours was reported as spam from the address.
func (s *Service) ComplainedTx(ctx context.Context, tx *db.Tx, address string, at time.Time) (err error) {
	defer errs.Wrap(&err, "note a complaint of an address")
	return setComplained(ctx, tx, Fold(Email, address), at)
}

// Troubled names those of the addresses that bounced or complained.
func (s *Service) Troubled(ctx context.Context, q db.Queryer, addresses []string) (_ []Identity, err error) {
	defer errs.Wrap(&err, "look for addresses that bounced")
	if len(addresses) == 0 {
		return nil, nil
	}
	values := make([]string, len(addresses))
	for i, a := range addresses {
		values[i] = Fold(Email, a)
	}
	return troubled(ctx, q, values)
}
