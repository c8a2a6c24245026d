package conversation

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/job"
)

// NewSide is a message to somebody else than the customer. Of the reply in it
// only text, people, files and undo time count.
type NewSide struct {
	NewReply
	Subject string  // of a new side conversation
	Carry   []int64 // files of the conversation that go along as copies
}

// FinishSide is [Finish] for side conversations.
type FinishSide func(ctx context.Context, tx *db.Tx, side Side, m Message) error

// StartSide writes to somebody else about a conversation. The customer is
// refused as a recipient, here and in every later message.
func (s *Service) StartSide(ctx context.Context, id int64, n NewSide, finish FinishSide) (side Side, m Message, err error) {
	defer errs.Wrap(&err, "start a side conversation of conversation %d", id)
	n.Subject = strings.Join(strings.Fields(n.Subject), " ")
	if n.Subject == "" || len(n.Subject) > quotedSubjects {
		return side, m, errs.InvalidField("body.subject", "The subject must have between 1 and 998 characters.")
	}
	return s.writeSide(ctx, id, 0, n, finish)
}

// WriteSide sends a further message in a side conversation, to the people of
// the last one where none are given.
func (s *Service) WriteSide(ctx context.Context, id int64, n NewSide, finish FinishSide) (side Side, m Message, err error) {
	defer errs.Wrap(&err, "write in side conversation %d", id)
	if side, err = s.SideConversation(ctx, id); err != nil {
		return side, m, err
	}
	return s.writeSide(ctx, side.Conversation, id, n, finish)
}

func (s *Service) writeSide(ctx context.Context, conversation, id int64, n NewSide, finish FinishSide) (side Side, m Message, err error) {
	if err := n.check(s.Now()); err != nil {
		return side, m, err
	}
	copies, err := s.carried(ctx, conversation, n.Carry, len(n.Attachments))
	if err != nil {
		return side, m, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		c, err := s.lockReached(ctx, tx, conversation, access.ConversationsReply)
		if err != nil {
			return err
		}
		if side, err = s.sideFor(ctx, tx, &c, id, &n); err != nil {
			return err
		}
		if m, err = s.sendSide(ctx, tx, &c, &side, n, copies, id == 0); err != nil || finish == nil {
			return err
		}
		return finish(ctx, tx, side, m)
	})
	return side, m, err
}

// sideFor locks the side conversation, or makes one where id is 0, and settles
// to whom n goes.
func (s *Service) sideFor(ctx context.Context, tx *db.Tx, c *Conversation, id int64, n *NewSide) (side Side, err error) {
	if id != 0 {
		if side, err = findSide(ctx, tx, id, tx.Dialect.ForUpdate()); err != nil {
			return side, err
		}
		if len(n.To) == 0 {
			if n.To = side.Recipients.To; len(n.Cc) == 0 {
				n.Cc = side.Recipients.Cc
			}
		}
		if n.From == "" {
			n.From = side.Recipients.From
		}
	}
	if err := s.checkPartners(ctx, tx, c, n); err != nil || id != 0 {
		return side, err
	}
	have, err := countSides(ctx, tx, c.ID)
	if err == nil && have >= maxSides {
		err = errs.New(errs.Conflict, "A conversation has at most 100 side conversations.")
	}
	if err != nil {
		return side, err
	}
	if _, err := s.maskWritten(ctx, tx, c.Inbox, &n.Subject, new(string)); err != nil {
		return side, err
	}
	now := s.Now()
	side = Side{Conversation: c.ID, Origin: c.ID, Subject: n.Subject, State: SideOpen, LastActivity: now, CreatedAt: now}
	side.sent(access.From(ctx).AgentID, Recipients{To: n.To, Cc: n.Cc, From: n.From}, now)
	return side, insertSide(ctx, tx, &side)
}

// checkPartners refuses a message to nobody, and one to the customer.
func (s *Service) checkPartners(ctx context.Context, q db.Queryer, c *Conversation, n *NewSide) error {
	if len(n.To) == 0 {
		return errs.InvalidField("body.to", "Say whom the message goes to.")
	}
	for _, line := range []struct {
		name   string
		people []Person
	}{{"to", n.To}, {"cc", n.Cc}, {"bcc", n.Bcc}} {
		folded := make([]string, len(line.people))
		for i, p := range line.people {
			folded[i] = customer.Fold(customer.Email, p.Address)
		}
		own, err := customersOwn(ctx, q, c.Customer, folded)
		if err != nil {
			return err
		}
		for i, p := range line.people {
			if own[folded[i]] {
				return errs.InvalidFieldf(location(line.name, i), "%s is the customer. A side conversation is never sent to them: reply in the conversation itself.", p.Address)
			}
		}
	}
	return nil
}

