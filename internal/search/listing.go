package search

import (
	"context"
	"html"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
)

// Listing is what a query without words asks of the list of conversations. Ids
// lead to the index that is walked; 0 is any.
type Listing struct {
	Statuses []conversation.Status
	Inbox    int64
	Team     int64
	Assignee int64 // -1 = nobody
	Tag      string
	Follows  bool
	Mentions bool
	Drafts   bool
	Where    string // tested on conversation c beside, may be empty
	Args     []any
}

// Listed is a conversation of that list.
type Listed struct {
	ID       int64
	Subject  string
	Preview  string
	Activity time.Time
}

// conversations finds by operators alone.
func (s *Service) conversations(ctx context.Context, l lookup, from *Place, limit int) ([]Item, *Place, error) {
	found, next, err := s.list(ctx, l, from, limit)
	items := make([]Item, len(found))
	for i, c := range found {
		items[i] = Item{Type: Conversation, ID: c.ID, Conversation: c.ID, Title: c.Subject, Snippet: html.EscapeString(c.Preview), At: c.Activity}
	}
	return items, next, err
}

// listed is as many ids as wanted.
func (s *Service) listed(ctx context.Context, l lookup, limit int) (ids []int64, err error) {
	for from, calls := (*Place)(nil), 0; calls < 20; calls++ {
		found, next, err := s.list(ctx, l, from, 100)
		if err != nil {
			return nil, err
		}
		for _, c := range found {
			ids = append(ids, c.ID)
		}
		if from = next; next == nil || len(ids) >= limit {
			break
		}
	}
	return ids[:min(len(ids), limit)], nil
}

func (s *Service) list(ctx context.Context, l lookup, from *Place, limit int) ([]Listed, *Place, error) {
	if from == nil && l.newest < never {
		from = &Place{Key: l.newest}
	}
	found, next, err := s.List(ctx, l.listing(), from, limit)
	if end := slices.IndexFunc(found, func(c Listed) bool { return c.Activity.UnixMilli() < l.oldest }); end >= 0 {
		return found[:end], nil, err
	}
	if next != nil && next.Key < l.oldest {
		next = nil
	}
	return found, next, err
}

// listing takes out of the terms what an index leads to.
func (l *lookup) listing() Listing {
	f, rest := Listing{Statuses: l.statuses}, *l
	rest.terms = nil
	for _, t := range l.terms {
		if !l.leads(&t) || !f.lead(&t) {
			rest.terms = append(rest.terms, t)
		}
	}
	tests := rest.narrow()[1:] // the statuses are the list's own
	if l.oldest > 0 {
		tests = append(tests, active(l.oldest))
	}
	if where := all(tests); where.sql != "" {
		f.Where, f.Args = where.sql[len(" AND "):], where.args
	}
	return f
}

// leads tells whether the term stands alone: alternatives are tested.
func (l *lookup) leads(t *meant) bool {
	if t.Not || len(t.ids)+len(t.teams) > 1 {
		return false
	}
	n := 0
	for _, other := range l.terms {
		if other.Op == t.Op && !other.Not && (t.Op != Is && t.Op != Has || other.Value == t.Value) {
			n++
		}
	}
	return n == 1
}

// lead makes the term the list's own where it can be.
func (f *Listing) lead(t *meant) bool {
	switch {
	case t.Op == Tag:
		f.Tag = t.name
	case t.Op == In && len(t.ids) == 1:
		f.Inbox = t.ids[0]
	case t.Op == In && len(t.teams) == 1:
		f.Team = t.teams[0]
	case t.Op == Assignee && len(t.ids) == 1 && f.Assignee == 0:
		f.Assignee = t.ids[0]
	case t.Op == Is && t.Value == "unassigned" && f.Assignee == 0:
		f.Assignee = nobody
	case t.Op == Is && t.Value == "following":
		f.Follows = true
	case t.Op == Is && t.Value == "mentioned" && !f.Follows:
		f.Mentions = true
	case t.Op == Has && t.Value == "draft" && !f.Follows && !f.Mentions:
		f.Drafts = true
	default:
		return false
	}
	return true
}
