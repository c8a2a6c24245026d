package conversation

import (
	"context"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Update changes attributes of a conversation and writes what happened into it.
func (s *Service) Update(ctx context.Context, id int64, ch Change) (c Conversation, err error) {
	return s.UpdateWith(ctx, id, ch, nil)
}

// UpdateWith is [Service.Update]; done runs last in the transaction, with the
// conversation as it was and as it is, and may be nil.
func (s *Service) UpdateWith(ctx context.Context, id int64, ch Change, done func(ctx context.Context, tx *db.Tx, before, after Conversation) error) (c Conversation, err error) {
	defer errs.Wrap(&err, "update conversation %d", id)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if c, err = s.lock(ctx, tx, id, access.ConversationsUpdate); err != nil {
			return err
		}
		before, agent := c, access.From(ctx).AgentID
		if err := s.applyTx(ctx, tx, &c, ch); err != nil {
			return err
		}
		if err := s.happened(ctx, tx, &before, &c, agent); err != nil {
			return err
		}
		if err := save(ctx, tx, &before, &c); err != nil {
			return err
		}
		if err := s.publish(ctx, tx, Updated, &c, actorType(agent), agent, c.factOf(&before)); err != nil || done == nil {
			return err
		}
		return done(ctx, tx, before, c)
	})
	return c, err
}

func actorType(agent int64) string {
	if agent == 0 {
		return "system"
	}
	return "agent"
}

