package conversation

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/text"
)

// History is a conversation that took place elsewhere and is brought in whole.
// It has its own times and sends, reminds and answers nothing.
type History struct {
	Inbox        int64
	Customer     Person // found or made by the address
	Subject      string // "" = the beginning of the first message
	Status       Status // "" = closed
	Priority     Priority
	Assignee     int64
	Team         int64
	SnoozedUntil time.Time // of a snoozed one
	ClosedAt     time.Time // zero = time of the last message
	Tags         []string
	Followers    []int64
	ReplyAddress string
	Unread       bool // the customer's last message was read by nobody; otherwise all is read
	Messages     []HistoryMessage
}

// HistoryMessage is one entry of a [History].
type HistoryMessage struct {
	Kind       Kind
	At         time.Time
	Agent      int64  // who wrote the outbound message or note, or caused the event; 0 = the system
	AgentName  string // "" = looked up
	From       Person // of an inbound message; no address = the customer
	To, Cc     []Person
	Subject    string // "" = the conversation's
	Text, HTML string // HTML is sanitised
	// OriginalText and OriginalHTML are the whole, set when more than the shown text.
	OriginalText, OriginalHTML string
	Automatic                  bool
	RFCID                      string  // "" = none for inbound, a new one for outbound
	Mentions                   []int64 // unread where the conversation is
	Attachments                []NewAttachment
	EventName                  string
	EventData                  any
	Delivery                   DeliveryState // of an outbound message: sent (the default), delivered or failed

	masked bool // held a card number
}

// ImportTx writes a whole conversation and publishes one event,
// conversation.created with imported set. Nothing of it enters the ledger,
// which counts what passed through this program alone. Answers to its messages
// find it like those to any other.
func (s *Service) ImportTx(ctx context.Context, tx *db.Tx, h History) (id int64, err error) {
	defer errs.Wrap(&err, "import a conversation into inbox %d", h.Inbox)
	settings, err := s.Inbox(ctx, tx, h.Inbox)
	if err != nil {
		return 0, err
	}
	if !settings.KeepCards {
		h.mask()
	}
	if err := h.normalize(); err != nil {
		return 0, err
	}
	c, err := s.importRow(ctx, tx, &h, settings)
	if err != nil {
		return 0, err
	}
	list, err := s.importMessages(ctx, tx, &h, &c, settings)
	if err != nil {
		return 0, err
	}
	c.finishImport(h.Unread, list)
	if err := saveReceived(ctx, tx, nil, &c); err != nil {
		return 0, err
	}
	if err := s.importPeople(ctx, tx, &h, c.ID); err != nil {
		return 0, err
	}
	if s.Imported != nil {
		if err := s.Imported(ctx, tx, c, list); err != nil {
			return 0, err
		}
	}
	return c.ID, s.publish(ctx, tx, Created, &c, "system", 0, Fact{Imported: true})
}

// normalize fills in what was left open, puts the messages in order and says what is wrong.
func (h *History) normalize() error {
	h.Status, h.Priority = cmp.Or(h.Status, Closed), cmp.Or(h.Priority, Normal)
	switch {
	case len(h.Messages) == 0:
		return errs.New(errs.Invalid, "An imported conversation needs a message.")
	case !validStatus(h.Status):
		return errs.Newf(errs.Invalid, "%q is not a status of conversations.", h.Status)
	case hoursByPriority[h.Priority] == 0:
		return errs.Newf(errs.Invalid, "%q is not a priority.", h.Priority)
	case h.Status == Snoozed && h.SnoozedUntil.IsZero():
		return errs.New(errs.Invalid, "A snoozed conversation needs the time when it comes back.")
	case h.Customer.Address == "":
		return errs.New(errs.Invalid, "An imported conversation needs its customer's address.")
	}
	slices.SortStableFunc(h.Messages, func(a, b HistoryMessage) int { return a.At.Compare(b.At) })
	for i := range h.Messages {
		if err := h.Messages[i].normalize(); err != nil {
			return err
		}
	}
	h.Customer.Name = clip(clean(h.Customer.Name), customer.MaxName)
	h.Customer.Address = clip(clean(h.Customer.Address), customer.MaxValue)
	h.Subject = clip(clean(strings.TrimSpace(h.Subject)), 998)
	if h.Subject == "" {
		h.Subject = text.Preview(h.Messages[0].Text, 80)
	}
	return nil
}

