package conversation

import (
	"context"
	"fmt"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// NewNote is something that only the team reads.
type NewNote struct {
	Text, HTML  string
	Attachments []int64
	Mentions    []int64 // agents; a mention lets them read this conversation
}

// Note adds an internal note. It changes neither status nor waiting.
func (s *Service) Note(ctx context.Context, id int64, n NewNote, finish Finish) (m Message, err error) {
	defer errs.Wrap(&err, "add a note to conversation %d", id)
	if blank(n.Text, n.HTML) && len(n.Attachments) == 0 {
		return m, errs.InvalidField("body.text", "The note is empty.")
	}
	if len(n.Text) > MaxReplyText || len(n.HTML) > 4*MaxReplyText {
		return m, errs.InvalidField("body.text", "The note is longer than 256 KB.")
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if id, err = s.reach(ctx, tx, id); err != nil {
			return err
		}
		c, err := s.get(ctx, tx, id, tx.Dialect.ForUpdate())
		if err != nil {
			return err
		}
		author := access.From(ctx)
		if err := author.Need(access.ConversationsNote); err != nil {
			return err
		}
		masked, err := s.maskWritten(ctx, tx, c.Inbox, &n.Text, &n.HTML)
		if err != nil {
			return err
		}
		m = Message{Conversation: id, Kind: KindNote, AuthorType: "agent", AuthorID: author.AgentID, AuthorName: author.Name,
			Text: n.Text, HTML: n.HTML, CreatedAt: s.Now()}
		if err := insertMessage(ctx, tx, &m); err != nil {
			return err
		}
		if masked {
			if err := noteMasked(ctx, tx, &m); err != nil {
				return err
			}
		}
		if err := s.attachTx(ctx, tx, &m, n.Attachments); err != nil {
			return err
		}
		if err := s.mention(ctx, tx, &m, n.Mentions); err != nil {
			return err
		}
		if err := s.noted(ctx, tx, &c, m, n.Mentions); err != nil {
			return err
		}
		return finish.run(ctx, tx, m)
	})
	return m, err
}

func (s *Service) noted(ctx context.Context, tx *db.Tx, c *Conversation, m Message, mentions []int64) error {
	before := *c
	c.LastMessage = m.ID
	if err := save(ctx, tx, &before, c); err != nil {
		return err
	}
	if err := deleteDraft(ctx, tx, c.ID, m.AuthorID); err != nil {
		return err
	}
	return s.publish(ctx, tx, NoteAdded, c, "agent", m.AuthorID, Fact{Message: m.ID, Mentions: mentions})
}

func (s *Service) mention(ctx context.Context, tx *db.Tx, m *Message, agents []int64) error {
	if len(agents) > 50 {
		return errs.InvalidField("body.mention_agent_ids", "A note mentions at most 50 people.")
	}
	for i, agent := range agents {
		active, err := activeAgent(ctx, tx, agent)
		if err != nil {
			return err
		}
		if active == 0 {
			return errs.InvalidField(fmt.Sprintf("body.mention_agent_ids[%d]", i), "There is no such agent.")
		}
		if err := follow(ctx, tx, m.Conversation, agent, "mention", agent != m.AuthorID, s.Now()); err != nil {
			return err
		}
	}
	return nil
}
