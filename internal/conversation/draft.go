package conversation

import (
	"context"
	"encoding/json"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Draft is what an agent has written and not sent, one per conversation.
type Draft struct {
	Kind        string      `json:"kind"` // reply, note
	Text        string      `json:"text"`
	HTML        string      `json:"html"`
	To          []Person    `json:"to,omitempty"`
	Cc          []Person    `json:"cc,omitempty"`
	Bcc         []Person    `json:"bcc,omitempty"`
	From        string      `json:"from,omitempty"`
	Replaces    int64       `json:"replaces,omitempty"`
	Attachments []int64     `json:"attachment_ids,omitempty"`
	Then        *ChangeBody `json:"then,omitempty"` // applied when it is sent
	Manner
	Shared    bool         `json:"shared,omitempty"` // colleagues may read it and take it over
	Held      bool         `json:"-"`                // it was stopped because something newer was there
	Files     []Attachment `json:"-"`
	Version   int64        `json:"-"`
	UpdatedAt time.Time    `json:"-"`
}

func draftOf(m Message, files []Attachment) Draft {
	d := Draft{Kind: "reply", Text: m.Text, HTML: m.HTML, To: m.Recipients.To, Cc: m.Recipients.Cc, Bcc: m.Recipients.Bcc, From: m.Recipients.From, Manner: m.Recipients.Manner, Files: files}
	for _, f := range files {
		d.Attachments = append(d.Attachments, f.ID)
	}
	return d
}

// Draft reads the actor's draft; not_found when there is none.
func (s *Service) Draft(ctx context.Context, conversation int64) (d Draft, err error) {
	defer errs.Wrap(&err, "read the draft of conversation %d", conversation)
	if conversation, err = s.reach(ctx, s.DB, conversation); err != nil {
		return d, err
	}
	if _, err := s.Get(ctx, conversation); err != nil {
		return d, err
	}
	return s.readDraft(ctx, s.DB, conversation, access.From(ctx).AgentID)
}

func (s *Service) readDraft(ctx context.Context, q db.Queryer, conversation, agent int64) (Draft, error) {
	d, ok, err := findDraft(ctx, q, conversation, agent)
	if err != nil {
		return d, err
	}
	if !ok {
		return d, errs.New(errs.NotFound, "There is no draft.")
	}
	for _, id := range d.Attachments {
		f, err := findAttachment(ctx, q, id)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return d, err
		}
		d.Files = append(d.Files, f)
	}
	return d, nil
}

// SaveDraft keeps what the actor has written. based is the version it was
// written on; when another device saved since, it is refused with that draft.
func (s *Service) SaveDraft(ctx context.Context, conversation int64, d Draft, based int64) (_ Draft, err error) {
	defer errs.Wrap(&err, "save the draft of conversation %d", conversation)
	if len(d.Text) > MaxReplyText || len(d.HTML) > 4*MaxReplyText {
		return d, errs.InvalidField("body.text", "The draft is longer than 256 KB.")
	}
	if d.Kind != "note" {
		d.Kind = "reply"
	}
	agent := access.From(ctx).AgentID
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		id, err := s.reach(ctx, tx, conversation)
		if err != nil {
			return err
		}
		c, err := s.get(ctx, tx, id, "")
		if err != nil {
			return err
		}
		have, ok, err := findDraft(ctx, tx, c.ID, agent)
		if err != nil {
			return err
		}
		if ok && have.Version != based {
			e := errs.Stale("This draft was changed on another device.")
			e.Extra = map[string]any{"draft": have}
			return e
		}
		if _, err := s.maskWritten(ctx, tx, c.Inbox, &d.Text, &d.HTML); err != nil {
			return err
		}
		d.Held = ok && have.Held // until it is sent or discarded
		if d.Version, err = saveDraft(ctx, tx, c.ID, agent, d, s.Now()); err != nil {
			return err
		}
		d.UpdatedAt = s.Now()
		if have.Shared != d.Shared {
			if err := s.publish(ctx, tx, DraftShared, &c, "agent", agent, Fact{Agent: agent}); err != nil {
				return err
			}
		}
		if ok {
			return nil // others only need to know that there is one
		}
		return s.publish(ctx, tx, DraftChanged, &c, "agent", agent, Fact{Agent: agent})
	})
	return d, err
}

// DiscardDraft deletes the actor's draft; there need not be one.
func (s *Service) DiscardDraft(ctx context.Context, conversation int64) (err error) {
	defer errs.Wrap(&err, "discard the draft of conversation %d", conversation)
	agent := access.From(ctx).AgentID
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		id, err := s.reach(ctx, tx, conversation)
		if err != nil {
			return err
		}
		c, err := s.get(ctx, tx, id, "")
		if err != nil {
			return err
		}
		have, _, err := findDraft(ctx, tx, c.ID, agent)
		if err != nil {
			return err
		}
		if err := deleteDraft(ctx, tx, c.ID, agent); err != nil {
			return err
		}
		if have.Shared {
			if err := s.publish(ctx, tx, DraftShared, &c, "agent", agent, Fact{Agent: agent}); err != nil {
				return err
			}
		}
		return s.publish(ctx, tx, DraftChanged, &c, "agent", agent, Fact{Agent: agent})
	})
}

func parseDraft(content string) (d Draft, err error) {
	err = json.Unmarshal([]byte(content), &d)
	return d, err
}