func (m *HistoryMessage) normalize() error {
	if m.At.IsZero() {
		return errs.New(errs.Invalid, "An imported message needs its time.")
	}
	for _, p := range []*string{&m.Text, &m.HTML, &m.OriginalText, &m.OriginalHTML} {
		*p = clip(clean(*p), MaxText)
	}
	m.RFCID, m.Subject = clip(clean(m.RFCID), 998), clip(clean(m.Subject), 998)
	m.To, m.Cc = bounded(m.To), bounded(m.Cc)
	switch m.Kind {
	case KindInbound, KindNote, KindEvent:
		m.Delivery = ""
		return nil
	case KindOutbound:
		m.Delivery = cmp.Or(m.Delivery, Sent)
	default:
		return errs.Newf(errs.Invalid, "%q is not a kind of message.", m.Kind)
	}
	switch m.Delivery {
	case Sent, Delivered, Failed:
		return nil
	}
	return errs.Newf(errs.Invalid, "An imported message was sent, delivered or failed; it cannot be %q.", m.Delivery)
}

// importRow writes the conversation as it stands at the end; only the ids of
// its messages are missing.
func (s *Service) importRow(ctx context.Context, tx *db.Tx, h *History, settings InboxSettings) (c Conversation, err error) {
	then := *s.Customers // so that a new customer is as old as their first message
	then.Now = func() time.Time { return h.Messages[0].At }
	who, err := then.IdentifyTx(ctx, tx, customer.Email, h.Customer.Address, h.Customer.Name, false)
	if err != nil {
		return c, err
	}
	c = Conversation{
		Inbox: h.Inbox, Channel: settings.Channel, Customer: who, Subject: h.Subject, Status: h.Status, Priority: h.Priority,
		Assignee: h.Assignee, Team: h.Team, ReplyAddress: h.ReplyAddress, CreatedAt: h.Messages[0].At, Version: 1,
	}
	c.LastActivityAt = c.CreatedAt
	for _, m := range h.Messages {
		c.replay(m)
	}
	switch h.Status {
	case Closed:
		c.ClosedAt = h.ClosedAt
		if c.ClosedAt.IsZero() {
			c.ClosedAt = h.Messages[len(h.Messages)-1].At
		}
		c.WaitingSince = time.Time{}
	case Spam, Trash:
		c.WaitingSince = time.Time{}
	case Snoozed:
		c.SnoozedUntil = h.SnoozedUntil
	}
	if c.ID, err = reserve(ctx, tx); err != nil {
		return c, err
	}
	return c, insert(ctx, tx, &c)
}

// replay applies what a message of the past does to preview, activity and waiting.
func (c *Conversation) replay(m HistoryMessage) {
	switch {
	case m.Kind == KindInbound && m.Automatic && c.Preview != "":
		c.ReceiveAutomatic(0, m.At)
	case m.Kind == KindInbound:
		c.arrive(0, m.At, text.Preview(m.Text, 200))
		if c.WaitingSince.IsZero() && !m.Automatic {
			c.WaitingSince = m.At
		}
	case m.Kind == KindOutbound:
		c.arrive(0, m.At, text.Preview(m.Text, 200))
		c.WaitingSince = time.Time{}
	}
}

func (s *Service) importMessages(ctx context.Context, tx *db.Tx, h *History, c *Conversation, settings InboxSettings) ([]Message, error) {
	list := make([]Message, 0, len(h.Messages))
	var theirs, ours []threadKey
	names := map[int64]string{}
	for i := range h.Messages {
		m, err := s.importMessage(ctx, tx, h, &h.Messages[i], c, settings, names)
		if err != nil {
			return nil, err
		}
		switch {
		case m.Kind == KindInbound && m.RFCID != "":
			theirs = append(theirs, keyOf(m.RFCID))
		case m.Kind == KindOutbound:
			ours = append(ours, keyOf(m.RFCID), keyOf(Token(m.RFCID)))
		}
		list = append(list, m)
	}
	if err := claimKeys(ctx, tx, c.Inbox, c.ID, theirs); err != nil {
		return nil, err
	}
	err := claimKeys(ctx, tx, ownKeys, c.ID, ours)
	return list, err
}

