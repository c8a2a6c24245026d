package conversation

import (
	"context"
	"strings"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Edit makes a draft of a message that failed: its text, its files once more, and
// those of its recipients whom it did not reach. The message stays as it is until
// the draft is sent in its place.
func (s *Service) Edit(ctx context.Context, message int64) (d Draft, err error) {
	defer errs.Wrap(&err, "edit message %d", message)
	m, files, err := s.failedMessage(ctx, message)
	if err != nil {
		return d, err
	}
	copies, err := s.copyFiles(ctx, files)
	if err != nil {
		return d, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		c, err := s.lock(ctx, tx, m.Conversation, access.ConversationsReply)
		if err != nil {
			return err
		}
		if m, err = findMessage(ctx, tx, message, ""); err != nil {
			return err
		}
		if m.Delivery.State != Failed {
			return errNotFailed
		}
		agent := access.From(ctx).AgentID
		d = draftOf(m, nil)
		d.Replaces = m.ID
		d.To, d.Cc, d.Bcc = m.unreached(m.Recipients.To), m.unreached(m.Recipients.Cc), m.unreached(m.Recipients.Bcc)
		for n, f := range copies {
			id, err := s.addFile(ctx, tx, 0, agent, f)
			if err != nil {
				return err
			}
			d.HTML = strings.ReplaceAll(d.HTML, attachmentURL(files[n].ID)+`"`, attachmentURL(id)+`"`)
			d.Attachments = append(d.Attachments, id)
		}
		if d.Version, err = saveDraft(ctx, tx, c.ID, agent, d, s.Now()); err != nil {
			return err
		}
		return s.publish(ctx, tx, DraftChanged, &c, "agent", agent, Fact{Agent: agent})
	})
	if err != nil {
		return d, err
	}
	return s.readDraft(ctx, s.DB, m.Conversation, access.From(ctx).AgentID)
}

var errNotFailed = errs.New(errs.Conflict, "Only a message that failed can be edited and sent again.")

func (s *Service) failedMessage(ctx context.Context, id int64) (m Message, files []Attachment, err error) {
	if m, err = s.Message(ctx, id); err != nil {
		return m, nil, err
	}
	if m.Kind != KindOutbound || m.Delivery.State != Failed {
		return m, nil, errNotFailed
	}
	byMessage, err := attachmentsOf(ctx, s.DB, []int64{id})
	return m, byMessage[id], err
}

// copyFiles makes blobs of their own: each has exactly one owner.
func (s *Service) copyFiles(ctx context.Context, files []Attachment) ([]NewAttachment, error) {
	var out []NewAttachment
	for _, f := range files {
		if err := f.refused(); err != nil {
			return nil, err
		}
		if s.CopyBlob == nil {
			return nil, errs.New(errs.Unavailable, "Files cannot be copied here.")
		}
		key, err := s.CopyBlob(ctx, f.BlobKey)
		if err != nil {
			return nil, err
		}
		out = append(out, NewAttachment{Name: f.Name, ContentType: f.ContentType, Size: f.Size, ContentID: f.ContentID, Inline: f.Inline, BlobKey: key})
	}
	return out, nil
}

// unreached leaves out whom the message reached.
func (m *Message) unreached(list []Person) []Person {
	var out []Person
	for _, p := range list {
		reached := false
		for _, r := range m.Delivery.Recipients {
			reached = reached || strings.EqualFold(r.Address, p.Address) && (r.State == Sent || r.State == Delivered)
		}
		if !reached {
			out = append(out, p)
		}
	}
	return out
}

// replaceTx ends a failed message in whose place next is sent. Whom it reached
// it has reached.
func (s *Service) replaceTx(ctx context.Context, tx *db.Tx, c *Conversation, old int64, next int64) error {
	if old == 0 {
		return nil
	}
	m, err := findMessage(ctx, tx, old, "")
	if errs.Is(err, errs.NotFound) || err == nil && (m.Conversation != c.ID || m.Kind != KindOutbound) {
		return errs.InvalidField("body.replaces_message_id", "There is no such message in this conversation.")
	}
	if err != nil {
		return err
	}
	if m.Delivery.State != Failed {
		return errs.New(errs.Conflict, "The message that this one replaces has not failed any more. Look at it again.")
	}
	return s.settleTx(ctx, tx, c, &m, next)
}

// settleTx says that a failed message needs nothing more: next was sent in its
// place, or nothing where that is 0.
func (s *Service) settleTx(ctx context.Context, tx *db.Tx, c *Conversation, m *Message, next int64) error {
	m.Delivery.State = Cancelled
	for i, r := range m.Delivery.Recipients {
		switch r.State {
		case Sent, Delivered:
			m.Delivery.State = Sent
		default:
			m.Delivery.Recipients[i].State = Cancelled
		}
	}
	m.Delivery.Error, m.Delivery.ReplacedBy = "", next
	if _, err := s.Jobs.Cancel(ctx, tx, DeliverKind, deliverKey(m.ID)); err != nil {
		return err
	}
	return s.setDeliveryTx(ctx, tx, c, m)
}
