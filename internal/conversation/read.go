package conversation

import (
	"context"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// page of messages that a reader gets at once.
const maxPage = 100

// Messages returns messages of a conversation that the actor may see, behind
// the cursor (a message id, 0 = the beginning, or the end when descending).
func (s *Service) Messages(ctx context.Context, id, after int64, descending bool, limit int) (_ []Message, err error) {
	defer errs.Wrap(&err, "read messages of conversation %d", id)
	if _, err := s.Get(ctx, id); err != nil {
		return nil, err
	}
	list, err := messages(ctx, s.DB, id, after, descending, min(max(limit, 1), maxPage+1))
	if err != nil {
		return nil, err
	}
	return list, s.fill(ctx, s.DB, list)
}

// Mails returns the messages of a conversation that are mails, behind the id and
// oldest first, with those of its side conversations.
func (s *Service) Mails(ctx context.Context, id, after int64, limit int) (_ []Message, err error) {
	defer errs.Wrap(&err, "read mails of conversation %d", id)
	if _, err := s.Get(ctx, id); err != nil {
		return nil, err
	}
	return mails(ctx, s.DB, id, after, min(max(limit, 1), maxPage+1))
}

// fill adds the attachments and what else is known of the messages.
func (s *Service) fill(ctx context.Context, q db.Queryer, list []Message) error {
	want := make([]int64, 0, len(list))
	for _, m := range list {
		if m.Kind != KindEvent {
			want = append(want, m.ID)
		}
	}
	files, err := attachmentsOf(ctx, q, want)
	if err != nil {
		return err
	}
	facts, err := factsOf(ctx, q, want)
	for i := range list {
		list[i].Attachments, list[i].Facts = files[list[i].ID], facts[list[i].ID]
	}
	return err
}

// Message reads one message that the actor may see.
func (s *Service) Message(ctx context.Context, id int64) (m Message, err error) {
	defer errs.Wrap(&err, "read message %d", id)
	if m, err = findMessage(ctx, s.DB, id, ""); err != nil {
		return m, err
	}
	if _, err := s.Get(ctx, m.Conversation); err != nil {
		return m, err
	}
	list := []Message{m}
	err = s.fill(ctx, s.DB, list)
	return list[0], err
}

// Original is the whole text of a message with its quotes and signature.
func (s *Service) Original(ctx context.Context, id int64) (text, html string, err error) {
	m, err := s.Message(ctx, id)
	if err != nil {
		return "", "", err
	}
	if !m.Flags.Has(FlagFull) {
		return m.Text, m.HTML, nil
	}
	return original(ctx, s.DB, id)
}

// File reads an attachment that the actor may see: one of a visible message, or
// an upload of their own.
func (s *Service) File(ctx context.Context, id int64) (a Attachment, err error) {
	defer errs.Wrap(&err, "read attachment %d", id)
	if a, err = findAttachment(ctx, s.DB, id); err != nil {
		return a, err
	}
	if a.Message == 0 {
		if actor := access.From(ctx); actor == nil || a.Agent != actor.AgentID {
			return Attachment{}, errNotFound()
		}
		return a, nil
	}
	m, err := findMessage(ctx, s.DB, a.Message, "")
	if err != nil {
		return Attachment{}, err
	}
	_, err = s.Get(ctx, m.Conversation)
	return a, err
}

// Upload records a file whose bytes are in the blob store; it belongs to the
// actor until a reply or note takes it.
func (s *Service) Upload(ctx context.Context, n NewAttachment) (a Attachment, err error) {
	defer errs.Wrap(&err, "record an upload")
	agent := access.From(ctx).AgentID
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		id, err := s.addFile(ctx, tx, 0, agent, n)
		if err != nil {
			return err
		}
		a, err = findAttachment(ctx, tx, id)
		return err
	})
	return a, err
}

// MarkRead says that the actor has read up to the message, 0 = everything.
func (s *Service) MarkRead(ctx context.Context, id, message int64) (err error) {
	defer errs.Wrap(&err, "mark conversation %d as read", id)
	agent := access.From(ctx).AgentID
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		c, err := s.get(ctx, tx, id, "")
		if err != nil {
			return err
		}
		if message <= 0 || message > c.LastMessage {
			message = c.LastMessage
		}
		mark, err := readMark(ctx, tx, id, agent)
		if err != nil || mark >= message {
			return err
		}
		furthest, err := furthestRead(ctx, tx, id)
		if err != nil {
			return err
		}
		shown, err := inboundBetween(ctx, tx, id, max(furthest, c.ReadFloor), message)
		if err != nil {
			return err
		}
		if err := clearMention(ctx, tx, id, agent); err != nil {
			return err
		}
		if err := setReadMark(ctx, tx, id, agent, message); err != nil {
			return err
		}
		return s.publish(ctx, tx, Read, &c, "agent", agent, Fact{Message: message, Shown: shown, Agent: agent})
	})
}

// MarkUnread makes the conversation unread again for the actor, from the message
// on; 0 = from the customer's last one.
func (s *Service) MarkUnread(ctx context.Context, id, message int64) (err error) {
	defer errs.Wrap(&err, "mark conversation %d as unread", id)
	agent := access.From(ctx).AgentID
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		c, err := s.get(ctx, tx, id, "")
		if err != nil {
			return err
		}
		if message <= 0 || message > c.LastInbound {
			message = c.LastInbound
		}
		// A mark below the floor of history still counts as unread: -1 tells it apart.
		if err := setReadMark(ctx, tx, id, agent, unreadFrom(message, c.ReadFloor)); err != nil {
			return err
		}
		return s.publish(ctx, tx, Read, &c, "agent", agent, Fact{Message: message - 1, Agent: agent})
	})
}

// unreadFrom is the mark that makes message unread although history is read.
func unreadFrom(message, floor int64) int64 {
	if message <= floor {
		return -1
	}
	return message - 1
}

// Unread tells whether an agent whose mark is given (0 = none) has not read the
// customer's last message.
func (c *Conversation) Unread(mark int64) bool {
	if mark == 0 {
		mark = c.ReadFloor
	}
	return c.LastInbound > mark && c.Status != Spam && c.Status != Trash && c.Status != Merged
}

// Followed lists the newest conversations that the agent follows or was
// mentioned in, which they see whatever their scope is.
func (s *Service) Followed(ctx context.Context, agent int64) (_ []int64, err error) {
	defer errs.Wrap(&err, "list what agent %d follows", agent)
	return followedBy(ctx, s.DB, agent, 5000)
}

// Blobs tells which of the keys belong to attachments.
func (s *Service) Blobs(ctx context.Context, keys []string) (_ map[string]bool, err error) {
	defer errs.Wrap(&err, "look for the owners of blobs")
	return blob.OwnedBy(ctx, s.DB, keys, "attachment")
}

// SentFile reads a file of a message that went out. It looks at no permissions:
// whoever asks holds a link to it.
func (s *Service) SentFile(ctx context.Context, message, attachment int64) (a Attachment, err error) {
	defer errs.Wrap(&err, "read file %d of message %d", attachment, message)
	m, err := findMessage(ctx, s.DB, message, "")
	if err != nil {
		return a, err
	}
	if a, err = findAttachment(ctx, s.DB, attachment); err != nil {
		return a, err
	}
	if !m.Kind.goesOut() || a.Message != m.ID {
		return Attachment{}, errNotFound()
	}
	return a, a.refused()
}
