package conversation

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/text"
)

// SharedDraft is what a colleague has begun and lets others finish.
type SharedDraft struct {
	Agent     int64
	Name      string
	Preview   string
	UpdatedAt time.Time
}

// SharedDrafts are those of colleagues in the conversation, the newest first.
func (s *Service) SharedDrafts(ctx context.Context, conversation int64) (out []SharedDraft, err error) {
	defer errs.Wrap(&err, "shared drafts of conversation %d", conversation)
	if conversation, err = s.reach(ctx, s.DB, conversation); err != nil {
		return nil, err
	}
	if _, err := s.Get(ctx, conversation); err != nil {
		return nil, err
	}
	all, err := draftsOfOthers(ctx, s.DB, conversation, access.From(ctx).AgentID)
	for _, d := range all {
		if d.Shared {
			out = append(out, SharedDraft{d.agent, d.name, text.Preview(d.Text, 200), d.UpdatedAt})
		}
	}
	return out, err
}

// TakeDraft makes a colleague's shared draft the actor's own: text, recipients
// and files are theirs from then on, and the colleague has none any more. What
// the actor had written stands below it.
func (s *Service) TakeDraft(ctx context.Context, conversation, from int64) (d Draft, err error) {
	defer errs.Wrap(&err, "take the draft of agent %d in conversation %d", from, conversation)
	me := access.From(ctx).AgentID
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		c, err := s.lockReached(ctx, tx, conversation, access.ConversationsReply)
		if err != nil {
			return err
		}
		if me == 0 || me == from {
			return errs.InvalidField("body.agent_id", "Name the colleague whose draft you take.")
		}
		theirs, ok, err := findDraft(ctx, tx, c.ID, from)
		if err != nil {
			return err
		}
		if !ok || !theirs.Shared {
			return errs.New(errs.Conflict, "This draft is not shared any more.")
		}
		mine, ok, err := findDraft(ctx, tx, c.ID, me)
		if err != nil {
			return err
		}
		if ok {
			theirs = theirs.with(mine)
		}
		theirs.Shared, theirs.Held = false, mine.Held
		if err := s.moveDraft(ctx, tx, &c, from, me, theirs); err != nil {
			return err
		}
		d, err = s.readDraft(ctx, tx, c.ID, me)
		return err
	})
	return d, err
}

func (s *Service) moveDraft(ctx context.Context, tx *db.Tx, c *Conversation, from, to int64, d Draft) error {
	if err := deleteDraft(ctx, tx, c.ID, from); err != nil {
		return err
	}
	for _, file := range d.Attachments {
		if err := handUpload(ctx, tx, file, from, to); err != nil {
			return err
		}
	}
	if _, err := saveDraft(ctx, tx, c.ID, to, d, s.Now()); err != nil {
		return err
	}
	// Each hears of their own draft alone.
	for _, agent := range []int64{from, to} {
		if err := s.publish(ctx, tx, DraftChanged, c, "agent", agent, Fact{Agent: agent}); err != nil {
			return err
		}
	}
	return s.publish(ctx, tx, DraftShared, c, "agent", to, Fact{Agent: from})
}