// sendSide writes the message, its keys, its files and its job, and the line in
// the conversation that says that it began.
func (s *Service) sendSide(ctx context.Context, tx *db.Tx, c *Conversation, side *Side, n NewSide, copies []NewAttachment, first bool) (m Message, err error) {
	settings, err := s.Inbox(ctx, tx, c.Inbox)
	if err != nil {
		return m, err
	}
	if settings.Archived {
		return m, errs.New(errs.Conflict, "This inbox is archived and sends no mail any more.")
	}
	if err := s.checkFrom(ctx, tx, c.Inbox, settings, n.From); err != nil {
		return m, err
	}
	masked := !settings.KeepCards && n.mask()
	if m, err = s.sideOutbound(ctx, tx, c, side, n, settings, first); err != nil {
		return m, err
	}
	if masked {
		if err := noteMasked(ctx, tx, &m); err != nil {
			return m, err
		}
	}
	for _, f := range copies {
		if _, err := insertAttachment(ctx, tx, m.ID, m.AuthorID, f, s.Now()); err != nil { // a copy of what was scanned
			return m, err
		}
	}
	if err := s.attachTx(ctx, tx, &m, n.Attachments); err != nil {
		return m, err
	}
	if len(copies) > 0 {
		files, err := attachmentsOf(ctx, tx, []int64{m.ID})
		if err != nil {
			return m, err
		}
		m.Attachments = files[m.ID]
	}
	return m, s.sideQueued(ctx, tx, c, side, &m, first)
}

func (s *Service) sideOutbound(ctx context.Context, tx *db.Tx, c *Conversation, side *Side, n NewSide, settings InboxSettings, first bool) (m Message, err error) {
	author, now := access.From(ctx), s.Now()
	subject := side.Subject
	if !first {
		subject = replySubject(side.Subject)
	}
	m = Message{
		Conversation: c.ID, Origin: side.Origin, Side: side.ID, Kind: KindSideOutbound, AuthorType: "agent", AuthorID: author.AgentID, AuthorName: author.Name,
		Subject: subject, Text: n.Text, HTML: n.HTML, Recipients: Recipients{To: n.To, Cc: n.Cc, Bcc: n.Bcc, From: n.From, Manner: n.Manner},
		RFCID: newRFCID(settings.Address), Delivery: Delivery{State: Queued}, UndoUntil: now.Add(n.Undo), CreatedAt: now,
	}
	for _, list := range [][]Person{n.To, n.Cc, n.Bcc} {
		for _, p := range list {
			m.Delivery.Recipients = append(m.Delivery.Recipients, RecipientDelivery{Address: p.Address, State: Queued})
		}
	}
	if err := insertMessage(ctx, tx, &m); err != nil {
		return m, err
	}
	if err := claimSideKeys(ctx, tx, ownKeys, c.ID, side.ID, []threadKey{keyOf(m.RFCID), keyOf(Token(m.RFCID))}); err != nil {
		return m, err
	}
	return m, s.Jobs.Enqueue(ctx, tx, job.New{Kind: DeliverKind, UniqueKey: deliverKey(m.ID), Payload: DeliverPayload{m.ID},
		Summary: errs.Say("Send message %d of conversation %d", m.ID, c.ID).String(), RunAt: m.UndoUntil})
}

// sideUndo is what taking a message back puts back, kept with the message.
type sideUndo struct {
	State      SideState  `json:"state"`
	Awaited    bool       `json:"awaited"`
	Recipients Recipients `json:"recipients"`
	LastEvent  int64      `json:"last_event"` // of the line that was written behind it
}

