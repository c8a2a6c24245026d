package customer

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// LockTx keeps others from changing a customer until the transaction ends.
func (s *Service) LockTx(ctx context.Context, tx *db.Tx, id int64) error {
	return s.livingTx(ctx, tx, id)
}

// ChangedTx tells that something that belongs to a customer changed.
func (s *Service) ChangedTx(ctx context.Context, tx *db.Tx, id, actor int64) error {
	return s.updatedTx(ctx, tx, id, actor)
}

// EraseTx deletes everything known of a customer and of those who were merged
// into them. A row without words stays, to which empty conversations belong. It
// gives the addresses that were theirs.
func (s *Service) EraseTx(ctx context.Context, tx *db.Tx, id, actor int64) (addresses []string, err error) {
	defer errs.Wrap(&err, "erase customer %d", id)
	if err := lockIdentities(ctx, tx, []int64{id}); err != nil {
		return nil, err
	}
	c, err := s.find(ctx, tx, id, tx.Dialect.ForUpdate())
	if err != nil || !c.ErasedAt.IsZero() {
		return nil, err
	}
	if c.MergedInto != 0 {
		return nil, errMerged(c.MergedInto)
	}
	for _, i := range c.Identities {
		if i.Kind == Email {
			addresses = append(addresses, i.Value)
		}
	}
	if c.Merged, err = mergedInto(ctx, tx, id); err != nil {
		return nil, err
	}
	if err := eraseRows(ctx, tx, id, s.Now()); err != nil {
		return nil, err
	}
	for _, m := range append(c.Merged, Merged{ID: id}) {
		if err := audit.ForgetNamesTx(ctx, tx, "customer", m.ID); err != nil {
			return nil, err
		}
	}
	return addresses, s.updatedTx(ctx, tx, id, actor)
}

// Title is how people know the customer: the name, or an address.
func (c *Customer) Title() string { return c.title() }
