package bulk

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// reply answers in one conversation: the message, what a saved reply brings with
// it and the mark of the item are one transaction, so that nothing of it happens
// twice when the run is tried again.
func (s *Service) reply(ctx context.Context, r Run, it Item) error {
	f, err := s.filled(ctx, r, it.Conversation)
	if err != nil {
		return err
	}
	n := conversation.NewReply{Text: f.Text, HTML: f.HTML, Attachments: f.Files, LastSeen: &it.Was.LastSeen, Undo: time.Duration(r.Work.Reply.Undo) * time.Second,
		ThenBody: above(f.Change, r.Work.Change)}
	var ch conversation.Change
	if n.ThenBody != nil {
		ch = n.ThenBody.Change()
		n.Then = &ch
	}
	before, err := s.before(ctx, it.Conversation, ch)
	if err != nil {
		return err
	}
	_, err = s.Conversations.Reply(ctx, it.Conversation, n, func(ctx context.Context, tx *db.Tx, m conversation.Message) error {
		after, err := s.Conversations.GetTx(ctx, tx, m.Conversation)
		if err != nil {
			return err
		}
		it.State, it.Message = Changed, m.ID
		// Where it was merged meanwhile, the survivor was not like this before.
		if m.Conversation == it.Conversation {
			err = s.compare(ctx, tx, before, after, ch, &it.Was)
		}
		if err != nil {
			return err
		}
		if it.Was.Tasks, err = s.bring(ctx, tx, m.Conversation, f); err != nil {
			return err
		}
		return markItem(ctx, tx, r.ID, Waiting, it)
	})
	return err
}

// filled is the text of a run as one customer gets it.
func (s *Service) filled(ctx context.Context, r Run, id int64) (f Filled, err error) {
	_, err = s.Conversations.Draft(ctx, id)
	if err == nil {
		return f, errs.New(errs.Conflict, "You have a draft in this conversation. Send or discard it first.")
	}
	if !errs.Is(err, errs.NotFound) {
		return f, err
	}
	if f, err = s.Fill(ctx, *r.Work.Reply, id); err == nil && len(f.Missing) > 0 {
		err = errs.Newf(errs.Invalid, "%s has no value for this customer.", f.Missing[0])
	}
	return f, err
}

// bring adds the note and the tasks of a saved reply.
func (s *Service) bring(ctx context.Context, tx *db.Tx, id int64, f Filled) (tasks []int64, err error) {
	if f.Note != "" {
		if _, err := s.Conversations.NoteTx(ctx, tx, id, conversation.NewNote{Text: f.Note}); err != nil {
			return nil, err
		}
	}
	if f.Give == nil {
		return nil, nil
	}
	return f.Give(ctx, tx, id)
}

// undoReply takes the reply of an item back. One that is not there any more was
// taken back already: by hand, and its text is a draft that stays.
func (s *Service) undoReply(ctx context.Context, it Item) error {
	if it.Message == 0 {
		return nil
	}
	_, err := s.Conversations.Undo(ctx, it.Message)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	// The text is the run's, and there was no draft before.
	return s.Conversations.DiscardDraft(ctx, it.Conversation)
}
