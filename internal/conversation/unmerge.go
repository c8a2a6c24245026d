package conversation

import (
	"context"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/text"
)

// Unmerge takes a merge back within [UnmergeWithin]: what came to the
// conversation, before and after, is in it again, and it is as it was. Drafts
// stay where they are.
func (s *Service) Unmerge(ctx context.Context, id int64) (o Conversation, err error) {
	defer errs.Wrap(&err, "take the merge of conversation %d back", id)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		var c Conversation
		if o, c, err = s.lockMerged(ctx, tx, id); err != nil {
			return err
		}
		row, err := findMerge(ctx, tx, id)
		if db.IsNoRows(err) || err == nil && s.Now().Sub(row.at) > UnmergeWithin {
			return errs.New(errs.Conflict, "This merge is more than 30 days old and cannot be taken back any more.")
		}
		if err != nil {
			return err
		}
		return s.unmergeTx(ctx, tx, &c, &o, row)
	})
	return o, err
}

// lockMerged locks a merged conversation and its survivor, in the order of their ids.
func (s *Service) lockMerged(ctx context.Context, tx *db.Tx, id int64) (o, c Conversation, err error) {
	if o, err = s.get(ctx, tx, id, ""); err != nil {
		return o, c, err
	}
	if err := access.From(ctx).Need(access.ConversationsMerge); err != nil {
		return o, c, err
	}
	notMerged := errs.New(errs.Conflict, "This conversation is not merged into another one.")
	survivor := o.MergedInto
	if survivor == 0 {
		return o, c, notMerged
	}
	for _, one := range distinctIDs([]int64{id, survivor}) {
		into := &o
		if one == survivor {
			into = &c
		}
		if *into, err = s.lockAny(ctx, tx, one, access.ConversationsMerge); err != nil {
			return o, c, err
		}
	}
	if o.MergedInto != survivor {
		return o, c, notMerged
	}
	return o, c, nil
}

func (s *Service) unmergeTx(ctx context.Context, tx *db.Tx, c, o *Conversation, row mergeRow) error {
	before, was, agent := *c, *o, access.From(ctx).AgentID
	inside, err := mergedBefore(ctx, tx, o.ID)
	if err != nil {
		return err
	}
	if err := forgetUndo(ctx, tx, c.ID); err != nil {
		return err
	}
	if err := moveBack(ctx, tx, c.ID, o.ID, append(inside, o.ID)); err != nil {
		return err
	}
	if err := pointAt(ctx, tx, o.ID, inside); err != nil {
		return err
	}
	if err := deleteMerge(ctx, tx, o.ID, c.ID); err != nil {
		return err
	}
	if err := s.giveBack(ctx, tx, c, row.state); err != nil {
		return err
	}
	o.restoreTo(row.state.Merged)
	c.unlike(row.state)
	for one, seen := range map[*Conversation]int64{c: row.state.Was.LastInbound, o: row.state.Merged.LastInbound} {
		if err := s.recount(ctx, tx, one, seen); err != nil {
			return err
		}
	}
	if err := s.happenedBetween(ctx, tx, EventUnmerged, c, o, agent); err != nil {
		return err
	}
	if err := s.saveBoth(ctx, tx, [2]*Conversation{&before, &was}, [2]*Conversation{c, o}); err != nil {
		return err
	}
	return s.publish(ctx, tx, WasUnmerged, o, actorType(agent), agent, Fact{From: c.ID, Version: o.Version})
}

// giveBack takes from the survivor what only the merge had brought.
func (s *Service) giveBack(ctx context.Context, tx *db.Tx, c *Conversation, state mergeState) error {
	if err := dropTags(ctx, tx, c.ID, state.Tags); err != nil {
		return err
	}
	for _, f := range state.Followers {
		if err := unfollow(ctx, tx, c.ID, f.Agent, f.Reason); err != nil {
			return err
		}
	}
	if err := dropParticipants(ctx, tx, c.ID, state.Participants); err != nil {
		return err
	}
	for agent, mark := range state.Marks {
		now, err := readMark(ctx, tx, c.ID, agent)
		if err != nil {
			return err
		}
		if now != mark[1] {
			continue // they have read on since
		}
		if err := setReadMark(ctx, tx, c.ID, agent, mark[0]); err != nil {
			return err
		}
	}
	return nil
}

// restoreTo makes a merged conversation what it was.
func (c *Conversation) restoreTo(was attributes) {
	c.MergedInto = 0
	c.Status, c.Priority, c.Assignee, c.Team = was.Status, was.Priority, was.Assignee, was.Team
	c.SnoozedUntil, c.ClosedAt = instant(was.SnoozedUntil), instant(was.ClosedAt)
	c.Version++
}

// unlike takes back what the merge made of the survivor, where nobody changed it since.
func (c *Conversation) unlike(state mergeState) {
	was, became := state.Was, state.Became
	if c.Status == became.Status && was.Status != became.Status {
		c.Status, c.SnoozedUntil, c.ClosedAt = was.Status, instant(was.SnoozedUntil), instant(was.ClosedAt)
	}
	if c.Priority == became.Priority {
		c.Priority = was.Priority
	}
	if c.Assignee == became.Assignee {
		c.Assignee = was.Assignee
	}
	if c.Team == became.Team {
		c.Team = was.Team
	}
	c.Version++
}

// recount reads from the messages what the columns of the conversation say of
// them. What a customer wrote after the message seen opens it, as always.
func (s *Service) recount(ctx context.Context, tx *db.Tx, c *Conversation, seen int64) error {
	have, err := contentsOf(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	if c.LastMessage, err = lastMessage(ctx, tx, c.ID); err != nil {
		return err
	}
	c.LastInbound, c.Preview = have.lastInbound, text.Preview(have.preview, 200)
	if have.lastActivity != 0 {
		c.LastActivityAt = instant(have.lastActivity)
	}
	waiting, err := waitingSince(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	if waiting != 0 && c.LastInbound > seen {
		c.setStatus(Open, s.Now())
	}
	c.WaitingSince = instant(waiting)
	if c.Status == Closed {
		c.WaitingSince = instant(0)
	}
	return nil
}
