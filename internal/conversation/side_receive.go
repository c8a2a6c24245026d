package conversation

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/text"
)

// receiveSide takes a message that answers a side conversation; false = it does
// not. What the customer wrote is never put aside, whoever let them into it:
// it belongs into the conversation, where somebody answers it.
func (s *Service) receiveSide(ctx context.Context, tx *db.Tx, in Inbound, leads []found) (r Received, aside bool, err error) {
	side, c, err := s.lockLead(ctx, tx, in, leads, true)
	if err != nil || side == nil {
		return r, false, err
	}
	if err := s.addSideInbound(ctx, tx, in, side, c, &r); err != nil {
		return r, false, err
	}
	return r, true, nil
}

// lockLead locks the side conversation that the keys lead to, with its
// conversation, and claims the mail's keys for it; nil = they lead to none.
func (s *Service) lockLead(ctx context.Context, tx *db.Tx, in Inbound, leads []found, notCustomer bool) (*Side, *Conversation, error) {
	id := chooseSide(in.Inbox, leads)
	if id == 0 {
		return nil, nil, nil
	}
	side, err := findSide(ctx, tx, id, "")
	if errs.Is(err, errs.NotFound) {
		return nil, nil, nil // with its conversation, which was deleted
	}
	if err != nil {
		return nil, nil, err
	}
	c, err := find(ctx, tx, side.Conversation, "")
	if err != nil {
		return nil, nil, err
	}
	if notCustomer {
		own, err := customersOwn(ctx, tx, c.Customer, []string{customer.Fold(customer.Email, in.From.Address)})
		if err != nil || len(own) > 0 {
			return nil, nil, err
		}
	}
	_, own := in.keys()
	if err := claimSideKeys(ctx, tx, in.Inbox, side.Conversation, side.ID, in.claims(own)); err != nil {
		return nil, nil, err
	}
	if c, err = s.survivor(ctx, tx, side.Conversation); err != nil {
		return nil, nil, err
	}
	side, err = findSide(ctx, tx, id, tx.Dialect.ForUpdate())
	return &side, &c, err
}

func (s *Service) addSideInbound(ctx context.Context, tx *db.Tx, in Inbound, side *Side, c *Conversation, r *Received) error {
	m := in.message(c.ID, 0)
	m.Kind, m.Side, m.Origin, m.AuthorType = KindSideInbound, side.ID, side.Origin, "partner"
	quiet := in.Automatic || in.History || in.Spam != nil && in.Spam.Reason == SpamBlocked
	if !quiet && !side.knows(in.From.Address) {
		m.Flags |= FlagUnverified
	}
	if err := s.writeMessage(ctx, tx, in, &m); err != nil {
		return err
	}
	before := *c
	switch {
	case in.Bounce != nil:
		if err := s.sideBounce(ctx, tx, in, side, c); err != nil {
			return err
		}
	case !quiet:
		if err := s.sideAnswer(ctx, tx, in, side, c, &m); err != nil {
			return err
		}
	}
	if err := s.wake(ctx, tx, &before, c); err != nil {
		return err
	}
	if err := saveSide(ctx, tx, side); err != nil {
		return err
	}
	r.Conversation, r.Message = c.ID, m.ID
	f := c.factOf(&before)
	f.Message, f.Ledger, f.Side, f.Automatic, f.History, f.Agent = m.ID, in.LedgerID, side.ID, quiet, in.History, side.Agent
	return s.publish(ctx, tx, SideReceived, c, "partner", 0, f)
}

// sideAnswer says in the conversation that somebody answered, and to whom the
// next message goes.
func (s *Service) sideAnswer(ctx context.Context, tx *db.Tx, in Inbound, side *Side, c *Conversation, m *Message) error {
	if m.Flags.Has(FlagUnverified) {
		side.arrived(in.At)
	} else {
		others, err := s.withoutCustomer(ctx, tx, c, append(bounded(in.To), bounded(in.Cc)...))
		if err != nil {
			return err
		}
		side.answered(in.From, others, in.At)
	}
	name := in.From.Name
	if name == "" {
		name = in.From.Address
	}
	c.asideHappened(in.At)
	return s.sideEvent(ctx, tx, c, side, EventSideAnswered, map[string]any{"name": name, "preview": text.Preview(in.Text, 120)}, 0)
}

// asideHappened wakes a conversation that rests: somebody has to go on with it.
// Nobody waits the longer for it, as the customer did not write.
func (c *Conversation) asideHappened(at time.Time) {
	if at.After(c.LastActivityAt) {
		c.LastActivityAt = at
	}
	switch c.Status {
	case Pending, Snoozed, Closed:
		c.setStatus(Open, at)
	}
}

