package conversation

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/text"
)

// ReceiveTx is the one door for messages of every channel. It finds or begins
// the conversation, knows the customer, applies the rules and publishes
// message.received, all in the caller's transaction (behind a savepoint of its
// own where several messages share one).
//
// The same message again changes nothing and returns the first one's ids.
func (s *Service) ReceiveTx(ctx context.Context, tx *db.Tx, in Inbound) (r Received, err error) {
	defer errs.Wrap(&err, "receive a message in inbox %d", in.Inbox)
	if err := s.maskInbound(ctx, tx, &in); err != nil {
		return r, err
	}
	defer func() { r.Masked = in.Facts.CardMasked }()
	in.bound()
	if in.SameHash != nil {
		first, r, err := claimSame(ctx, tx, in.Inbox, in.SameHash)
		if err != nil || !first {
			return r, err
		}
	}
	if r, err = s.place(ctx, tx, in); err != nil {
		return r, err
	}
	if in.SameHash != nil {
		err = fillSame(ctx, tx, in.Inbox, in.SameHash, r)
	}
	return r, err
}

// place writes the message where it belongs: into a side conversation, a
// conversation that is there, or a new one.
func (s *Service) place(ctx context.Context, tx *db.Tx, in Inbound) (r Received, err error) {
	leads, err := in.leads(ctx, tx)
	if err != nil {
		return r, err
	}
	if r, aside, err := s.receiveSide(ctx, tx, in, leads); aside || err != nil {
		return r, err
	}
	c, before, lead, linked, err := s.target(ctx, tx, in, leads)
	if err != nil {
		return r, err
	}
	r.New = before == nil
	r.Message, err = s.addInbound(ctx, tx, in, &c, before, lead, linked)
	r.Conversation = c.ID
	return r, err
}

// bound cuts what a sender made too large; the raw message has the rest.
func (in *Inbound) bound() {
	in.Subject = clip(strings.ToValidUTF8(in.Subject, "\uFFFD"), 998)
	for _, p := range []*string{&in.Text, &in.HTML, &in.OriginalText, &in.OriginalHTML} {
		*p = clip(clean(*p), MaxText)
	}
	in.From.Name = clip(clean(in.From.Name), customer.MaxName)
	in.From.Address = clip(clean(in.From.Address), customer.MaxValue)
	if in.From.Address == "" {
		in.From.Address = "unknown@invalid"
	}
	if len(in.ThreadIDs) > 50 {
		in.ThreadIDs = in.ThreadIDs[:50]
	}
	in.RFCID = clip(clean(in.RFCID), 998)
}

