package conversation

import (
	"context"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// UnmergeWithin is how long a merge can be taken back.
const UnmergeWithin = 30 * 24 * time.Hour

// Bounds of a merge: it happens in one transaction.
const (
	maxMergedAtOnce   = 50
	maxMergedMessages = 2000
)

// mergeState is what taking a merge back needs: both conversations as they
// were, what the merge made of the survivor, and what it brought there.
type mergeState struct {
	Merged       attributes         `json:"merged"`
	Was          attributes         `json:"was"`
	Became       attributes         `json:"became"`
	Tags         []int64            `json:"tags,omitempty"`
	Followers    []followerRow      `json:"followers,omitempty"`
	Participants []string           `json:"participants,omitempty"`
	Marks        map[int64][2]int64 `json:"marks,omitempty"` // agent: read mark of the survivor before and after
}

// attributes are what people set on a conversation.
type attributes struct {
	Status       Status   `json:"status"`
	Priority     Priority `json:"priority"`
	Assignee     int64    `json:"assignee_id"`
	Team         int64    `json:"team_id"`
	SnoozedUntil int64    `json:"snoozed_until"`
	ClosedAt     int64    `json:"closed_at"`
	LastInbound  int64    `json:"last_inbound_id"`
}

// asSet is what people have set on c.
func (c *Conversation) asSet() attributes {
	return attributes{c.Status, c.Priority, c.Assignee, c.Team, millis(c.SnoozedUntil, 0), millis(c.ClosedAt, 0), c.LastInbound}
}

// Merge puts other conversations into the survivor: their messages, drafts,
// files, tags, followers and people are its own from now on, and what is
// answered to them arrives there. The actor has to see all of them. A merge
// that somebody else was faster with is refused with a conflict.
func (s *Service) Merge(ctx context.Context, survivor int64, others []int64, finish func(context.Context, *db.Tx, Conversation) error) (c Conversation, err error) {
	defer errs.Wrap(&err, "merge %d conversations into %d", len(others), survivor)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		all, err := s.lockAll(ctx, tx, append([]int64{survivor}, others...))
		if err != nil {
			return err
		}
		c = all[survivor]
		if err := s.mayMerge(ctx, tx, &c, others, all); err != nil {
			return err
		}
		for _, id := range distinctIDs(others) {
			o := all[id]
			if err := s.mergeOne(ctx, tx, &c, &o); err != nil {
				return err
			}
		}
		if finish == nil {
			return nil
		}
		return finish(ctx, tx, c)
	})
	return c, err
}

// lockAll locks conversations in the order of their ids, so that two merges of
// the same ones wait for each other.
func (s *Service) lockAll(ctx context.Context, tx *db.Tx, list []int64) (map[int64]Conversation, error) {
	out := map[int64]Conversation{}
	for _, id := range distinctIDs(list) {
		c, err := s.lock(ctx, tx, id, access.ConversationsMerge)
		if err != nil {
			return nil, err
		}
		out[id] = c
	}
	return out, nil
}

