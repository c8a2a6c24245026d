package conversation

import (
	"context"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/text"
)

// ReplyRecipients are the people an answer would go to.
type ReplyRecipients struct {
	To         []Person
	Cc         []Person
	Unverified []Person // came in by a Message-ID; the agent has to choose them
	From       string   // our address, "" = the inbox's
	// Troubled are those of the people above whose address bounced or who complained.
	Troubled []customer.Identity
}

// Spoken is the language of what the customer wrote last, such as "tr"; "" when it is not certain.
func (s *Service) Spoken(ctx context.Context, id int64) (language string, err error) {
	defer errs.Wrap(&err, "language of conversation %d", id)
	c, err := s.Get(ctx, id)
	if err != nil {
		return "", err
	}
	m, ok, err := lastInbound(ctx, s.DB, c.ID)
	if err == nil && ok {
		language, _ = text.Detect(m.Text)
	}
	return language, err
}

// Recipients says whom a reply goes to: the customer; somebody who was written
// to and answered becomes To and the customer Cc; strangers stand apart. Our
// own addresses are never among them.
func (s *Service) Recipients(ctx context.Context, id int64) (_ ReplyRecipients, err error) {
	defer errs.Wrap(&err, "recipients of conversation %d", id)
	c, err := s.Get(ctx, id)
	if err != nil {
		return ReplyRecipients{}, err
	}
	settings, err := s.Inbox(ctx, s.DB, c.Inbox)
	if err != nil {
		return ReplyRecipients{}, err
	}
	r, err := s.recipients(ctx, s.DB, &c, settings)
	if err != nil {
		return r, err
	}
	var all []string
	for _, p := range slices.Concat(r.To, r.Cc, r.Unverified) {
		all = append(all, p.Address)
	}
	r.Troubled, err = s.Customers.Troubled(ctx, s.DB, all)
	return r, err
}

func (s *Service) recipients(ctx context.Context, q db.Queryer, c *Conversation, settings InboxSettings) (r ReplyRecipients, err error) {
	who, err := customerAddress(ctx, q, c.ID, c.Customer)
	if err != nil {
		return r, err
	}
	people, err := participants(ctx, q, c.ID)
	if err != nil {
		return r, err
	}
	return among(ctx, q, c, settings, who, people)
}

// among chooses the recipients among the customer and the others of a conversation.
func among(ctx context.Context, q db.Queryer, c *Conversation, settings InboxSettings, who Person, people []participant) (r ReplyRecipients, err error) {
	r.From = c.ReplyAddress
	var last Message
	if slices.ContainsFunc(people, func(p participant) bool { return p.Kind == "to" }) {
		if last, _, err = lastInbound(ctx, q, c.ID); err != nil {
			return r, err
		}
	}
	for _, p := range people {
		switch {
		case strings.EqualFold(p.Address, who.Address), strings.EqualFold(p.Address, settings.Address):
		case p.Kind == "unverified":
			r.Unverified = append(r.Unverified, p.Person)
		case p.Kind == "to" && strings.EqualFold(p.Address, last.AuthorAddress):
			r.To = append(r.To, p.Person)
		default:
			r.Cc = append(r.Cc, p.Person)
		}
	}
	if who.Address == "" {
		return r, nil
	}
	if len(r.To) == 0 {
		r.To = []Person{who}
	} else {
		r.Cc = append([]Person{who}, r.Cc...)
	}
	return r, nil
}