// clean removes what PostgreSQL does not store.
func clean(s string) string {
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// addInbound writes the message into c; before is nil where c is new.
func (s *Service) addInbound(ctx context.Context, tx *db.Tx, in Inbound, c, before *Conversation, lead int64, linked []int64) (int64, error) {
	author := c.Customer
	if before != nil {
		var err error
		if author, err = s.Customers.IdentifyTx(ctx, tx, customer.Email, in.From.Address, in.From.Name, in.Verified); err != nil {
			return 0, err
		}
	}
	in.fromCustomer = author == c.Customer
	if before != nil && !in.Automatic && !in.History {
		if err := s.cancelLater(ctx, tx, c); err != nil {
			return 0, err
		}
		*before = *c
	}
	m := in.message(c.ID, author)
	if before != nil {
		m.Origin = lead // so that it goes back with its conversation when a merge is taken back
	}
	if before != nil && author != c.Customer {
		if err := s.otherSender(ctx, tx, in, c.ID, &m); err != nil {
			return 0, err
		}
	}
	isNew := before == nil
	if isNew {
		c.take(in, 0, true)
		if err := insert(ctx, tx, c); err != nil {
			return 0, err
		}
	}
	if err := s.writeMessage(ctx, tx, in, &m); err != nil {
		return 0, err
	}
	c.take(in, m.ID, isNew)
	if before != nil && before.Status != c.Status && (c.Status == Spam || before.Status == Spam) {
		data := map[string]any{"from": before.Status, "to": c.Status}
		if err := s.addEventTx(ctx, tx, c, EventStatusChanged, data, 0); err != nil {
			return 0, err
		}
	}
	if err := s.reports(ctx, tx, in, c); err != nil {
		return 0, err
	}
	if err := s.reopenedTx(ctx, tx, before, c); err != nil {
		return 0, err
	}
	if err := saveReceived(ctx, tx, before, c); err != nil {
		return 0, err
	}
	if err := s.copied(ctx, tx, in, c, author); err != nil {
		return 0, err
	}
	for _, other := range linked {
		if err := s.linkTx(ctx, tx, c, other); err != nil {
			return 0, err
		}
	}
	return m.ID, s.publish(ctx, tx, MessageReceived, c, "customer", author, Fact{
		Message: m.ID, Ledger: in.LedgerID, New: isNew, Automatic: in.Automatic, History: in.History,
	})
}

// take applies the rule that fits the message.
func (c *Conversation) take(in Inbound, message int64, isNew bool) {
	preview := text.Preview(in.Text, 200)
	switch {
	case in.History:
		c.receiveHistory(message, in.At, preview, isNew)
	case in.spam(isNew):
		c.ReceiveSpam(message, in.At, preview)
	case in.Spam != nil && in.Spam.Reason == SpamBlocked: // a blocked sender in somebody else's conversation
		c.ReceiveAutomatic(message, in.At)
	case in.Automatic && !isNew:
		c.ReceiveAutomatic(message, in.At)
	case in.Automatic:
		c.arrive(message, in.At, preview)
		c.LastInbound = message
	default:
		if in.Allowed && c.Status == Spam {
			c.setStatus(Open, in.At)
		}
		before := *c
		c.Receive(message, in.At, preview)
		c.wokenBy(before, in.onlyThanks(), in.At)
	}
	if in.ReplyTo != "" {
		c.ReplyAddress = in.ReplyTo
	}
}

// onlyThanks tells whether the customer has nothing to say but thanks. A logo
// below their name says nothing.
func (in Inbound) onlyThanks() bool {
	carries := slices.ContainsFunc(in.Attachments, func(f NewAttachment) bool { return !f.Inline })
	return in.fromCustomer && !carries && text.Thanks(in.Text)
}

// receiveHistory applies a message that is older than it looks: who has read all
// else has read it too, and it is not the customer's last word where there is a
// later one.
func (c *Conversation) receiveHistory(message int64, at time.Time, preview string, isNew bool) {
	c.arrive(message, at, older(c, at, preview))
	if isNew || c.LastInbound <= c.ReadFloor {
		c.LastInbound, c.ReadFloor = message, message
	}
}

// spam tells whether the conversation goes to spam with the message. What a
// server thinks does not count in a conversation that somebody answered.
func (in Inbound) spam(isNew bool) bool {
	return in.Spam != nil && (isNew || in.fromCustomer && in.Spam.Reason == SpamBlocked)
}

func (in Inbound) message(conversation, author int64) Message {
	m := Message{
		Conversation: conversation, Kind: KindInbound, AuthorType: "customer", AuthorID: author,
		AuthorName: in.From.Name, AuthorAddress: in.From.Address, Subject: in.Subject, Text: in.Text, HTML: in.HTML,
		Recipients: Recipients{To: bounded(in.To), Cc: bounded(in.Cc)}, RFCID: in.RFCID, LedgerID: in.LedgerID,
		SanitizerVersion: in.SanitizerVersion, CreatedAt: in.At,
	}
	for flag, on := range map[Flags]bool{FlagFull: in.Full, FlagAutomatic: in.Automatic, FlagRemoteImages: in.RemoteImages,
		FlagBounce: in.Bounce != nil, FlagHistory: in.History} {
		if on {
			m.Flags |= flag
		}
	}
	return m
}

// bounded keeps a list of addresses that a person can still read.
func bounded(p []Person) []Person { return p[:min(len(p), 200)] }

func (s *Service) writeMessage(ctx context.Context, tx *db.Tx, in Inbound, m *Message) error {
	if err := insertMessage(ctx, tx, m); err != nil {
		return err
	}
	if in.Full {
		if err := insertOriginal(ctx, tx, m.ID, in.OriginalText, in.OriginalHTML); err != nil {
			return err
		}
	}
	if !in.Facts.Empty() {
		if err := saveFacts(ctx, tx, m.ID, &in.Facts); err != nil {
			return err
		}
	}
	for _, a := range in.Attachments {
		if _, err := s.addFile(ctx, tx, m.ID, 0, a); err != nil {
			return err
		}
	}
	return nil
}

// otherSender decides who somebody is that is not the conversation's customer:
// a person whom we or the customer had written to takes the recipient's place,
// anybody else is shown as not verified and stands in no recipient line.
func (s *Service) otherSender(ctx context.Context, tx *db.Tx, in Inbound, conversation int64, m *Message) error {
	known, err := participants(ctx, tx, conversation)
	if err != nil {
		return err
	}
	address := strings.ToLower(in.From.Address)
	for _, p := range known {
		if p.Address == address && p.Kind != "unverified" {
			return setParticipant(ctx, tx, conversation, participant{in.From, "to"})
		}
	}
	m.Flags |= FlagUnverified
	return setParticipant(ctx, tx, conversation, participant{in.From, "unverified"})
}

// copied remembers whom the customer put in To and Cc: they take part.
func (s *Service) copied(ctx context.Context, tx *db.Tx, in Inbound, c *Conversation, author int64) error {
	if author != c.Customer || in.Automatic || in.History {
		return nil
	}
	for _, p := range append(append([]Person{}, bounded(in.To)...), bounded(in.Cc)...) {
		if p.Address == "" || strings.EqualFold(p.Address, in.From.Address) {
			continue
		}
		if err := setParticipant(ctx, tx, c.ID, participant{p, "cc"}); err != nil {
			return err
		}
	}
	return nil
}

// reports applies what the mail tells of our own: that one did not arrive, that
// somebody complained, or that an address does answer after all.
func (s *Service) reports(ctx context.Context, tx *db.Tx, in Inbound, c *Conversation) error {
	if !in.Automatic && !in.History {
		if err := s.Customers.ReachableTx(ctx, tx, in.From.Address); err != nil {
			return err
		}
	}
	if err := s.complaint(ctx, tx, in, c); err != nil {
		return err
	}
	return s.bounce(ctx, tx, in, c)
}

// complaint notes on our message, and on the address, who took it for spam.
func (s *Service) complaint(ctx context.Context, tx *db.Tx, in Inbound, c *Conversation) error {
	if in.Complaint == nil || in.Complaint.OriginalRFCID == "" {
		return nil
	}
	m, ok, err := byRFCID(ctx, tx, c.ID, in.Complaint.OriginalRFCID)
	if err != nil || !ok {
		return err
	}
	found := *in.Complaint
	found.At = in.At
	if found.Recipient = m.recipient(found.Recipient); found.Recipient == "" {
		return nil
	}
	list, err := factsOf(ctx, tx, []int64{m.ID})
	if err != nil {
		return err
	}
	f := list[m.ID]
	if f == nil {
		f = &Facts{}
	}
	for _, known := range f.Complaints {
		if known.Recipient == found.Recipient {
			return nil
		}
	}
	f.Complaints = append(f.Complaints, found)
	if err := saveFacts(ctx, tx, m.ID, f); err != nil {
		return err
	}
	if err := s.Customers.ComplainedTx(ctx, tx, found.Recipient, in.At); err != nil {
		return err
	}
	return s.addEventTx(ctx, tx, c, EventComplained, map[string]any{"message_id": m.ID, "recipient": found.Recipient}, 0)
}

// recipient is the recipient of the message whose address that is. Providers
// hide it in complaints: where there was only one, it was that.
func (m *Message) recipient(address string) string {
	all := slices.Concat(m.Recipients.To, m.Recipients.Cc, m.Recipients.Bcc)
	for _, p := range all {
		if strings.EqualFold(p.Address, address) {
			return p.Address
		}
	}
	if len(all) == 1 && address == "" {
		return all[0].Address
	}
	return ""
}

// bounce marks the message of ours that a delivery report speaks of.
func (s *Service) bounce(ctx context.Context, tx *db.Tx, in Inbound, c *Conversation) error {
	if in.Bounce == nil || in.Bounce.OriginalRFCID == "" {
		return nil
	}
	m, ok, err := byRFCID(ctx, tx, c.ID, in.Bounce.OriginalRFCID)
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
	if gone := m.recipient(in.Bounce.Recipient); gone != "" && in.Bounce.Hard {
		if err := s.Customers.BouncedTx(ctx, tx, gone, in.At, in.Bounce.Reason); err != nil {
			return err
		}
	}
	if err := s.setDeliveryTx(ctx, tx, c, &m); err != nil {
		return err
	}
	c.Bounced(in.At)
	return s.addEventTx(ctx, tx, c, EventBounced, map[string]any{"message_id": m.ID, "recipient": in.Bounce.Recipient, "reason": in.Bounce.Reason, "status": in.Bounce.Status}, 0)
}

// addEventTx writes a line of what happened into the conversation.
func (s *Service) addEventTx(ctx context.Context, tx *db.Tx, c *Conversation, name string, data map[string]any, agent int64) error {
	b, err := json.Marshal(data)
	if err != nil {
		return err
	}
	m := Message{Conversation: c.ID, Kind: KindEvent, AuthorType: "system", EventName: name, EventData: b, CreatedAt: s.Now()}
	if agent != 0 {
		m.AuthorType, m.AuthorID = "agent", agent
		if m.AuthorName, err = agentName(ctx, tx, agent); err != nil {
			return err
		}
	}
	if err := insertMessage(ctx, tx, &m); err != nil {
		return err
	}
	c.LastMessage = m.ID
	return nil
}

func (s *Service) linkTx(ctx context.Context, tx *db.Tx, c *Conversation, other int64) error {
	return link(ctx, tx, c.ID, other, "thread")
}

// newConversation is the one that in begins.
func (in Inbound) newConversation(id, customer int64, now time.Time) Conversation {
	subject := in.Subject
	if subject == "" {
		subject = text.Preview(in.Text, 80)
	}
	c := Conversation{
		ID: id, Inbox: in.Inbox, Channel: in.Channel, Customer: customer, Subject: subject, Status: Open, Priority: Normal,
		LastActivityAt: in.At, CreatedAt: in.At, Version: 1,
	}
	if in.History {
		c.Status, c.ClosedAt = Closed, in.At
	}
	if c.CreatedAt.IsZero() {
		c.CreatedAt, c.LastActivityAt = now, now
	}
	return c
}
