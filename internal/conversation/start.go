package conversation

import (
	"context"
	"strings"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// NewConversation is one that an agent begins, or that a program hands in for a customer.
type NewConversation struct {
	Inbox    int64
	Customer Person // found or made by its address
	Subject  string
	Inbound  bool // the customer wrote it; otherwise it is sent to them
	Message  NewReply
}

// Start begins a conversation with its first message.
func (s *Service) Start(ctx context.Context, n NewConversation, finish Finish) (c Conversation, m Message, err error) {
	defer errs.Wrap(&err, "start a conversation in inbox %d", n.Inbox)
	if err := n.check(ctx, s); err != nil {
		return c, m, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if n.Inbound {
			c, m, err = s.handIn(ctx, tx, n)
		} else {
			c, m, err = s.writeFirst(ctx, tx, n)
		}
		if err != nil {
			return err
		}
		return finish.run(ctx, tx, m)
	})
	return c, m, err
}

func (n *NewConversation) check(ctx context.Context, s *Service) error {
	if access.From(ctx).Scope.Level(n.Inbox) == access.None {
		return errs.InvalidField("body.inbox_id", "There is no such inbox.")
	}
	if !validAddress(n.Customer.Address) {
		return errs.InvalidField("body.customer.email", "This is not an e-mail address.")
	}
	if len(n.Subject) > quotedSubjects {
		return errs.InvalidField("body.subject", "The subject is longer than 998 characters.")
	}
	if strings.TrimSpace(n.Subject) == "" && !n.Inbound {
		return errs.InvalidField("body.subject", "A mail needs a subject.")
	}
	return n.Message.check(s.Now())
}

func (s *Service) handIn(ctx context.Context, tx *db.Tx, n NewConversation) (c Conversation, m Message, err error) {
	settings, err := s.Inbox(ctx, tx, n.Inbox)
	if err != nil {
		return c, m, err
	}
	in := Inbound{Inbox: n.Inbox, Channel: settings.Channel, From: n.Customer, At: s.Now(), Subject: n.Subject, Text: n.Message.Text, HTML: n.Message.HTML}
	r, err := s.ReceiveTx(ctx, tx, in)
	if err != nil {
		return c, m, err
	}
	if c, err = find(ctx, tx, r.Conversation, ""); err != nil {
		return c, m, err
	}
	m, err = findMessage(ctx, tx, r.Message, "")
	return c, m, err
}

func (s *Service) writeFirst(ctx context.Context, tx *db.Tx, n NewConversation) (c Conversation, m Message, err error) {
	settings, err := s.Inbox(ctx, tx, n.Inbox)
	if err != nil {
		return c, m, err
	}
	if !settings.KeepCards {
		n.mask()
	}
	who, err := s.Customers.IdentifyTx(ctx, tx, customer.Email, n.Customer.Address, n.Customer.Name, false)
	if err != nil {
		return c, m, err
	}
	c = Conversation{Inbox: n.Inbox, Channel: settings.Channel, Customer: who, Subject: n.Subject, Status: Open, Priority: Normal,
		LastActivityAt: s.Now(), CreatedAt: s.Now(), Version: 1, Assignee: access.From(ctx).AgentID}
	if c.ID, err = reserve(ctx, tx); err != nil {
		return c, m, err
	}
	if err := insert(ctx, tx, &c); err != nil {
		return c, m, err
	}
	if err := s.publish(ctx, tx, Created, &c, "agent", c.Assignee, Fact{}); err != nil {
		return c, m, err
	}
	n.Message.To = append([]Person{n.Customer}, n.Message.To...)
	m, err = s.replyTx(ctx, tx, &c, n.Message)
	return c, m, err
}
