package conversation

import (
	"context"
	"net/mail"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Addresses are those from which an inbox answers.
type Addresses struct {
	List []string // its own first
	// CatchAll is a domain all of whose addresses are the inbox's, "" = none.
	CatchAll string
}

// Has tells whether an answer may leave from the address.
func (a Addresses) Has(address string) bool {
	if slices.ContainsFunc(a.List, func(one string) bool { return strings.EqualFold(one, address) }) {
		return true
	}
	_, domain, ok := strings.Cut(address, "@")
	if parsed, err := mail.ParseAddress(address); err != nil || parsed.Address != address {
		return false
	}
	return ok && a.CatchAll != "" && strings.EqualFold(domain, a.CatchAll)
}

func (s *Service) addresses(ctx context.Context, q db.Queryer, inbox int64, settings InboxSettings) (Addresses, error) {
	if s.OwnAddresses == nil {
		return Addresses{List: []string{settings.Address}}, nil
	}
	return s.OwnAddresses(ctx, q, inbox)
}

// checkFrom refuses a sender that is none of ours.
func (s *Service) checkFrom(ctx context.Context, q db.Queryer, inbox int64, settings InboxSettings, from string) error {
	if from == "" {
		return nil
	}
	own, err := s.addresses(ctx, q, inbox, settings)
	if err == nil && !own.Has(from) {
		err = errs.InvalidField("body.from", "This inbox does not answer from that address. Choose its own address or one of its aliases.")
	}
	return err
}

// FromChoices are the addresses from which an answer in the conversation may
// leave, the one that it would take first, and the domain all of whose may.
func (s *Service) FromChoices(ctx context.Context, id int64) (out Addresses, err error) {
	defer errs.Wrap(&err, "senders of conversation %d", id)
	c, err := s.Get(ctx, id)
	if err != nil {
		return out, err
	}
	settings, err := s.Inbox(ctx, s.DB, c.Inbox)
	if err != nil {
		return out, err
	}
	own, err := s.addresses(ctx, s.DB, c.Inbox, settings)
	if err != nil {
		return out, err
	}
	out = Addresses{List: []string{}, CatchAll: own.CatchAll}
	if c.ReplyAddress != "" && own.Has(c.ReplyAddress) {
		out.List = append(out.List, c.ReplyAddress)
	}
	for _, a := range own.List {
		if !slices.ContainsFunc(out.List, func(one string) bool { return strings.EqualFold(one, a) }) {
			out.List = append(out.List, a)
		}
	}
	return out, nil
}
