package conversation

import (
	"context"
	"fmt"
	"slices"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// NewNote is something that only the team reads.
type NewNote struct {
	Text, HTML  string
	Attachments []int64
	Mentions    []int64 // agents; a mention lets them read this conversation
	Teams       []int64 // all of whose agents are mentioned, but for the author
	ByMail      bool    // written in a mail program: the author's draft is another text and stays
}

// Note adds an internal note. It changes neither status nor waiting.
func (s *Service) Note(ctx context.Context, id int64, n NewNote, finish Finish) (m Message, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if m, err = s.NoteTx(ctx, tx, id, n); err != nil {
			return err
		}
		return finish.run(ctx, tx, m)
	})
	return m, err
}

// NoteTx is [Service.Note] inside the caller's transaction.
func (s *Service) NoteTx(ctx context.Context, tx *db.Tx, id int64, n NewNote) (m Message, err error) {
	defer errs.Wrap(&err, "add a note to conversation %d", id)
	if err := n.check(); err != nil {
		return m, err
	}
	if id, err = s.reach(ctx, tx, id); err != nil {
		return m, err
	}
	c, err := s.get(ctx, tx, id, tx.Dialect.ForUpdate())
	if err != nil {
		return m, err
	}
	author := access.From(ctx)
	if err := author.Need(access.ConversationsNote); err != nil {
		return m, err
	}
	masked, err := s.maskWritten(ctx, tx, c.Inbox, &n.Text, &n.HTML)
	if err != nil {
		return m, err
	}
	m = Message{Conversation: id, Kind: KindNote, AuthorType: "agent", AuthorID: author.AgentID, AuthorName: author.Name,
		Text: n.Text, HTML: n.HTML, CreatedAt: s.Now()}
	if err := insertMessage(ctx, tx, &m); err != nil {
		return m, err
	}
	if masked {
		if err := noteMasked(ctx, tx, &m); err != nil {
			return m, err
		}
	}
	if err := s.attachTx(ctx, tx, &m, n.Attachments); err != nil {
		return m, err
	}
	mentioned, err := s.mention(ctx, tx, &m, n)
	if err != nil {
		return m, err
	}
	return m, s.noted(ctx, tx, &c, m, mentioned, n.ByMail)
}

func (n NewNote) check() error {
	if blank(n.Text, n.HTML) && len(n.Attachments) == 0 {
		return errs.InvalidField("body.text", "The note is empty.")
	}
	if len(n.Text) > MaxReplyText || len(n.HTML) > 4*MaxReplyText {
		return errs.InvalidField("body.text", "The note is longer than 256 KB.")
	}
	return nil
}

func (s *Service) noted(ctx context.Context, tx *db.Tx, c *Conversation, m Message, mentions []int64, keepDraft bool) error {
	before := *c
	c.LastMessage = m.ID
	if err := save(ctx, tx, &before, c); err != nil {
		return err
	}
	if !keepDraft {
		if err := deleteDraft(ctx, tx, c.ID, m.AuthorID); err != nil {
			return err
		}
	}
	return s.publish(ctx, tx, NoteAdded, c, "agent", m.AuthorID, Fact{Message: m.ID, Mentions: mentions})
}

// mention lets those whom the note names read the conversation, and returns who they are.
func (s *Service) mention(ctx context.Context, tx *db.Tx, m *Message, n NewNote) ([]int64, error) {
	if len(n.Mentions) > 50 {
		return nil, errs.InvalidField("body.mention_agent_ids", "A note mentions at most 50 people.")
	}
	for i, agent := range n.Mentions {
		active, err := activeAgent(ctx, tx, agent)
		if err != nil {
			return nil, err
		}
		if active == 0 {
			return nil, errs.InvalidField(fmt.Sprintf("body.mention_agent_ids[%d]", i), "There is no such agent.")
		}
	}
	all, err := withTeams(ctx, tx, n.Mentions, n.Teams, m.AuthorID)
	if err != nil {
		return nil, err
	}
	for _, agent := range all {
		if err := follow(ctx, tx, m.Conversation, agent, "mention", agent != m.AuthorID, s.Now()); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// withTeams adds the agents of teams to those named, each once and without the author.
func withTeams(ctx context.Context, q db.Queryer, agents, teams []int64, author int64) ([]int64, error) {
	all := slices.Clone(agents)
	for i, team := range teams {
		name, err := teamName(ctx, q, team)
		if err != nil {
			return nil, err
		}
		if name == "" {
			return nil, errs.InvalidField(fmt.Sprintf("body.mention_team_ids[%d]", i), "There is no such team.")
		}
		members, err := teamAgents(ctx, q, team)
		if err != nil {
			return nil, err
		}
		all = append(all, slices.DeleteFunc(members, func(id int64) bool { return id == author })...)
	}
	if len(teams) == 0 {
		return all, nil
	}
	return distinctIDs(all), nil
}
