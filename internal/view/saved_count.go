package view

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/event"
)

// use narrows the filter to what a saved view asks for.
func (s *Service) use(ctx context.Context, a *access.Actor, f *Filter) error {
	if f.Saved == 0 {
		return nil
	}
	v, err := s.oneSaved(ctx, s.DB, a, f.Saved)
	if err != nil {
		return err
	}
	if f.Sort == "" {
		f.Sort = v.Sort
	}
	return s.narrow(ctx, a, f, v.Conditions)
}

func (s *Service) narrow(ctx context.Context, a *access.Actor, f *Filter, c Condition) error {
	if len(f.Statuses) == 0 {
		f.Statuses = c.statuses()
	}
	c.lead(f, a.AgentID)
	fields, err := s.defined(ctx, s.DB, c.ownFields())
	if err != nil {
		return err
	}
	f.extra, err = (&reader{me: a.AgentID, now: s.Now(), fields: fields}).sql(c)
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
	fields, err := s.defined(ctx, s.DB, c.ownFields())
	if err != nil {
		return n, err
	}
	tests := 0
	if err := c.check(0, &tests, fields); err != nil {
		return n, err
	}
	var f Filter
	if err := s.narrow(ctx, a, &f, c); err != nil {
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

const (
	// countFresh is how long a count is shown before anybody looks again.
	countFresh = 5 * time.Second
	// countWhole is how long what changed is followed before all is counted anew:
	// time passes without an event, and so do tags that are deleted.
	countWhole = time.Minute
	// maxFollowedChanges is how many changed conversations are looked at one by one.
	maxFollowedChanges = 3000
)

// counts are remembered.
type counts struct {
	mu   sync.Mutex
	made map[countKey]madeCount
}

// countKey is one view as one agent sees it; agent 0 is everybody who sees
// everything, of a view that does not speak of "me".
type countKey struct{ view, version, agent int64 }

type madeCount struct {
	Counted
	looked time.Time      // when it was found to be right last
	whole  time.Time      // when all was counted
	seen   event.Cursor   // of the feed, taken before
	ids    map[int64]bool // what was counted; nil = it cannot be followed
}

func (c *counts) get(k countKey) (m madeCount, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, ok = c.made[k]
	return m, ok
}

func (c *counts) keep(k countKey, m madeCount) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.made == nil || len(c.made) > 10_000 {
		c.made = map[countKey]madeCount{}
	}
	c.made[k] = m
}

// CountSaved counts a view for the actor. It looks again after five seconds, and
// then only at what has changed where that is enough; a whole count, at most
// once a minute for who sees everything, reads at most 20,000 rows.
func (s *Service) CountSaved(ctx context.Context, id int64) (n Counted, err error) {
	defer errs.Wrap(&err, "count view %d", id)
	a, err := caller(ctx)
	if err != nil {
		return n, err
	}
	v, err := s.oneSaved(ctx, s.DB, a, id)
	if err != nil {
		return n, err
	}
	all := conversation.SeesEverything(a)
	key := countKey{id, v.Version, a.AgentID}
	if all && !v.Conditions.personal() {
		key.agent = 0
	}
	have, ok := s.counts.get(key)
	now := s.Now()
	if ok && now.Sub(have.looked) < countFresh {
		return have.Counted, nil
	}
	f := Filter{Saved: id}
	if ok && all && now.Sub(have.whole) < countWhole {
		next, ok, err := s.follow(ctx, a, f, have)
		if err != nil {
			return n, err
		}
		if ok {
			next.looked = now
			s.counts.keep(key, next)
			return next.Counted, nil
		}
	}
	made, err := s.count(ctx, a, f)
	if err != nil {
		return n, err
	}
	made.looked, made.whole = now, now
	s.counts.keep(key, made)
	return made.Counted, nil
}

func (s *Service) count(ctx context.Context, a *access.Actor, f Filter) (m madeCount, err error) {
	if m.seen, err = event.Head(ctx, s.DB, s.DB.Dialect); err != nil {
		return m, err
	}
	places, next, err := s.places(ctx, a, f, nil, 999)
	if err != nil {
		return m, err
	}
	m.Counted = Counted{len(places), next != nil}
	if !m.More {
		m.ids = make(map[int64]bool, len(places))
		for _, p := range places {
			m.ids[p.ID] = true
		}
	}
	return m, nil
}

// follow brings a count up to date by what has changed since; false when that is
// too much, or more than can be shown. "999+" stays until all is counted again.
func (s *Service) follow(ctx context.Context, a *access.Actor, f Filter, have madeCount) (_ madeCount, ok bool, err error) {
	if have.More {
		return have, true, nil
	}
	ids, seen, err := s.changes.since(ctx, s.DB, s.DB.Dialect, have.seen, maxFollowedChanges)
	if err != nil || len(ids) > maxFollowedChanges {
		return have, false, err
	}
	if len(ids) == 0 {
		have.seen = seen
		return have, true, nil
	}
	match, err := s.among(ctx, a, f, ids)
	if err != nil {
		return have, false, err
	}
	next := maps.Clone(have.ids) // somebody else may be reading the old one
	for _, id := range ids {
		delete(next, id)
	}
	for _, p := range match {
		next[p.ID] = true
	}
	have.ids, have.seen, have.Count = next, seen, len(next)
	return have, len(next) <= 999, nil
}

// among finds which of these conversations the filter shows.
func (s *Service) among(ctx context.Context, a *access.Actor, f Filter, ids []int64) ([]Place, error) {
	if err := s.use(ctx, a, &f); err != nil {
		return nil, err
	}
	if f.Sort == "" {
		f.Sort = Newest
	}
	var out []Place
	for some := range slices.Chunk(ids, maxMatches) {
		p := planner{f: &f, actor: a, ids: some}
		plan := p.plan()
		places, _, err := plan.walk(ctx, s.DB, s.DB.Dialect, nil, len(some))
		if err != nil {
			return nil, err
		}
		out = append(out, places...)
	}
	return out, nil
}

// personal tells whether the condition depends on who looks.
func (c Condition) personal() bool {
	if c.Field == "assignee" && slices.Contains(c.Values, "me") {
		return true
	}
	return slices.ContainsFunc(c.All, Condition.personal) || slices.ContainsFunc(c.Any, Condition.personal)
}
