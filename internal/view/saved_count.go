package view

import (
	"context"
	"slices"
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
	r := &reader{me: a.AgentID, now: s.Now(), fields: fields}
	if f.extra, err = r.sql(c); err != nil {
		return err
	}
	f.spans, err = r.spans(c)
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
	f.countBy()
	places, next, err := s.places(ctx, a, f, nil, 999)
	return Counted{len(places), next != nil}, err
}

// countBy chooses the order in which the fewest rows are read: one whose key the
// filter bounds.
func (f *Filter) countBy() {
	f.Sort = Newest
	for _, sort := range []Sort{Waiting, Urgency} {
		if f.spans[columns[sort].column].sql != "" {
			f.Sort = sort
		}
	}
}

// Counted is the number of conversations in a view, up to 999.
type Counted struct {
	Count int
	More  bool // there are more, or it was not read to the end
}

const (
	// countFresh is how long a count is shown before anybody looks again.
	countFresh = 5 * time.Second
	// countWhole is how long what changed is followed before all is counted anew,
	// in case something was not told.
	countWhole = 10 * time.Minute
	// countHasty is that of views that change without an event.
	countHasty = time.Minute
	// countShare is which part of the time counting all anew may take: one in so
	// many. What goes beyond waits, and follows what changes.
	countShare = 50
	// countBurst is how much of it may come at once.
	countBurst = time.Second
	// maxDebt is how much of it is held against later counts: eight minutes' worth.
	maxDebt = 10 * time.Second
	// maxFollowedChanges is how many changed conversations are looked at one by one.
	maxFollowedChanges = 5000
)

// CountSaved counts a view for the actor. It looks again after five seconds, and
// then only at what has changed where that is enough. A whole count reads at most
// 20,000 rows; it comes again after a minute at the earliest.
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
	if a, err = s.unbound(ctx, a); err != nil {
		return n, err
	}
	key := keyOf(a, &v)
	if have, ok := s.counts.get(key); ok && s.Now().Sub(have.looked) < countFresh {
		return have.Counted, nil
	}
	defer s.counts.turn(key)()
	have, ok := s.counts.get(key)
	now := s.Now()
	if ok && now.Sub(have.looked) < countFresh { // somebody else has looked meanwhile
		return have.Counted, nil
	}
	made, err := s.recount(ctx, a, v.Conditions, have, ok)
	if err != nil {
		return n, err
	}
	made.looked = now
	s.counts.keep(key, made, 10_000)
	return made.Counted, nil
}

// unbound takes the bounds from an actor who sees all of every inbox: what they
// count is what everybody counts.
func (s *Service) unbound(ctx context.Context, a *access.Actor) (*access.Actor, error) {
	if conversation.SeesEverything(a) {
		return a, nil
	}
	all, err := inAllInboxes(ctx, s.DB, a.Scope)
	if err != nil || !all {
		return a, err
	}
	free := *a
	free.Scope.Everything = true
	return &free, nil
}

// recount follows what has changed since a count, or counts all.
func (s *Service) recount(ctx context.Context, a *access.Actor, c Condition, have madeCount, ok bool) (madeCount, error) {
	now, long := s.Now(), countWhole
	if have.Count == 999 || c.hasty() {
		long = countHasty
	}
	var f Filter
	if err := s.narrow(ctx, a, &f, c); err != nil {
		return have, err
	}
	f.countBy()
	if ok && (now.Sub(have.whole) < long || s.counts.busy(now)) {
		next, ok, err := s.follow(ctx, a, f, have)
		if err != nil || ok {
			return next, err
		}
	}
	made, err := s.count(ctx, a, f)
	made.whole = now
	s.counts.spent(now, s.Now().Sub(now))
	return made, err
}

func (s *Service) count(ctx context.Context, a *access.Actor, f Filter) (m madeCount, err error) {
	if m.seen, err = event.Head(ctx, s.DB, s.DB.Dialect); err != nil {
		return m, err
	}
	places, next, err := s.places(ctx, a, f, nil, 999)
	if err != nil {
		return m, err
	}
	m.Counted, m.ids = Counted{len(places), next != nil}, idsOf(places)
	return m, nil
}

// follow brings a count up to date by what has changed since; false when that is
// too much, or more than can be shown. "999+" stays until all is counted again.
func (s *Service) follow(ctx context.Context, a *access.Actor, f Filter, have madeCount) (_ madeCount, ok bool, err error) {
	if have.More && have.Count == 999 {
		return have, true, nil
	}
	list, seen, err := s.changes.since(ctx, s.DB, s.DB.Dialect, have.seen, maxFollowedChanges)
	if err != nil || len(list) > maxFollowedChanges {
		return have, false, err
	}
	have.seen = seen
	if len(list) == 0 {
		return have, true, nil
	}
	match, err := s.among(ctx, a, f, list)
	if err != nil {
		return have, false, err
	}
	changed := make(map[int64]bool, len(list))
	for _, one := range list {
		changed[one.id] = true
	}
	// Somebody else may be reading the old ones.
	next := slices.DeleteFunc(slices.Clone(have.ids), func(id int64) bool { return changed[id] })
	have.ids = append(next, match...)
	have.Count = len(have.ids)
	return have, have.Count <= 999, nil
}

// among finds which of these conversations the filter shows. Those that stand
// where it shows none are not looked at.
func (s *Service) among(ctx context.Context, a *access.Actor, f Filter, list []touched) (out []int64, err error) {
	var ids []int64
	for _, one := range list {
		if !one.known || f.mayShow(one.cell) {
			ids = append(ids, one.id)
		}
	}
	for some := range slices.Chunk(ids, maxMatches) {
		p := planner{f: &f, actor: a, ids: some}
		plan := p.plan()
		places, _, err := plan.walk(ctx, s.DB, s.DB.Dialect, nil, len(some))
		if err != nil {
			return nil, err
		}
		out = append(out, idsOf(places)...)
	}
	return out, nil
}

// mayShow is false where nothing that stands there can be in the list.
func (f *Filter) mayShow(c cell) bool {
	switch {
	case !slices.Contains(f.statuses(), c.status):
		return false
	case f.Assignee == Nobody && c.assignee != 0, f.Assignee > 0 && c.assignee != f.Assignee:
		return false
	}
	return (f.Team == 0 || c.team == f.Team) && (f.Inbox == 0 || c.inbox == f.Inbox)
}

func idsOf(places []Place) []int64 {
	ids := make([]int64, len(places))
	for i, at := range places {
		ids[i] = at.ID
	}
	return ids
}

// personal tells whether the condition depends on who looks.
func (c Condition) personal() bool {
	if c.Field == "assignee" && slices.Contains(c.Values, "me") {
		return true
	}
	return slices.ContainsFunc(c.All, Condition.personal) || slices.ContainsFunc(c.Any, Condition.personal)
}
