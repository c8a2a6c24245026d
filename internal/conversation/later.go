package conversation

import (
	"context"
	"strings"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// cancelLater takes back what was to be sent later, because the customer wrote
// first: it becomes its author's draft again.
func (s *Service) cancelLater(ctx context.Context, tx *db.Tx, c *Conversation) error {
	list, err := laterIn(ctx, tx, c.ID, s.Now().UnixMilli())
	if err != nil {
		return err
	}
	for _, id := range list {
		m, err := findMessage(ctx, tx, id, "")
		if err != nil {
			return err
		}
		ok, err := s.Jobs.Cancel(ctx, tx, DeliverKind, deliverKey(id))
		if err != nil {
			return err
		}
		if !ok {
			continue // it is on its way
		}
		if _, err := s.takeBack(ctx, tx, c, m, 0); err != nil {
			return err
		}
		data := map[string]any{"agent_id": m.AuthorID, "name": m.AuthorName}
		if err := s.addEventTx(ctx, tx, c, EventLaterCancelled, data, 0); err != nil {
			return err
		}
		if err := s.publish(ctx, tx, DraftChanged, c, "agent", m.AuthorID, Fact{Agent: m.AuthorID}); err != nil {
			return err
		}
	}
	return nil
}

// stopped is the conflict of a reply that was stopped because something newer
// was there, nil for any other error.
func stopped(err error) *errs.Error {
	var e *errs.Error
	if asError(err, &e) && e.Type == "urn:deskbell:problem:stale-reply" {
		return e
	}
	return nil
}

// hold keeps a reply that was stopped: as its author's draft, where everybody
// sees that somebody has to decide. Programs repeat by themselves.
func (s *Service) hold(ctx context.Context, id int64, n NewReply, stopped *errs.Error) (err error) {
	defer errs.Wrap(&err, "keep the stopped reply in conversation %d", id)
	a := access.From(ctx)
	if a.KeyID != 0 || a.AgentID == 0 {
		return nil
	}
	d := Draft{Kind: "reply", Text: n.Text, HTML: n.HTML, To: n.To, Cc: n.Cc, Bcc: n.Bcc, From: n.From, Replaces: n.Replaces, Attachments: n.Attachments, Then: n.ThenBody, Manner: n.Manner, Held: true}
	defer func() {
		if err == nil {
			d.UpdatedAt = s.Now()
			stopped.Extra["draft"] = d
		}
	}()
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		c, err := s.get(ctx, tx, id, "")
		if err != nil {
			return err
		}
		if _, err := s.maskWritten(ctx, tx, c.Inbox, &d.Text, &d.HTML); err != nil {
			return err
		}
		if n.ByMail {
			if err := d.above(ctx, tx, id, a.AgentID); err != nil {
				return err
			}
		}
		if d.Version, err = saveDraft(ctx, tx, id, a.AgentID, d, s.Now()); err != nil {
			return err
		}
		if err := s.publish(ctx, tx, DraftChanged, &c, "agent", a.AgentID, Fact{Agent: a.AgentID}); err != nil {
			return err
		}
		return s.publish(ctx, tx, Updated, &c, "agent", a.AgentID, Fact{Changed: []string{"held"}, Version: c.Version})
	})
}

// above puts a stopped reply that was written elsewhere above what its author
// has begun here, so that neither is lost. Once more changes nothing.
func (d *Draft) above(ctx context.Context, tx *db.Tx, conversation, agent int64) error {
	have, ok, err := findDraft(ctx, tx, conversation, agent)
	if err != nil || !ok || have.Kind != "reply" && blank(have.Text, have.HTML) {
		return err
	}
	if have.Held && strings.HasPrefix(have.Text, d.Text) {
		d.Text, d.HTML = have.Text, have.HTML
	} else if !blank(have.Text, have.HTML) {
		html := have.HTML
		if html == "" {
			html = mail.TextToHTML(have.Text)
		}
		d.Text, d.HTML = d.Text+"\n\n"+have.Text, mail.TextToHTML(d.Text)+html
	}
	d.To, d.Cc, d.Bcc, d.From = have.To, have.Cc, have.Bcc, have.From
	d.Attachments = distinctIDs(append(d.Attachments, have.Attachments...))
	return nil
}