func (s *Service) sideQueued(ctx context.Context, tx *db.Tx, c *Conversation, side *Side, m *Message, first bool) error {
	before, was := *c, sideUndo{side.State, side.Awaited, side.Recipients, m.ID}
	side.sent(m.AuthorID, m.Recipients, m.CreatedAt)
	if err := saveSide(ctx, tx, side); err != nil {
		return err
	}
	if err := s.settleAside(ctx, tx, c, side.ID, m.ID); err != nil {
		return err
	}
	c.LastMessage = m.ID
	if first {
		if err := s.sideEvent(ctx, tx, c, side, EventSideStarted, map[string]any{"to": names(m.Recipients.To)}, m.AuthorID); err != nil {
			return err
		}
		was.LastEvent = c.LastMessage
	}
	if err := save(ctx, tx, &before, c); err != nil {
		return err
	}
	b, err := json.Marshal(was)
	if err != nil {
		return err
	}
	if err := setEventData(ctx, tx, m.ID, b); err != nil {
		return err
	}
	return s.publish(ctx, tx, SideQueued, c, "agent", m.AuthorID, Fact{Message: m.ID, Side: side.ID})
}

// settleAside ends what failed in a side conversation: somebody has seen to it,
// and it needs no attention any more.
func (s *Service) settleAside(ctx context.Context, tx *db.Tx, c *Conversation, side, next int64) error {
	list, err := failedAside(ctx, tx, side)
	if err != nil {
		return err
	}
	for i := range list {
		if err := s.settleTx(ctx, tx, c, &list[i], next); err != nil {
			return err
		}
	}
	return nil
}

// names are people as a line of what happened shows them.
func names(list []Person) string {
	var out []string
	for _, p := range list[:min(len(list), 5)] {
		if p.Name == "" {
			p.Name = p.Address
		}
		out = append(out, p.Name)
	}
	return strings.Join(out, ", ")
}

// takeBackAside removes a message that waits, and the side conversation with it
// when it was the first. What was written is answered as a draft.
func (s *Service) takeBackAside(ctx context.Context, tx *db.Tx, c *Conversation, m Message) (d Draft, err error) {
	var was sideUndo
	if err := json.Unmarshal(m.EventData, &was); err != nil {
		return d, err
	}
	files, err := attachmentsOf(ctx, tx, []int64{m.ID})
	if err != nil {
		return d, err
	}
	d = draftOf(m, files[m.ID])
	if err := s.publish(ctx, tx, DeliveryChanged, c, "agent", m.AuthorID, Fact{Message: m.ID, Delivery: Cancelled, Side: m.Side}); err != nil {
		return d, err
	}
	if err := s.removeMessage(ctx, tx, m, was.LastEvent); err != nil {
		return d, err
	}
	if err := s.sideAsItWas(ctx, tx, m.Side, was); err != nil {
		return d, err
	}
	before := *c
	if c.LastMessage, err = lastMessage(ctx, tx, c.ID); err != nil {
		return d, err
	}
	if err := save(ctx, tx, &before, c); err != nil {
		return d, err
	}
	by := access.From(ctx).AgentID
	return d, s.publish(ctx, tx, SideUndone, c, actorType(by), by, Fact{Message: m.ID, Side: m.Side})
}

// removeMessage deletes a message that never left; its files are its author's again.
func (s *Service) removeMessage(ctx context.Context, tx *db.Tx, m Message, upTo int64) error {
	if err := detach(ctx, tx, m.ID, m.AuthorID); err != nil {
		return err
	}
	for _, id := range []string{m.RFCID, Token(m.RFCID)} {
		if err := deleteKey(ctx, tx, keyOf(id)); err != nil {
			return err
		}
	}
	return deleteMessage(ctx, tx, m.ID, upTo)
}

func (s *Service) sideAsItWas(ctx context.Context, tx *db.Tx, id int64, was sideUndo) error {
	side, err := findSide(ctx, tx, id, tx.Dialect.ForUpdate())
	if err != nil {
		return err
	}
	left, err := sideMessages(ctx, tx, id, 0, true, 1)
	if err != nil {
		return err
	}
	if len(left) == 0 {
		return deleteSide(ctx, tx, id)
	}
	side.State, side.Awaited, side.LastActivity = was.State, was.Awaited, left[0].CreatedAt
	if left[0].Kind == KindSideOutbound { // an answer that came meanwhile has its own say
		side.Recipients = was.Recipients
	}
	return saveSide(ctx, tx, &side)
}
