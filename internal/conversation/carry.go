package conversation

import (
	"context"
	"html"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// carry brings what belongs to o beside its messages to c and notes it in state.
func (s *Service) carry(ctx context.Context, tx *db.Tx, c, o *Conversation, state *mergeState) (err error) {
	if state.Tags, err = copyTags(ctx, tx, o.ID, c.ID); err != nil {
		return err
	}
	if state.Followers, err = copyFollowers(ctx, tx, o.ID, c.ID); err != nil {
		return err
	}
	if state.Participants, err = s.carryPeople(ctx, tx, c, o); err != nil {
		return err
	}
	if state.Marks, err = carryMarks(ctx, tx, c, o); err != nil {
		return err
	}
	return s.carryDrafts(ctx, tx, c, o)
}

// carryPeople makes everybody who took part in o, its customer included, a
// participant of c, so that answers of theirs are expected there.
func (s *Service) carryPeople(ctx context.Context, tx *db.Tx, c, o *Conversation) ([]string, error) {
	list, err := participants(ctx, tx, o.ID)
	if err != nil {
		return nil, err
	}
	if o.Customer != c.Customer {
		who, err := customerAddress(ctx, tx, o.ID, o.Customer)
		if err != nil {
			return nil, err
		}
		if who.Address != "" {
			list = append(list, participant{who, "cc"})
		}
	}
	have, err := participants(ctx, tx, c.ID)
	if err != nil {
		return nil, err
	}
	var added []string
	for _, p := range list {
		address := strings.ToLower(p.Address)
		if slices.ContainsFunc(have, func(h participant) bool { return h.Address == address }) || slices.Contains(added, address) {
			continue
		}
		if err := setParticipant(ctx, tx, c.ID, p); err != nil {
			return nil, err
		}
		added = append(added, address)
	}
	return added, nil
}

// carryMarks keeps what each agent has read: who had read both has read the
// merged one, and anybody else begins at what they have not seen.
func carryMarks(ctx context.Context, tx *db.Tx, c, o *Conversation) (map[int64][2]int64, error) {
	ofC, err := readMarks(ctx, tx, c.ID)
	if err != nil {
		return nil, err
	}
	ofO, err := readMarks(ctx, tx, o.ID)
	if err != nil {
		return nil, err
	}
	changed := map[int64][2]int64{}
	for agent := range ofO {
		ofC[agent] += 0 // whoever read only one of them has a mark in the other: none
	}
	for agent, mark := range ofC {
		to := max(c.LastMessage, o.LastMessage)
		if c.Unread(mark) {
			to = min(to, mark)
		}
		if o.Unread(ofO[agent]) {
			to = min(to, max(ofO[agent], -1))
		}
		if to == mark {
			continue
		}
		if err := setReadMark(ctx, tx, c.ID, agent, to); err != nil {
			return nil, err
		}
		changed[agent] = [2]int64{mark, to}
	}
	return changed, nil
}

// carryDrafts moves what agents have written and not sent. Where one has a
// draft in both, the texts stand one below the other; one that is a note stays
// a note, so that nothing internal is sent by mistake.
func (s *Service) carryDrafts(ctx context.Context, tx *db.Tx, c, o *Conversation) error {
	agents, err := draftAgents(ctx, tx, o.ID)
	if err != nil {
		return err
	}
	for _, agent := range agents {
		d, _, err := findDraft(ctx, tx, o.ID, agent)
		if err != nil {
			return err
		}
		have, ok, err := findDraft(ctx, tx, c.ID, agent)
		if err != nil {
			return err
		}
		if ok {
			d = have.with(d)
		}
		if _, err := saveDraft(ctx, tx, c.ID, agent, d, s.Now()); err != nil {
			return err
		}
		if err := deleteDraft(ctx, tx, o.ID, agent); err != nil {
			return err
		}
		for _, in := range []*Conversation{c, o} {
			if err := s.publish(ctx, tx, DraftChanged, in, "agent", agent, Fact{Agent: agent}); err != nil {
				return err
			}
		}
	}
	return nil
}

// with is d with the text and the files of another draft below its own.
func (d Draft) with(other Draft) Draft {
	if d.HTML != "" || other.HTML != "" {
		d.HTML = d.rich() + other.rich()
	}
	d.Text = strings.TrimSpace(d.Text + "\n\n" + other.Text)
	if other.Kind == "note" {
		d.Kind = "note"
	}
	for _, id := range other.Attachments {
		if !slices.Contains(d.Attachments, id) {
			d.Attachments = append(d.Attachments, id)
		}
	}
	return d
}

// rich is the text as HTML.
func (d Draft) rich() string {
	if d.HTML != "" || d.Text == "" {
		return d.HTML
	}
	return "<p>" + strings.ReplaceAll(html.EscapeString(d.Text), "\n", "</p><p>") + "</p>"
}