func distinctIDs(list []int64) []int64 {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

func (s *Service) mayMerge(ctx context.Context, tx *db.Tx, c *Conversation, others []int64, all map[int64]Conversation) error {
	const field = "body.conversation_ids"
	if len(others) == 0 || len(others) > maxMergedAtOnce {
		return errs.InvalidField(field, "Say which conversations to merge: between 1 and 50.")
	}
	if slices.Contains(others, c.ID) {
		return errs.InvalidField(field, "A conversation cannot be merged into itself.")
	}
	total := 0
	for id, one := range all {
		if one.Status == Spam || one.Status == Trash {
			return errs.Newf(errs.Conflict, "Conversation #%d is in spam or trash. Take it out first.", id)
		}
		n, err := countMessages(ctx, tx, id)
		if err != nil {
			return err
		}
		total += n
	}
	if total > maxMergedMessages {
		return errs.InvalidFieldf(field, "Together they have %d messages. A conversation can be merged up to %d.", total, maxMergedMessages)
	}
	return nil
}

// mergeOne moves everything of o into c; both are locked.
func (s *Service) mergeOne(ctx context.Context, tx *db.Tx, c, o *Conversation) error {
	before, was, agent := *c, *o, access.From(ctx).AgentID
	state := mergeState{Merged: o.asSet(), Was: c.asSet()}
	if err := s.carry(ctx, tx, c, o, &state); err != nil {
		return err
	}
	if err := moveMessages(ctx, tx, o.ID, c.ID); err != nil {
		return err
	}
	c.absorb(o, s.Now())
	o.goInto(c.ID)
	state.Became = c.asSet()
	if err := insertMerge(ctx, tx, o.ID, c.ID, agent, state, s.Now()); err != nil {
		return err
	}
	if err := s.happenedBetween(ctx, tx, EventMerged, c, o, agent); err != nil {
		return err
	}
	if err := link(ctx, tx, c.ID, o.ID, "merged"); err != nil {
		return err
	}
	if err := s.saveBoth(ctx, tx, [2]*Conversation{&before, &was}, [2]*Conversation{c, o}); err != nil {
		return err
	}
	return s.publish(ctx, tx, WasMerged, c, actorType(agent), agent, Fact{From: o.ID, Version: c.Version})
}

// absorb is what a conversation becomes when o is put into it: the more urgent
// of both, and waiting since the one who waits longer.
func (c *Conversation) absorb(o *Conversation, at time.Time) {
	if rank[o.Status] > rank[c.Status] {
		waiting := c.WaitingSince
		c.setStatus(o.Status, at)
		c.SnoozedUntil, c.WaitingSince = o.SnoozedUntil, waiting
	}
	c.WaitingSince = earlier(c.WaitingSince, o.WaitingSince)
	if hoursByPriority[o.Priority] < hoursByPriority[c.Priority] {
		c.Priority = o.Priority
	}
	if c.Assignee == 0 {
		c.Assignee = o.Assignee
	}
	if c.Team == 0 {
		c.Team = o.Team
	}
	if o.LastActivityAt.After(c.LastActivityAt) {
		c.LastActivityAt, c.Preview = o.LastActivityAt, o.Preview
	}
	if o.LastInbound > c.LastInbound && o.Inbox == c.Inbox {
		c.ReplyAddress = o.ReplyAddress // where the customer wrote to last
	}
	if o.LastInbound > o.ReadFloor {
		c.LastInbound = max(c.LastInbound, o.LastInbound)
	}
	c.LastMessage = max(c.LastMessage, o.LastMessage)
	c.Version++
}

// goInto leaves nothing that a list or a count would show.
func (c *Conversation) goInto(survivor int64) {
	c.Status, c.MergedInto = Merged, survivor
	c.WaitingSince, c.SnoozedUntil, c.ClosedAt = time.Time{}, time.Time{}, time.Time{}
	c.Version++
}

// rank orders statuses by how much there is to do.
var rank = map[Status]int{Closed: 0, Snoozed: 1, Pending: 2, Open: 3}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// happenedBetween writes the line into both conversations: into is true where
// the messages went away.
func (s *Service) happenedBetween(ctx context.Context, tx *db.Tx, name string, c, o *Conversation, agent int64) error {
	for _, line := range []struct {
		in, other *Conversation
		into      bool
	}{{c, o, false}, {o, c, true}} {
		data := map[string]any{"conversation_id": line.other.ID, "number": line.other.ID, "into": line.into}
		if err := s.addEventTx(ctx, tx, line.in, name, data, agent); err != nil {
			return err
		}
	}
	return nil
}

// saveBoth writes two conversations and tells of them.
func (s *Service) saveBoth(ctx context.Context, tx *db.Tx, before, now [2]*Conversation) error {
	agent := access.From(ctx).AgentID
	for i, c := range now {
		if err := save(ctx, tx, before[i], c); err != nil {
			return err
		}
		if err := s.publish(ctx, tx, Updated, c, actorType(agent), agent, c.factOf(before[i])); err != nil {
			return err
		}
	}
	return nil
}
