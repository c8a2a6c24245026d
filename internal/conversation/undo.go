package conversation

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Undo takes a queued reply back before it is sent: the conversation is as it
// was, and the text, recipients and files are the author's draft again. Of a
// message of a side conversation the draft is only answered and not kept.
func (s *Service) Undo(ctx context.Context, message int64) (d Draft, err error) {
	defer errs.Wrap(&err, "undo message %d", message)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		m, err := findMessage(ctx, tx, message, "")
		if err != nil {
			return err
		}
		c, err := s.lock(ctx, tx, m.Conversation, access.ConversationsReply)
		if err != nil {
			return err
		}
		if m, err = findMessage(ctx, tx, message, ""); err != nil {
			return err
		}
		if err := s.cancelDelivery(ctx, tx, m); err != nil {
			return err
		}
		if m.Side != 0 {
			d, err = s.takeBackAside(ctx, tx, &c, m)
			return err
		}
		d, err = s.takeBack(ctx, tx, &c, m, access.From(ctx).AgentID)
		return err
	})
	return d, err
}

// cancelDelivery removes the waiting job; a running one means that it is too late.
func (s *Service) cancelDelivery(ctx context.Context, tx *db.Tx, m Message) error {
	tooLate := errs.New(errs.Conflict, "It is too late: the message is on its way.")
	if !m.Kind.goesOut() || m.Delivery.State != Queued {
		return tooLate
	}
	ok, err := s.Jobs.Cancel(ctx, tx, DeliverKind, deliverKey(m.ID))
	if err == nil && !ok {
		err = tooLate
	}
	return err
}

// takeBack makes the reply its author's draft again, above what they have written since.
func (s *Service) takeBack(ctx context.Context, tx *db.Tx, c *Conversation, m Message, by int64) (Draft, error) {
	before := *c
	var was undoState
	if len(m.EventData) > 0 {
		if err := json.Unmarshal(m.EventData, &was); err != nil {
			return Draft{}, err
		}
		c.restore(was, m, s)
	}
	files, err := attachmentsOf(ctx, tx, []int64{m.ID})
	if err != nil {
		return Draft{}, err
	}
	d := draftOf(m, files[m.ID])
	d.Then = was.Then
	if err := s.publish(ctx, tx, DeliveryChanged, c, "agent", m.AuthorID, Fact{Message: m.ID, Delivery: Cancelled}); err != nil {
		return d, err
	}
	if err := detach(ctx, tx, m.ID, m.AuthorID); err != nil {
		return d, err
	}
	for _, id := range []string{m.RFCID, Token(m.RFCID)} {
		if err := deleteKey(ctx, tx, keyOf(id)); err != nil {
			return d, err
		}
	}
	if err := deleteMessage(ctx, tx, m.ID, was.LastEvent); err != nil {
		return d, err
	}
	waiting, err := unanswered(ctx, tx, c.ID)
	if err != nil {
		return d, err
	}
	again := slices.DeleteFunc(was.Answers, func(id int64) bool { return !slices.Contains(waiting, id) })
	if c.LastMessage, err = lastMessage(ctx, tx, c.ID); err != nil {
		return d, err
	}
	if err := save(ctx, tx, &before, c); err != nil {
		return d, err
	}
	if by != m.AuthorID {
		have, ok, err := findDraft(ctx, tx, c.ID, m.AuthorID)
		if err != nil {
			return d, err
		}
		if ok {
			d = d.with(have)
		}
	}
	d.UpdatedAt = s.Now()
	if d.Version, err = saveDraft(ctx, tx, c.ID, m.AuthorID, d, d.UpdatedAt); err != nil {
		return d, err
	}
	return d, s.publish(ctx, tx, MessageUndone, c, actorType(by), by, Fact{Message: m.ID, Agent: m.AuthorID, Answers: again, Version: c.Version})
}

// restore puts back what the reply had changed, unless somebody changed it since.
func (c *Conversation) restore(was undoState, m Message, s *Service) {
	if c.Status != was.Status {
		c.setStatus(was.Status, s.Now())
	}
	if c.Assignee == m.AuthorID && was.Assignee == 0 {
		c.Assignee = 0
	}
	if c.WaitingSince.IsZero() {
		c.WaitingSince = instant(was.WaitingSince)
	}
	c.SnoozedUntil = instant(was.SnoozedUntil)
	c.Preview = was.Preview
	c.Version++
}
