package conversation

import (
	"context"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/platform/db"
)

var _ customer.Conversations = (*Service)(nil)

// CountOf counts all conversations of a customer.
func (s *Service) CountOf(ctx context.Context, q db.Queryer, who int64) (int64, error) {
	return countOfCustomer(ctx, q, who)
}

// LockOfTx keeps others from changing conversations of the customers until the
// transaction ends.
func (s *Service) LockOfTx(ctx context.Context, tx *db.Tx, customers []int64) error {
	return lockOfCustomers(ctx, tx, customers)
}

// GiveTx makes all conversations of one customer those of another and names them.
// Their messages keep who wrote them.
func (s *Service) GiveTx(ctx context.Context, tx *db.Tx, from, to int64) ([]int64, error) {
	return giveAll(ctx, tx, from, to)
}

// GiveBackTx makes those of the list that are still from's conversations to's,
// and those that began since with a message from, or to, one of the addresses.
func (s *Service) GiveBackTx(ctx context.Context, tx *db.Tx, from, to int64, list []int64, since time.Time, addresses []string) error {
	begun, err := begunSince(ctx, tx, from, since)
	if err != nil {
		return err
	}
	for _, id := range begun {
		if slices.Contains(list, id) {
			continue
		}
		address, err := begunWith(ctx, tx, id)
		if err != nil {
			return err
		}
		if slices.Contains(addresses, customer.Fold(customer.Email, address)) {
			list = append(list, id)
		}
	}
	for chunk := range slices.Chunk(list, 500) {
		if err := giveThese(ctx, tx, from, to, chunk); err != nil {
			return err
		}
	}
	return nil
}
