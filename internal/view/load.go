package view

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/counter"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Presence is whether somebody can be given work now.
type Presence string

// The presences.
const (
	Online  Presence = "online"
	Away    Presence = "away" // they said so, or have not done anything for some minutes
	Offline Presence = "offline"
)

// Bounds of being there without doing anything.
const (
	onlineFor = 3 * time.Minute
	awayFor   = 15 * time.Minute
)

// Load is how much an agent has open, and whether they are there.
type Load struct {
	Agent    int64
	Open     int64
	Presence Presence
}

// Loads tells of every active agent how many open conversations they have, in
// all inboxes, and whether they are there: the number alone says nothing about
// conversations that the caller may not see.
func (s *Service) Loads(ctx context.Context) (out []Load, err error) {
	defer errs.Wrap(&err, "read the load of agents")
	if _, err := caller(ctx); err != nil {
		return nil, err
	}
	agents, err := attendance(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	sums, err := counter.Sums(ctx, s.DB, conversation.CellPrefix)
	if err != nil {
		return nil, err
	}
	open := map[int64]int64{}
	for name, n := range sums {
		if c, ok := parseCell(name); ok && c.status == conversation.Open {
			open[c.assignee] += n
		}
	}
	for _, a := range agents {
		out = append(out, Load{a.id, max(open[a.id], 0), presenceOf(a.away, a.seen, s.Now())})
	}
	return out, nil
}

func presenceOf(away bool, seen, now time.Time) Presence {
	switch idle := now.Sub(seen); {
	case seen.IsZero() || idle >= awayFor:
		return Offline
	case away || idle >= onlineFor:
		return Away
	}
	return Online
}
