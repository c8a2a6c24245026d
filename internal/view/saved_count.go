package view

import (
	"context"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// use narrows the filter to what a saved view asks for.
func (s *Service) use(ctx context.Context, a *access.Actor, f *Filter) error {
	if f.Saved == 0 {
		return nil
	}
	v, err := oneSaved(ctx, s.DB, a, f.Saved)
	if err != nil {
		return err
	}
	if f.Sort == "" {
		f.Sort = v.Sort
	}
	return s.narrow(a, f, v.Conditions)
}

func (s *Service) narrow(a *access.Actor, f *Filter, c Condition) (err error) {
	if len(f.Statuses) == 0 {
		f.Statuses = c.statuses()
	}
	f.extra, err = (&reader{me: a.AgentID, now: s.Now()}).sql(c)
	return err
}

// CountConditions counts what a view with these conditions would show the actor,
// while it is being made. It reads at most 20,000 rows.
func (s *Service) CountConditions(ctx context.Context, c Condition) (n Counted, err error) {
	defer errs.Wrap(&err, "count conditions")
	a, err := caller(ctx)
	if err != nil {
		return n, err
	}
	tests := 0
	if err := c.check(0, &tests); err != nil {
		return n, err
	}
	var f Filter
	if err := s.narrow(a, &f, c); err != nil {
		return n, err
	}
	places, next, err := s.places(ctx, a, f, nil, 999)
	return Counted{len(places), next != nil}, err
}

// Counted is the number of conversations in a view, up to 999.
type Counted struct {
	Count int
	More  bool // there are more, or it was not read to the end
}

// countFresh is how long a count is shown before it is made again.
const countFresh = 5 * time.Second

// counts are remembered: one per view and agent.
type counts struct {
	mu   sync.Mutex
	made map[[3]int64]madeCount
}

type madeCount struct {
	Counted
	at time.Time
}

// CountSaved counts a view for the actor. It reads at most 20,000 rows, and not
// again within five seconds.
func (s *Service) CountSaved(ctx context.Context, id int64) (n Counted, err error) {
	defer errs.Wrap(&err, "count view %d", id)
	a, err := caller(ctx)
	if err != nil {
		return n, err
	}
	v, err := oneSaved(ctx, s.DB, a, id)
	if err != nil {
		return n, err
	}
	key := [3]int64{id, v.Version, a.AgentID}
	s.counts.mu.Lock()
	have, ok := s.counts.made[key]
	s.counts.mu.Unlock()
	if now := s.Now(); ok && now.Sub(have.at) < countFresh {
		return have.Counted, nil
	}
	f := Filter{Saved: id}
	places, next, err := s.places(ctx, a, f, nil, 999)
	if err != nil {
		return n, err
	}
	n = Counted{len(places), next != nil}
	s.counts.mu.Lock()
	defer s.counts.mu.Unlock()
	if s.counts.made == nil || len(s.counts.made) > 10_000 {
		s.counts.made = map[[3]int64]madeCount{}
	}
	s.counts.made[key] = madeCount{n, s.Now()}
	return n, nil
}
