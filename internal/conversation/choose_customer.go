package conversation

import (
	"context"
	"strings"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// ChooseCustomer makes the person with the address the customer of the
// conversation, as an agent says who looks at a forwarded mail. Whoever was the
// customer until now stands beside it and gets no answer unless chosen. The
// address is not verified by this.
func (s *Service) ChooseCustomer(ctx context.Context, id int64, who Person) (c Conversation, err error) {
	defer errs.Wrap(&err, "choose the customer of conversation %d", id)
	who.Address, who.Name = strings.TrimSpace(who.Address), clip(clean(strings.TrimSpace(who.Name)), customer.MaxName)
	if !validAddress(who.Address) {
		return c, errs.InvalidField("body.address", "This is not an e-mail address.")
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if c, err = s.lock(ctx, tx, id, access.ConversationsUpdate); err != nil {
			return err
		}
		return s.chooseTx(ctx, tx, &c, who)
	})
	return c, err
}

func (s *Service) chooseTx(ctx context.Context, tx *db.Tx, c *Conversation, who Person) error {
	settings, err := s.Inbox(ctx, tx, c.Inbox)
	if err != nil {
		return err
	}
	if strings.EqualFold(settings.Address, who.Address) {
		return errs.InvalidField("body.address", "This is the inbox's own address.")
	}
	was, err := customerAddress(ctx, tx, c.ID, c.Customer)
	if err != nil {
		return err
	}
	before := *c
	if c.Customer, err = s.Customers.IdentifyTx(ctx, tx, customer.Email, who.Address, who.Name, false); err != nil {
		return err
	}
	if c.Customer == before.Customer {
		return nil
	}
	c.Version++
	if was.Address != "" {
		if err := setParticipant(ctx, tx, c.ID, participant{was, "unverified"}); err != nil {
			return err
		}
	}
	if err := dropParticipant(ctx, tx, c.ID, who.Address); err != nil {
		return err
	}
	agent := access.From(ctx).AgentID
	data := map[string]any{"from_name": was.Name, "from_address": was.Address, "to_name": who.Name, "to_address": who.Address}
	if err := s.addEventTx(ctx, tx, c, EventCustomerChanged, data, agent); err != nil {
		return err
	}
	if err := save(ctx, tx, &before, c); err != nil {
		return err
	}
	return s.publish(ctx, tx, Updated, c, actorType(agent), agent, Fact{Changed: []string{"customer_id"}, Version: c.Version})
}
