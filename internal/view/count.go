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
	Mine       int64 // open, assigned to the actor
	Unassigned int64 // open
	ByStatus   map[conversation.Status]int64
	Drafts     int64 // of the actor
	Mentions   int64 // of the actor, not read yet
	// NeedsAttention are those where a reply failed or was stopped.
	NeedsAttention int64
	Teams          map[int64]int64 // open
	Inboxes        map[int64]int64 // open
}

// Counts sums the counters. What the actor only follows is looked up, so that
// the numbers are those of the lists.
func (s *Service) Counts(ctx context.Context) (c Counts, err error) {
	defer errs.Wrap(&err, "count conversations")
	a, err := caller(ctx)
	if err != nil {
		return c, err
	}
	c = Counts{ByStatus: map[conversation.Status]int64{}, Teams: map[int64]int64{}, Inboxes: map[int64]int64{}}
	sums, err := counter.Sums(ctx, s.DB, conversation.CellPrefix)
	if err != nil {
		return c, err
	}
	for name, n := range sums {
		if cell, ok := parseCell(name); ok && sees(a, cell) {
			c.add(cell, n, a.AgentID)
		}
	}
	if !conversation.SeesEverything(a) && a.AgentID != 0 {
		list, err := followedCells(ctx, s.DB, a.AgentID)
		if err != nil {
			return c, err
		}
		for _, cell := range list {
			if !sees(a, cell) {
				c.add(cell, 1, a.AgentID)
			}
		}
	}
	c.floor()
	if c.NeedsAttention, err = countAttention(ctx, s.DB, visible(a)); err != nil {
		return c, err
	}
	c.Drafts, c.Mentions, err = ownCounts(ctx, s.DB, a)
	return c, err
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
	if of.status != conversation.Open {
		return
	}
	c.Inboxes[of.inbox] += n
	if of.team != 0 {
		c.Teams[of.team] += n
	}
	switch {
	case of.assignee == 0:
		c.Unassigned += n
	case of.assignee == me:
		c.Mine += n
	}
}

// floor drops what is empty; a counter read between two folds is never below zero for long.
func (c *Counts) floor() {
	empty := func(_ int64, n int64) bool { return n <= 0 }
	maps.DeleteFunc(c.Teams, empty)
	maps.DeleteFunc(c.Inboxes, empty)
	c.Mine, c.Unassigned = max(c.Mine, 0), max(c.Unassigned, 0)
	for s, n := range c.ByStatus {
		c.ByStatus[s] = max(n, 0)
	}
}

func sortedKeys(m map[int64]int64) []int64 { return slices.Sorted(maps.Keys(m)) }