func (s *Service) importMessage(ctx context.Context, tx *db.Tx, h *History, from *HistoryMessage, c *Conversation,
	settings InboxSettings, names map[int64]string,
) (m Message, err error) {
	m = Message{
		Conversation: c.ID, Kind: from.Kind, Subject: cmp.Or(from.Subject, c.Subject), Text: from.Text, HTML: from.HTML,
		Recipients: Recipients{To: from.To, Cc: from.Cc}, RFCID: from.RFCID, EventName: from.EventName, CreatedAt: from.At,
	}
	if err := s.importAuthor(ctx, tx, &m, h, from, c, names); err != nil {
		return m, err
	}
	switch from.Kind {
	case KindOutbound:
		m.outboundOf(from, h.Customer, settings.Address)
	case KindEvent:
		m.Subject = ""
		if m.EventData, err = json.Marshal(from.EventData); err != nil {
			return m, fmt.Errorf("data of %s: %w", from.EventName, err)
		}
	case KindNote:
		m.Subject = ""
	}
	in := Inbound{Attachments: from.Attachments, OriginalText: from.OriginalText, OriginalHTML: from.OriginalHTML}
	if in.Full = in.OriginalText+in.OriginalHTML != ""; in.Full {
		m.Flags |= FlagFull
	}
	if from.Automatic {
		m.Flags |= FlagAutomatic
	}
	in.Facts.CardMasked = from.masked
	if err := s.writeMessage(ctx, tx, in, &m); err != nil {
		return m, err
	}
	for _, a := range from.Attachments {
		m.Attachments = append(m.Attachments, Attachment{Message: m.ID, Name: a.Name, ContentType: a.ContentType, Size: a.Size,
			ContentID: a.ContentID, Inline: a.Inline, BlobKey: a.BlobKey, CreatedAt: s.Now()})
	}
	for _, agent := range from.Mentions {
		if err := follow(ctx, tx, c.ID, agent, "mention", h.Unread, from.At); err != nil {
			return m, err
		}
	}
	return m, nil
}

func (s *Service) importAuthor(ctx context.Context, tx *db.Tx, m *Message, h *History, from *HistoryMessage, c *Conversation, names map[int64]string) (err error) {
	if from.Kind == KindInbound {
		author := from.From
		m.AuthorType, m.AuthorID = "customer", c.Customer
		if author.Address == "" {
			author = h.Customer
		} else if !strings.EqualFold(author.Address, h.Customer.Address) {
			if m.AuthorID, err = s.Customers.IdentifyTx(ctx, tx, customer.Email, author.Address, author.Name, false); err != nil {
				return err
			}
		}
		m.AuthorName, m.AuthorAddress = author.Name, author.Address
		return nil
	}
	if from.Agent == 0 {
		m.AuthorType = "system"
		return nil
	}
	name := cmp.Or(from.AgentName, names[from.Agent])
	if name == "" {
		if name, err = agentName(ctx, tx, from.Agent); err != nil {
			return err
		}
		names[from.Agent] = name
	}
	m.AuthorType, m.AuthorID, m.AuthorName = "agent", from.Agent, name
	return nil
}

// outboundOf fills in what every message that went out has.
func (m *Message) outboundOf(from *HistoryMessage, to Person, address string) {
	if m.RFCID == "" {
		m.RFCID = newRFCID(address)
	}
	if from.Subject == "" {
		m.Subject = replySubject(m.Subject)
	}
	if len(m.Recipients.To) == 0 {
		m.Recipients.To = []Person{to}
	}
	m.Delivery.State = from.Delivery
	for _, p := range append(slices.Clone(m.Recipients.To), m.Recipients.Cc...) {
		m.Delivery.Recipients = append(m.Delivery.Recipients, RecipientDelivery{Address: p.Address, State: from.Delivery})
	}
}

// finishImport sets what depends on the ids of the messages.
func (c *Conversation) finishImport(unread bool, list []Message) {
	for _, m := range list {
		c.LastMessage = m.ID
		if m.Kind == KindInbound {
			c.LastInbound = m.ID
		}
	}
	c.ReadFloor = c.LastMessage
	if unread {
		c.ReadFloor = max(c.LastInbound-1, 0)
	}
}

// importPeople writes tags, followers and whom the customer had in copy.
func (s *Service) importPeople(ctx context.Context, tx *db.Tx, h *History, id int64) error {
	for _, name := range h.Tags {
		if err := checkTagName(name, "tags"); err != nil {
			return err
		}
		if _, err := addTag(ctx, tx, id, name); err != nil {
			return err
		}
	}
	for _, agent := range h.Followers {
		if err := follow(ctx, tx, id, agent, "follow", false, h.Messages[0].At); err != nil {
			return err
		}
	}
	for _, m := range h.Messages {
		for _, p := range m.Cc {
			if err := setParticipant(ctx, tx, id, participant{p, "cc"}); err != nil {
				return err
			}
		}
	}
	return nil
}