// wake writes what became of a conversation in which something happened aside:
// its lines, the assignee's unread mark, the row.
func (s *Service) wake(ctx context.Context, tx *db.Tx, before, c *Conversation) error {
	if err := s.reopenedTx(ctx, tx, before, c); err != nil {
		return err
	}
	if before.Status != c.Status {
		if err := s.addEventTx(ctx, tx, c, EventStatusChanged, map[string]any{"from": before.Status, "to": c.Status}, 0); err != nil {
			return err
		}
	}
	if before.LastMessage != c.LastMessage && c.Assignee != 0 {
		if err := setReadMark(ctx, tx, c.ID, c.Assignee, unreadFrom(c.LastInbound, c.ReadFloor)); err != nil {
			return err
		}
	}
	return save(ctx, tx, before, c)
}

// sideBounce marks the message of ours that a delivery report speaks of.
func (s *Service) sideBounce(ctx context.Context, tx *db.Tx, in Inbound, side *Side, c *Conversation) error {
	m, ok, err := sideByRFCID(ctx, tx, side.ID, in.Bounce.OriginalRFCID)
	if err != nil || !ok {
		return err
	}
	switch in.Bounce.Action {
	case "delayed", "relayed", "expanded":
		return nil
	case "delivered":
		m.deliveredTo(in.Bounce.Recipient)
		return s.setDeliveryTx(ctx, tx, c, &m)
	}
	m.bouncedAt(in.Bounce)
	if err := s.setDeliveryTx(ctx, tx, c, &m); err != nil {
		return err
	}
	side.arrived(in.At)
	c.asideHappened(in.At)
	return s.sideEvent(ctx, tx, c, side, EventSideFailed, map[string]any{"reason": m.Delivery.Error}, 0)
}

// sideFailed says that a message of a side conversation did not leave.
func (s *Service) sideFailed(ctx context.Context, tx *db.Tx, c *Conversation, m *Message, reason string) error {
	side, err := findSide(ctx, tx, m.Side, tx.Dialect.ForUpdate())
	if err != nil {
		return err
	}
	before := *c
	side.arrived(s.Now())
	c.asideHappened(s.Now())
	if err := s.sideEvent(ctx, tx, c, &side, EventSideFailed, map[string]any{"reason": reason}, 0); err != nil {
		return err
	}
	if err := saveSide(ctx, tx, &side); err != nil {
		return err
	}
	return s.wake(ctx, tx, &before, c)
}

// sideEvent writes a line about a side conversation into the conversation.
func (s *Service) sideEvent(ctx context.Context, tx *db.Tx, c *Conversation, side *Side, name string, data map[string]any, agent int64) error {
	data["side_conversation_id"], data["subject"] = side.ID, side.Subject
	return s.addEventTx(ctx, tx, c, name, data, agent)
}

// withoutCustomer leaves out the addresses of the conversation's customer.
func (s *Service) withoutCustomer(ctx context.Context, q db.Queryer, c *Conversation, list []Person) (out []Person, err error) {
	folded := make([]string, len(list))
	for i, p := range list {
		folded[i] = customer.Fold(customer.Email, p.Address)
	}
	own, err := customersOwn(ctx, q, c.Customer, folded)
	for i, p := range list {
		if !own[folded[i]] {
			out = append(out, p)
		}
	}
	return out, err
}

// sentAside takes a mail that somebody of the shop wrote in a mail program as an
// answer in a side conversation; false = it answers none.
func (s *Service) sentAside(ctx context.Context, tx *db.Tx, in Inbound, leads []found) (r Received, aside bool, err error) {
	side, c, err := s.lockLead(ctx, tx, in, leads, false)
	if err != nil || side == nil {
		return r, false, err
	}
	settings, err := s.Inbox(ctx, tx, c.Inbox)
	if err != nil {
		return r, false, err
	}
	m := in.sentMessage(c.ID)
	m.Kind, m.Side, m.Origin = KindSideOutbound, side.ID, side.Origin
	if m.AuthorID, m.AuthorName, err = s.authorOf(ctx, tx, in.From, settings.Address); err != nil {
		return r, false, err
	}
	if err := s.writeMessage(ctx, tx, in, &m); err != nil {
		return r, false, err
	}
	if !in.History {
		to, err := s.withoutCustomer(ctx, tx, c, m.Recipients.To)
		if err != nil {
			return r, false, err
		}
		if len(to) > 0 {
			side.sent(m.AuthorID, Recipients{To: to, Cc: side.Recipients.Cc, From: side.Recipients.From}, in.At)
		}
	}
	if err := saveSide(ctx, tx, side); err != nil {
		return r, false, err
	}
	return Received{Conversation: c.ID, Message: m.ID}, true, s.publish(ctx, tx, SideReceived, c, "agent", m.AuthorID,
		Fact{Message: m.ID, Ledger: in.LedgerID, Side: side.ID, Automatic: true, History: in.History})
}
