package conversation

import (
	"context"
	"strings"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/job"
)

// maxReferences bounds the References header; the newest are kept.
const maxReferences = 20

// Outgoing gathers what a channel needs to send the message. It is for the
// program itself and looks at no permissions.
func (s *Service) Outgoing(ctx context.Context, message int64) (o Outgoing, err error) {
	defer errs.Wrap(&err, "gather message %d", message)
	m, err := findMessage(ctx, s.DB, message, "")
	if err != nil {
		return o, err
	}
	c, err := find(ctx, s.DB, m.Conversation, "")
	if err != nil {
		return o, err
	}
	o = Outgoing{
		Message: m.ID, Conversation: c.ID, Inbox: c.Inbox, AgentID: m.AuthorID, AgentName: m.AuthorName,
		FromAddress: c.ReplyAddress, To: m.Recipients.To, Cc: m.Recipients.Cc, Bcc: m.Recipients.Bcc,
		Subject: m.Subject, Text: m.Text, HTML: m.HTML, RFCID: m.RFCID, Delivery: m.Delivery, At: m.CreatedAt,
	}
	if o.Plain = m.Recipients.Plain; m.Recipients.From != "" {
		o.FromAddress = m.Recipients.From
	}
	files, err := attachmentsOf(ctx, s.DB, []int64{m.ID})
	if err != nil {
		return o, err
	}
	o.Attachments = files[m.ID]
	if o.AgentSignature, err = agentSignature(ctx, s.DB, m.AuthorID); err != nil {
		return o, err
	}
	if m.Side != 0 {
		return o, s.asideOf(ctx, &o, m.Side)
	}
	if o.References, err = references(ctx, s.DB, c.ID, m.ID, maxReferences); err != nil {
		return o, err
	}
	err = s.quote(ctx, &o)
	if m.Recipients.Unquoted {
		o.Quote = nil
	}
	return o, err
}

// quote adds the customer's last message, and only what the recipients have
// seen: a person who came in later is not sent history older than their own mail.
func (s *Service) quote(ctx context.Context, o *Outgoing) error {
	last, ok, err := lastInbound(ctx, s.DB, o.Conversation)
	if err != nil || !ok || last.ID > o.Message {
		return err
	}
	o.InReplyTo, o.ToAutomatic = last.RFCID, last.Flags.Has(FlagAutomatic)
	for _, p := range append(append([]Person{}, o.To...), o.Cc...) {
		if strings.EqualFold(p.Address, last.AuthorAddress) {
			o.Quote = &Quote{From: Person{last.AuthorName, last.AuthorAddress}, At: last.CreatedAt, Text: last.Text, HTML: last.HTML}
		}
	}
	if o.Quote == nil || !strings.Contains(last.HTML, "data-cid=") {
		return nil
	}
	files, err := attachmentsOf(ctx, s.DB, []int64{last.ID})
	for _, f := range files[last.ID] {
		if showable(f.ContentType) && f.Shows(last.HTML) {
			o.Quote.Pictures = append(o.Quote.Pictures, f)
		}
	}
	return err
}

// SetDeliveryTx says how far an outgoing message has come.
func (s *Service) SetDeliveryTx(ctx context.Context, tx *db.Tx, message int64, d Delivery) (err error) {
	defer errs.Wrap(&err, "message %d is %s", message, d.State)
	m, err := findMessage(ctx, tx, message, "")
	if err != nil {
		return err
	}
	c, err := find(ctx, tx, m.Conversation, tx.Dialect.ForUpdate())
	if err != nil {
		return err
	}
	failed := d.State == Failed && m.Delivery.State != Failed
	if err := claimSentAs(ctx, tx, c.ID, d.SentAs); err != nil {
		return err
	}
	m.Delivery = d
	if err := s.setDeliveryTx(ctx, tx, &c, &m); err != nil || !failed {
		return err
	}
	if m.Side != 0 {
		return s.sideFailed(ctx, tx, &c, &m, d.Error)
	}
	before := c
	c.Bounced(s.Now())
	if err := s.addEventTx(ctx, tx, &c, EventDeliveryFailed, map[string]any{"message_id": m.ID, "reason": d.Error}, 0); err != nil {
		return err
	}
	return save(ctx, tx, &before, &c)
}

