package conversation

import (
	"context"
	"fmt"
	"slices"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/text"
)

// Sides lists the side conversations of a conversation that the actor may see,
// what happened last first.
func (s *Service) Sides(ctx context.Context, conversation int64) (list []Side, err error) {
	defer errs.Wrap(&err, "list the side conversations of conversation %d", conversation)
	if conversation, err = s.reach(ctx, s.DB, conversation); err != nil {
		return nil, err
	}
	if _, err := s.Get(ctx, conversation); err != nil {
		return nil, err
	}
	return s.sides(ctx, "s.conversation_id = ?", conversation)
}

// SideConversation reads one whose conversation the actor may see.
func (s *Service) SideConversation(ctx context.Context, id int64) (side Side, err error) {
	defer errs.Wrap(&err, "read side conversation %d", id)
	list, err := s.sides(ctx, "s.id = ?", id)
	if err != nil {
		return side, err
	}
	if len(list) == 0 {
		return side, errNoSide()
	}
	if _, err := s.Get(ctx, list[0].Conversation); errs.Is(err, errs.NotFound) {
		return side, errNoSide()
	} else if err != nil {
		return side, err
	}
	return list[0], nil
}

func (s *Service) sides(ctx context.Context, where string, arg int64) ([]Side, error) {
	list, err := sidesOf(ctx, s.DB, where, arg)
	for i := range list {
		list[i].Preview = text.Preview(list[i].Preview, 120)
	}
	return list, err
}

// SideMessages returns messages of a side conversation behind the cursor, a
// message id.
func (s *Service) SideMessages(ctx context.Context, id, after int64, descending bool, limit int) (_ []Message, err error) {
	defer errs.Wrap(&err, "read messages of side conversation %d", id)
	if _, err := s.SideConversation(ctx, id); err != nil {
		return nil, err
	}
	list, err := sideMessages(ctx, s.DB, id, after, descending, min(max(limit, 1), maxPage+1))
	if err != nil {
		return nil, err
	}
	return list, s.fill(ctx, s.DB, list)
}

// SetSideState says that a side conversation is done, or not after all.
func (s *Service) SetSideState(ctx context.Context, id int64, to SideState) (side Side, err error) {
	defer errs.Wrap(&err, "side conversation %d is %s", id, to)
	if err := validSideState(to); err != nil {
		return side, err
	}
	if side, err = s.SideConversation(ctx, id); err != nil {
		return side, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		c, err := s.lockReached(ctx, tx, side.Conversation, access.ConversationsReply)
		if err != nil {
			return err
		}
		now, err := findSide(ctx, tx, id, tx.Dialect.ForUpdate())
		if err != nil || now.State == to {
			return err
		}
		now.State = to
		name := EventSideReopened
		if to == SideDone {
			name = EventSideDone
			if err := s.settleAside(ctx, tx, &c, id, 0); err != nil {
				return err
			}
		}
		before, agent := c, access.From(ctx).AgentID
		if err := s.sideEvent(ctx, tx, &c, &now, name, map[string]any{}, agent); err != nil {
			return err
		}
		if err := saveSide(ctx, tx, &now); err != nil {
			return err
		}
		if err := save(ctx, tx, &before, &c); err != nil {
			return err
		}
		return s.publish(ctx, tx, SideChanged, &c, actorType(agent), agent, Fact{Side: id})
	})
	side.State = to
	return side, err
}

// carried makes copies of files of the conversation that go along with a message
// to somebody else.
func (s *Service) carried(ctx context.Context, conversation int64, files []int64, others int) ([]NewAttachment, error) {
	if len(files) == 0 {
		return nil, nil
	}
	if len(files)+others > MaxReplyFiles {
		return nil, errs.InvalidField("body.attachment_ids", "A reply carries at most 50 files.")
	}
	conversation, err := s.reach(ctx, s.DB, conversation)
	if err != nil {
		return nil, err
	}
	var list []Attachment
	for i, id := range slices.Compact(slices.Clone(files)) {
		a, err := s.fileOfConversation(ctx, conversation, id)
		if errs.Is(err, errs.NotFound) {
			return nil, errs.InvalidFieldf(location("carry_attachment_ids", i), "File %d is none of this conversation.", id)
		}
		if err != nil {
			return nil, err
		}
		a.ContentID, a.Inline = "", false
		list = append(list, a)
	}
	return s.copyFiles(ctx, list)
}

func (s *Service) fileOfConversation(ctx context.Context, conversation, id int64) (a Attachment, err error) {
	if a, err = s.File(ctx, id); err != nil || a.Message == 0 {
		if err == nil {
			err = errNotFound()
		}
		return a, err
	}
	m, err := findMessage(ctx, s.DB, a.Message, "")
	if err == nil && m.Conversation != conversation {
		err = errNotFound()
	}
	return a, err
}

// asideOf gathers what the mail of a side conversation says beside its words: it
// follows and quotes that one alone, never the customer's.
func (s *Service) asideOf(ctx context.Context, o *Outgoing, side int64) (err error) {
	if o.References, err = sideReferences(ctx, s.DB, side, o.Message, maxReferences); err != nil {
		return err
	}
	if n := len(o.References); n > 0 {
		o.InReplyTo = o.References[n-1]
	}
	last, ok, err := lastSideInbound(ctx, s.DB, side, o.Message)
	if err != nil || !ok {
		return err
	}
	o.InReplyTo, o.ToAutomatic = last.RFCID, last.Flags.Has(FlagAutomatic)
	if hasAddress(slices.Concat(o.To, o.Cc), last.AuthorAddress) {
		o.Quote = &Quote{From: Person{last.AuthorName, last.AuthorAddress}, At: last.CreatedAt, Text: last.Text, HTML: last.HTML}
	}
	return nil
}

func location(list string, i int) string { return fmt.Sprintf("body.%s[%d]", list, i) }
