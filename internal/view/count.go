package view

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/counter"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Counts are the numbers beside the views of the console, of what the actor may see.
type Counts struct {
	Mine       Tabs // assigned to the actor
	Unassigned Tabs
	ByStatus   map[conversation.Status]int64
	Drafts     int64 // of the actor
	Mentions   int64 // of the actor, not read yet
	// NeedsAttention are those where a reply failed or was stopped.
	NeedsAttention int64
	Teams          map[int64]Tabs
	Inboxes        map[int64]Tabs
}

// Tabs are the conversations of a view by what is to be done: those that need an
// answer, those that wait for the customer, and both with the snoozed ones.
type Tabs struct{ Open, Pending, All int64 }

func (t Tabs) with(s conversation.Status, n int64) Tabs {
	switch s {
	case conversation.Open:
		t.Open += n
	case conversation.Pending:
		t.Pending += n
	case conversation.Snoozed:
	default:
		return t
	}
	t.All += n
	return t
}

func (t Tabs) floor() Tabs { return Tabs{max(t.Open, 0), max(t.Pending, 0), max(t.All, 0)} }

// Counts sums the counters. What the actor only follows is looked up, so that
// the numbers are those of the lists.
func (s *Service) Counts(ctx context.Context) (c Counts, err error) {
	defer errs.Wrap(&err, "count conversations")
	a, err := caller(ctx)
	if err != nil {
		return c, err
	}
	c = Counts{ByStatus: map[conversation.Status]int64{}, Teams: map[int64]Tabs{}, Inboxes: map[int64]Tabs{}}
	if err := s.cells(ctx, a, func(of cell, n int64) { c.add(of, n, a.AgentID) }); err != nil {
		return c, err
	}
	c.floor()
	if c.NeedsAttention, err = countAttention(ctx, s.DB, visible(a)); err != nil {
		return c, err
	}
	c.Drafts, c.Mentions, err = ownCounts(ctx, s.DB, a)
	return c, err
}

// cells hands over the counters of what the actor sees.
func (s *Service) cells(ctx context.Context, a *access.Actor, add func(of cell, n int64)) error {
	sums, err := counter.Sums(ctx, s.DB, conversation.CellPrefix)
	if err != nil {
		return err
	}
	for name, n := range sums {
		if of, ok := parseCell(name); ok && sees(a, of) {
			add(of, n)
		}
	}
	if conversation.SeesEverything(a) || a.AgentID == 0 {
		return nil
	}
	list, err := followedCells(ctx, s.DB, a.AgentID)
	for _, of := range list {
		if !sees(a, of) {
			add(of, 1)
		}
	}
	return err
}

// cell is what the conversations of one counter have in common.
type cell struct {
	status                conversation.Status
	inbox, team, assignee int64
}

func parseCell(name string) (c cell, ok bool) {
	parts := strings.Split(strings.TrimPrefix(name, conversation.CellPrefix), "/")
	if len(parts) != 4 {
		return c, false
	}
	c.status = conversation.Status(parts[0])
	for i, into := range []*int64{&c.inbox, &c.team, &c.assignee} {
		n, err := strconv.ParseInt(parts[i+1], 10, 64)
		if err != nil {
			return c, false
		}
		*into = n
	}
	return c, true
}

func sees(a *access.Actor, c cell) bool {
	return conversation.SeesEverything(a) || a.Scope.Sees(c.inbox, c.team, c.assignee) || c.assignee != 0 && c.assignee == a.AgentID
}

func (c *Counts) add(of cell, n, me int64) {
	c.ByStatus[of.status] += n
	c.Inboxes[of.inbox] = c.Inboxes[of.inbox].with(of.status, n)
	if of.team != 0 {
		c.Teams[of.team] = c.Teams[of.team].with(of.status, n)
	}
	switch {
	case of.assignee == 0:
		c.Unassigned = c.Unassigned.with(of.status, n)
	case of.assignee == me:
		c.Mine = c.Mine.with(of.status, n)
	}
}

// floor drops what is empty; a counter read between two folds is never below zero for long.
func (c *Counts) floor() {
	for _, m := range []map[int64]Tabs{c.Teams, c.Inboxes} {
		for id, t := range m {
			m[id] = t.floor()
		}
		maps.DeleteFunc(m, func(_ int64, t Tabs) bool { return t.floor() == Tabs{} })
	}
	c.Mine, c.Unassigned = c.Mine.floor(), c.Unassigned.floor()
	for s, n := range c.ByStatus {
		c.ByStatus[s] = max(n, 0)
	}
}

func sortedKeys[V any](m map[int64]V) []int64 { return slices.Sorted(maps.Keys(m)) }
