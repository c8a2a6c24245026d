package conversation

import (
	"context"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/text"
)

// ErrNoThread says that a mail which was sent elsewhere answers no conversation
// that is here.
var ErrNoThread = errs.New(errs.NotFound, "This mail answers no conversation that is here.")

// SentTx takes a mail that somebody of the shop wrote in a mail program, as it
// was found among the sent mail. It joins the conversation that it answers as an
// outbound message, counts as an answer when nothing newer came from the
// customer, and is sent by nobody. [ErrNoThread] leaves nothing behind; Masked is
// right all the same.
//
// The same mail again changes nothing and returns the first one's ids.
func (s *Service) SentTx(ctx context.Context, tx *db.Tx, in Inbound) (r Received, err error) {
	defer errs.Wrap(&err, "take a mail that was sent elsewhere from inbox %d", in.Inbox)
	if err := s.maskInbound(ctx, tx, &in); err != nil {
		return r, err
	}
	defer func() { r.Masked = in.Facts.CardMasked }()
	in.bound()
	_, own := in.keys()
	leads, err := in.leads(ctx, tx)
	if err != nil {
		return r, err
	}
	id, _ := chooseLead(in.Inbox, leads)
	if id == 0 && (!in.History || len(in.To)+len(in.Cc) == 0) {
		return r, ErrNoThread
	}
	if in.SameHash != nil {
		first, r, err := claimSame(ctx, tx, in.Inbox, in.SameHash)
		if err != nil || !first {
			return r, err
		}
	}
	if r, aside, err := s.sentAside(ctx, tx, in, leads); aside || err != nil {
		if err != nil || in.SameHash == nil {
			return r, err
		}
		return r, fillSame(ctx, tx, in.Inbox, in.SameHash, r)
	}
	if id == 0 {
		if id, err = s.claimNew(ctx, tx, in.Inbox, in.claims(own)); err != nil {
			return r, err
		}
	} else if err = claimKeys(ctx, tx, in.Inbox, id, in.claims(own)); err != nil {
		return r, err
	}
	c, err := s.historyOr(ctx, tx, in, id)
	if err != nil {
		return r, err
	}
	if r, err = s.addSent(ctx, tx, in, &c); err != nil || in.SameHash == nil {
		return r, err
	}
	return r, fillSame(ctx, tx, in.Inbox, in.SameHash, r)
}

// historyOr locks the conversation, or begins one with the reserved id -id: the
// first word of an exchange that lies in the past was ours.
func (s *Service) historyOr(ctx context.Context, tx *db.Tx, in Inbound, id int64) (c Conversation, err error) {
	if id > 0 {
		return s.survivor(ctx, tx, id)
	}
	if _, err := s.Inbox(ctx, tx, in.Inbox); err != nil {
		return c, err
	}
	to := append(append([]Person{}, in.To...), in.Cc...)[0]
	who, err := s.Customers.IdentifyTx(ctx, tx, customer.Email, to.Address, to.Name, false)
	if err != nil {
		return c, err
	}
	c = in.newConversation(-id, who, s.Now())
	return c, insert(ctx, tx, &c)
}

func (s *Service) addSent(ctx context.Context, tx *db.Tx, in Inbound, c *Conversation) (r Received, err error) {
	settings, err := s.Inbox(ctx, tx, c.Inbox)
	if err != nil {
		return r, err
	}
	m := in.sentMessage(c.ID)
	if m.AuthorID, m.AuthorName, err = s.authorOf(ctx, tx, in.From, settings.Address); err != nil {
		return r, err
	}
	if err := s.writeMessage(ctx, tx, in, &m); err != nil {
		return r, err
	}
	open, err := waitingMessages(ctx, tx, c.ID, m.ID)
	if err != nil {
		return r, err
	}
	before := *c
	answers, later := split(open, in.At)
	preview := text.Preview(in.Text, 200)
	switch {
	case in.History:
		c.arrive(m.ID, in.At, older(c, in.At, preview))
	default:
		c.Answered(m.AuthorID, m.ID, settings.AfterReply, in.At, older(c, in.At, preview), later)
	}
	if err := s.happened(ctx, tx, &before, c, m.AuthorID); err != nil {
		return r, err
	}
	if err := save(ctx, tx, &before, c); err != nil {
		return r, err
	}
	return Received{Conversation: c.ID, Message: m.ID}, s.publish(ctx, tx, SentElsewhere, c, "agent", m.AuthorID,
		Fact{Message: m.ID, Ledger: in.LedgerID, Answers: answers, History: in.History, Version: c.Version})
}

// older keeps the preview of what came later than the mail.
func older(c *Conversation, at time.Time, preview string) string {
	if c.Preview != "" && at.Before(c.LastActivityAt) {
		return c.Preview
	}
	return preview
}

// waiting is a customer's message without an answer.
type waiting struct {
	id int64
	at time.Time
}

// split parts the messages that a mail of the time can have answered from the
// first of those that came later.
func split(open []waiting, at time.Time) (answers []int64, later time.Time) {
	for _, w := range open {
		switch {
		case !w.at.After(at):
			answers = append(answers, w.id)
		case later.IsZero() || w.at.Before(later):
			later = w.at
		}
	}
	return answers, later
}

// Answered applies an answer that was not written here. later is when the
// customer wrote again afterwards, zero = they did not.
func (c *Conversation) Answered(author, message int64, then Status, at time.Time, preview string, later time.Time) {
	switch {
	case c.Status == Spam || c.Status == Trash:
		c.arrive(message, at, preview)
	case !later.IsZero():
		c.arrive(message, at, preview)
		if !c.WaitingSince.IsZero() {
			c.WaitingSince = later
		}
	default:
		owner := c.Assignee
		c.Reply(author, message, then, at, preview)
		if author == 0 {
			c.Assignee = owner
		}
	}
}

func (in Inbound) sentMessage(conversation int64) Message {
	m := Message{
		Conversation: conversation, Kind: KindOutbound, AuthorType: "agent", AuthorAddress: in.From.Address, Subject: in.Subject,
		Text: in.Text, HTML: in.HTML, Recipients: Recipients{To: bounded(in.To), Cc: bounded(in.Cc)}, RFCID: in.RFCID, LedgerID: in.LedgerID,
		SanitizerVersion: in.SanitizerVersion, CreatedAt: in.At, Flags: FlagElsewhere, Delivery: Delivery{State: Sent},
	}
	for _, p := range append(append([]Person{}, m.Recipients.To...), m.Recipients.Cc...) {
		m.Delivery.Recipients = append(m.Delivery.Recipients, RecipientDelivery{Address: p.Address, State: Sent})
	}
	for flag, on := range map[Flags]bool{FlagFull: in.Full, FlagRemoteImages: in.RemoteImages, FlagHistory: in.History} {
		if on {
			m.Flags |= flag
		}
	}
	return m
}

// authorOf finds the agent behind a From: by the address, then by the name
// alone, which people who share a mailbox set. Otherwise it is what From says.
func (s *Service) authorOf(ctx context.Context, q db.Queryer, from Person, inbox string) (id int64, name string, err error) {
	id, name, err = agentOf(ctx, q, strings.ToLower(from.Address), from.Name)
	switch {
	case err != nil || id != 0:
		return id, name, err
	case from.Name != "":
		return 0, from.Name, nil
	case from.Address != "":
		return 0, from.Address, nil
	}
	return 0, inbox, nil
}