// claimSentAs lets answers find the conversation by the ids that the provider made.
func claimSentAs(ctx context.Context, tx *db.Tx, conversation int64, ids []string) error {
	var keys []threadKey
	for _, id := range ids {
		keys = append(keys, keyOf(id))
	}
	return claimKeys(ctx, tx, ownKeys, conversation, keys)
}

func (s *Service) setDeliveryTx(ctx context.Context, tx *db.Tx, c *Conversation, m *Message) error {
	if err := setDelivery(ctx, tx, m); err != nil {
		return err
	}
	return s.publish(ctx, tx, DeliveryChanged, c, "system", 0, Fact{Message: m.ID, Delivery: m.Delivery.State, Reason: m.Delivery.Error, Side: m.Side})
}

// bouncedAt marks the recipient that a report names, or all when it names none of ours.
func (m *Message) bouncedAt(b *Bounce) {
	known, why := false, b.inWords().String()
	for i, r := range m.Delivery.Recipients {
		if strings.EqualFold(r.Address, b.Recipient) {
			m.Delivery.Recipients[i].State, m.Delivery.Recipients[i].Error = Failed, why
			known = true
		}
	}
	for i := range m.Delivery.Recipients {
		if !known {
			m.Delivery.Recipients[i].State, m.Delivery.Recipients[i].Error = Failed, why
		}
	}
	m.Delivery.State, m.Delivery.Error = Failed, why
}

// inWords quotes what the other server said.
func (b *Bounce) inWords() errs.Text {
	if b.Reason == "" {
		return errs.Say("The mail server of the recipient returned the message.")
	}
	return errs.Say("The mail server of the recipient returned the message and said: %q", b.Reason)
}

// deliveredTo notes a report of success; the message is delivered when all are.
func (m *Message) deliveredTo(address string) {
	all := true
	for i, r := range m.Delivery.Recipients {
		if strings.EqualFold(r.Address, address) {
			m.Delivery.Recipients[i].State = Delivered
		}
		all = all && m.Delivery.Recipients[i].State == Delivered
	}
	if all && len(m.Delivery.Recipients) > 0 {
		m.Delivery.State = Delivered
	}
}

// Retry queues a failed message again: the same bytes under the same Message-ID.
func (s *Service) Retry(ctx context.Context, message int64) (m Message, err error) {
	defer errs.Wrap(&err, "retry message %d", message)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if m, err = findMessage(ctx, tx, message, ""); err != nil {
			return err
		}
		c, err := s.lock(ctx, tx, m.Conversation, access.ConversationsReply)
		if err != nil {
			return err
		}
		if !m.Kind.goesOut() || m.Delivery.State != Failed {
			return errs.New(errs.Conflict, "Only a message that failed can be sent again.")
		}
		if m.Flags.Has(FlagElsewhere) {
			return errs.New(errs.Conflict, "This message was written in a mail program. Send it again from there, or write a new reply.")
		}
		m.Delivery.State, m.Delivery.Error = Queued, ""
		for i, r := range m.Delivery.Recipients {
			if r.State == Failed {
				m.Delivery.Recipients[i].State, m.Delivery.Recipients[i].Error = Queued, ""
			}
		}
		if err := s.setDeliveryTx(ctx, tx, &c, &m); err != nil {
			return err
		}
		if _, err := s.Jobs.Cancel(ctx, tx, DeliverKind, deliverKey(m.ID)); err != nil {
			return err
		}
		return s.Jobs.Enqueue(ctx, tx, job.New{Kind: DeliverKind, UniqueKey: deliverKey(m.ID), Payload: DeliverPayload{m.ID}})
	})
	return m, err
}
