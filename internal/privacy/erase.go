package privacy

import (
	"context"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// erasedTogether is how many conversations are looked up at once; each has a
// transaction of its own, so that mail that arrives meanwhile waits for none.
const erasedTogether = 50

// errMore says that a message came while the last conversation was erased.
var errMore = errs.New(errs.Unavailable, "There is more to erase.")

// erase takes everything of a customer, the person last: until then mail from
// their addresses finds them and is erased as well.
func (s *Service) erase(ctx context.Context, r *Request) error {
	if err := access.From(ctx).Need(access.CustomersErase); err != nil {
		return err
	}
	exports, err := exportsOf(ctx, s.DB, r.Customer)
	if err != nil {
		return err
	}
	for {
		if held, err := s.Conversations.HeldTx(ctx, s.DB, r.Customer); err != nil || held {
			if err == nil {
				err = conversation.ErrHeld
			}
			return err
		}
		list, err := s.Conversations.Erasable(ctx, s.DB, r.Customer, erasedTogether)
		if err != nil {
			return err
		}
		for _, id := range list {
			if err := s.Conversations.Erase(ctx, id, r.Customer); err != nil {
				return err
			}
		}
		if len(list) == 0 {
			break
		}
	}
	if err := s.forget(ctx, exports); err != nil {
		return err
	}
	return s.erasePerson(ctx, r)
}

func (s *Service) erasePerson(ctx context.Context, r *Request) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		addresses, err := s.Customers.EraseTx(ctx, tx, r.Customer, r.Agent)
		if err != nil {
			return err
		}
		if more, err := s.Conversations.Erasable(ctx, tx, r.Customer, 1); err != nil || len(more) > 0 {
			if err == nil {
				err = errMore
			}
			return err
		}
		if err := s.Conversations.ForgetPersonTx(ctx, tx, addresses); err != nil {
			return err
		}
		if err := s.Erased(ctx, tx); err != nil {
			return err
		}
		if err := audit.RecordTx(ctx, tx, s.Now(), audit.Entry{Action: "customer.erased", Subject: "customer", ID: r.Customer}); err != nil {
			return err
		}
		r.State, r.FinishedAt = Done, s.Now()
		return save(ctx, tx, *r)
	})
}