// applyTx checks the change against the database, applies it and the tags.
func (s *Service) applyTx(ctx context.Context, tx *db.Tx, c *Conversation, ch Change) error {
	if ch.Assignee != nil && *ch.Assignee != 0 {
		active, err := activeAgent(ctx, tx, *ch.Assignee)
		if err != nil {
			return err
		}
		if active == 0 {
			return errs.InvalidField("body.assignee_id", "There is no such agent, or they do not work here any more.")
		}
	}
	if ch.Team != nil && *ch.Team != 0 {
		name, err := teamName(ctx, tx, *ch.Team)
		if err != nil {
			return err
		}
		if name == "" {
			return errs.InvalidField("body.team_id", "There is no such team.")
		}
	}
	if err := s.mayMove(ctx, tx, c, ch.Inbox); err != nil {
		return err
	}
	was := c.Status
	if err := c.Apply(ch, s.Now()); err != nil {
		return err
	}
	if was == Closed && c.Status != Closed || was != Open && c.Status == Open && c.WaitingSince.IsZero() {
		// The customer waits again if nobody had answered: closing had only ended the waiting, as had putting away a thanks.
		at, err := waitingSince(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		c.WaitingSince = instant(at)
	}
	if err := s.setFields(ctx, tx, c, ch.Fields, was != Closed && c.Status == Closed); err != nil {
		return err
	}
	return s.tag(ctx, tx, c, ch.AddTags, ch.RemoveTags)
}

// tag adds and removes tags by name; unknown ones are made.
func (s *Service) tag(ctx context.Context, tx *db.Tx, c *Conversation, add, remove []string) error {
	if len(add)+len(remove) == 0 {
		return nil
	}
	if len(add) > 50 || len(remove) > 50 {
		return errs.InvalidField("body.add_tags", "At most 50 tags can be changed at once.")
	}
	var added, removed []string
	for _, name := range add {
		name = strings.TrimSpace(name)
		if err := checkTagName(name, "body.add_tags"); err != nil {
			return err
		}
		ok, err := addTag(ctx, tx, c.ID, name)
		if err != nil {
			return err
		}
		if ok {
			added = append(added, name)
		}
	}
	for _, name := range remove {
		ok, err := removeTag(ctx, tx, c.ID, strings.TrimSpace(name))
		if err != nil {
			return err
		}
		if ok {
			removed = append(removed, name)
		}
	}
	if len(added)+len(removed) == 0 {
		return nil
	}
	c.Version++
	return s.addEventTx(ctx, tx, c, EventTagged, map[string]any{"added": added, "removed": removed}, access.From(ctx).AgentID)
}

// happened writes a line for each attribute that changed, in the words of its reader later.
func (s *Service) happened(ctx context.Context, tx *db.Tx, before, c *Conversation, agent int64) error {
	rest := c.resting()
	if before.Status != c.Status || !rest.Until.IsZero() && rest != before.resting() {
		name, data := EventStatusChanged, map[string]any{"from": before.Status, "to": c.Status}
		if !rest.Until.IsZero() {
			name, data = EventSnoozed, map[string]any{"until": c.SnoozedUntil.Format(time.RFC3339)}
		}
		if rest.Status == Pending {
			data["unanswered"] = true
		}
		if err := s.addEventTx(ctx, tx, c, name, data, agent); err != nil {
			return err
		}
	}
	if before.Priority != c.Priority {
		if err := s.addEventTx(ctx, tx, c, EventPriorityChanged, map[string]any{"from": before.Priority, "to": c.Priority}, agent); err != nil {
			return err
		}
	}
	if before.Subject != c.Subject {
		if err := s.addEventTx(ctx, tx, c, EventSubjectChanged, map[string]any{"from": before.Subject, "to": c.Subject}, agent); err != nil {
			return err
		}
	}
	if before.Inbox != c.Inbox {
		if err := s.movedInbox(ctx, tx, before, c, agent); err != nil {
			return err
		}
	}
	return s.handedOver(ctx, tx, before, c, agent)
}

func (s *Service) handedOver(ctx context.Context, tx *db.Tx, before, c *Conversation, agent int64) error {
	if before.Assignee != c.Assignee {
		from, err := agentName(ctx, tx, before.Assignee)
		if err != nil {
			return err
		}
		to, err := agentName(ctx, tx, c.Assignee)
		if err != nil {
			return err
		}
		data := map[string]any{"from": before.Assignee, "to": c.Assignee, "from_name": from, "to_name": to}
		if err := s.addEventTx(ctx, tx, c, EventAssigned, data, agent); err != nil {
			return err
		}
	}
	if before.Team == c.Team {
		return nil
	}
	to, err := teamName(ctx, tx, c.Team)
	if err != nil {
		return err
	}
	return s.addEventTx(ctx, tx, c, EventTeamChanged, map[string]any{"from": before.Team, "to": c.Team, "to_name": to}, agent)
}

// factOf says what changed since before.
func (c *Conversation) factOf(before *Conversation) Fact {
	f := Fact{Changed: changed(before, c), Version: c.Version}
	if before.Team != c.Team {
		f.WasTeam = before.Team
	}
	if before.Assignee != c.Assignee {
		f.WasAssignee = before.Assignee
	}
	if before.Inbox != c.Inbox {
		f.WasInbox = before.Inbox
	}
	return f
}

func changed(before, c *Conversation) (out []string) {
	for _, p := range []struct {
		name string
		diff bool
	}{
		{"status", before.Status != c.Status}, {"priority", before.Priority != c.Priority},
		{"assignee_id", before.Assignee != c.Assignee}, {"team_id", before.Team != c.Team}, {"inbox_id", before.Inbox != c.Inbox}, {"merged_into_id", before.MergedInto != c.MergedInto},
		{"snoozed_until", !before.SnoozedUntil.Equal(c.SnoozedUntil)}, {"subject", before.Subject != c.Subject},
	} {
		if p.diff {
			out = append(out, p.name)
		}
	}
	return out
}

// WakeSnoozed opens conversations whose snooze has ended, at most limit, and
// reports how many. It is called every few seconds.
func (s *Service) WakeSnoozed(ctx context.Context, limit int) (n int, err error) {
	defer errs.Wrap(&err, "wake snoozed conversations")
	due, err := snoozeEnded(ctx, s.DB, s.Now(), limit)
	if err != nil {
		return 0, err
	}
	for _, id := range due {
		err := s.DB.Write(ctx, func(tx *db.Tx) error { return s.wakeTx(ctx, tx, id) })
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func (s *Service) wakeTx(ctx context.Context, tx *db.Tx, id int64) error {
	c, err := find(ctx, tx, id, tx.Dialect.ForUpdate())
	rest := c.resting()
	if err != nil || rest.Until.IsZero() || rest.Until.After(s.Now()) {
		return err
	}
	before, data := c, map[string]any{}
	if rest.Status == Pending {
		data["unanswered"] = true
	}
	c.setStatus(Open, s.Now())
	c.LastActivityAt = s.Now()
	if err := s.addEventTx(ctx, tx, &c, EventUnsnoozed, data, 0); err != nil {
		return err
	}
	if err := save(ctx, tx, &before, &c); err != nil {
		return err
	}
	return s.publish(ctx, tx, Updated, &c, "system", 0, Fact{Changed: []string{"status"}, Version: c.Version})
}
