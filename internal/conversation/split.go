package conversation

import (
	"context"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Split says what leaves a conversation.
type Split struct {
	Message int64
	Later   bool   // and everything that was written after it
	Subject string // of the new conversation, "" = the old one's
}

// Split makes a conversation of its own out of a message, or of all from it on.
// Answers to what was moved arrive there. Both are linked.
func (s *Service) Split(ctx context.Context, id int64, sp Split, finish func(context.Context, *db.Tx, Conversation) error) (n Conversation, err error) {
	defer errs.Wrap(&err, "split conversation %d at message %d", id, sp.Message)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		c, err := s.lock(ctx, tx, id, access.ConversationsMerge)
		if err != nil {
			return err
		}
		list, err := s.leaving(ctx, tx, &c, sp)
		if err != nil {
			return err
		}
		if n, err = s.splitTx(ctx, tx, &c, sp, list); err != nil || finish == nil {
			return err
		}
		return finish(ctx, tx, n)
	})
	return n, err
}

// leaving are the messages that a split moves, oldest first.
func (s *Service) leaving(ctx context.Context, tx *db.Tx, c *Conversation, sp Split) (out []Message, err error) {
	if len(sp.Subject) > quotedSubjects {
		return nil, errs.InvalidField("body.subject", "The subject is longer than 998 characters.")
	}
	all, err := messages(ctx, tx, c.ID, 0, false, maxMergedMessages+1)
	if err != nil {
		return nil, err
	}
	if len(all) > maxMergedMessages {
		return nil, errs.InvalidField("body.message_id", "This conversation has more than 2,000 messages and cannot be split.")
	}
	written := 0
	for _, m := range all {
		if m.Kind == KindEvent {
			continue
		}
		written++
		if m.ID == sp.Message || sp.Later && m.ID > sp.Message {
			out = append(out, m)
		}
	}
	if len(out) == 0 || out[0].ID != sp.Message {
		return nil, errs.InvalidField("body.message_id", "This message is not in the conversation.")
	}
	if len(out) == written {
		return nil, errs.InvalidField("body.message_id", "At least one message has to stay.")
	}
	return out, nil
}

func (s *Service) splitTx(ctx context.Context, tx *db.Tx, c *Conversation, sp Split, list []Message) (n Conversation, err error) {
	before, agent := *c, access.From(ctx).AgentID
	n = c.off(list[0], strings.TrimSpace(sp.Subject))
	if n.ID, err = reserve(ctx, tx); err != nil {
		return n, err
	}
	if err := insert(ctx, tx, &n); err != nil {
		return n, err
	}
	was := n
	if err := s.takeAlong(ctx, tx, c, &n, list); err != nil {
		return n, err
	}
	for _, one := range []*Conversation{c, &n} {
		if err := s.recount(ctx, tx, one, before.LastInbound); err != nil {
			return n, err
		}
	}
	n.ReadFloor = min(n.ReadFloor, n.LastInbound)
	if err := s.happenedBetween(ctx, tx, EventSplit, &n, c, agent); err != nil {
		return n, err
	}
	if err := link(ctx, tx, c.ID, n.ID, "split"); err != nil {
		return n, err
	}
	c.Version++
	if err := s.publish(ctx, tx, Created, &n, actorType(agent), agent, Fact{}); err != nil {
		return n, err
	}
	if err := s.saveBoth(ctx, tx, [2]*Conversation{&before, &was}, [2]*Conversation{c, &n}); err != nil {
		return n, err
	}
	return n, s.publish(ctx, tx, WasSplit, &n, actorType(agent), agent, Fact{From: c.ID, Version: n.Version})
}

// off is the conversation that begins with the message: of whoever wrote it,
// with the same people looking after it.
func (c *Conversation) off(first Message, subject string) Conversation {
	n := Conversation{Inbox: c.Inbox, Channel: c.Channel, Customer: c.Customer, Subject: c.Subject, Status: Open, Priority: c.Priority,
		Assignee: c.Assignee, Team: c.Team, ReadFloor: c.ReadFloor, ReplyAddress: c.ReplyAddress,
		LastActivityAt: first.CreatedAt, CreatedAt: first.CreatedAt, Version: 1}
	if first.AuthorType == "customer" && first.AuthorID != 0 {
		n.Customer = first.AuthorID
	}
	if subject != "" {
		n.Subject = subject
	}
	return n
}

// takeAlong moves the messages with the ids by which answers find them; people,
// followers and what everybody has read are the same in both.
func (s *Service) takeAlong(ctx context.Context, tx *db.Tx, c, n *Conversation, list []Message) error {
	var moved []int64
	var keys []threadKey
	for _, m := range list {
		moved = append(moved, m.ID)
		if m.RFCID != "" {
			keys = append(keys, keyOf(m.RFCID))
		}
		if m.Kind == KindOutbound {
			keys = append(keys, keyOf(Token(m.RFCID)))
		}
	}
	if err := forgetUndo(ctx, tx, c.ID); err != nil {
		return err
	}
	for part := range slices.Chunk(moved, 500) {
		if err := moveOff(ctx, tx, n.ID, part); err != nil {
			return err
		}
	}
	if err := repointKeysTo(ctx, tx, n.ID, keys); err != nil {
		return err
	}
	if _, err := s.carryPeople(ctx, tx, n, c); err != nil {
		return err
	}
	if _, err := copyFollowers(ctx, tx, c.ID, n.ID); err != nil {
		return err
	}
	marks, err := readMarks(ctx, tx, c.ID)
	for agent, mark := range marks {
		if err := setReadMark(ctx, tx, n.ID, agent, mark); err != nil {
			return err
		}
	}
	return err
}
