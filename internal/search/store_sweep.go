package search

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/text"
)

// sizes of a sweep's steps, in documents.
type sizes struct {
	first   int // of the newest tell how frequent the words are
	tested  int // at most are tested one by one
	fetched int // at most are fetched from the word index
	few     int // in all are fetched at once
}

var usual = sizes{first: 1_000, tested: 20_000, fetched: 3_000, few: 1_000}

const (
	maxLeap = 16 // times as far as all steps before
	growth  = 4  // after a step that met nothing
)

// What a step costs for each document, in units of testing one or of listing it
// by the word index, which cost the same.
const (
	ranging  = 0.2 // it is in the stretch by the primary key
	fetching = 8   // it is listed and fetched
)

// patience is how long a call goes on; then it answers with what it has.
const patience = 2 * time.Second

// sweep goes back through the documents of PostgreSQL in steps, newest first. The
// word index lists every document with a word, in no order, and only then are
// they fetched, so a step asks for those of a stretch of time that should hold
// what is missing, by what the steps before have met. Words that are frequent
// need no index: the newest documents are tested one by one.
type sweep struct {
	l    *lookup
	db   *db.DB
	n    int // hits wanted
	keys keys
	size sizes
	low  int64 // documents from here on were looked at
	from int64 // none below is looked at

	lead  text.Expr // what the word index is asked for; a document may lack the rest
	exact bool      // it is all that is asked for
	led   bool      // it was chosen

	found   []hit
	looked  int     // documents with the words
	near    int     // documents that the word index leads to
	tested  int     // documents that were looked at without it
	passed  float64 // documents behind us, about
	span    float64 // documents from one near to the next, about
	crowded bool    // it leads to too many documents to fetch all at once
	leap    float64 // how far a step may go, 0 = any
	end     int64   // the last document that a call looks at, 0 = not reached
}

// sweep returns up to n hits older than before, and the key behind which
// candidates were not looked at, 0 = all were or n are found.
func (l *lookup) sweep(ctx context.Context, d *db.DB, before int64, n int) ([]hit, int64, error) {
	k, err := l.spread.keys(ctx, d, l.now)
	if err != nil {
		return nil, 0, err
	}
	s := &sweep{l: l, db: d, n: n, keys: k, size: l.sizes, low: min(before, k.newest+1), from: max(l.from(), k.oldest)}
	s.follow(l.scoped)
	for s.low > s.from && s.end == 0 && len(s.found) < n {
		if err := s.step(ctx); err != nil {
			return nil, 0, err
		}
		if s.end == 0 && s.low > s.from && l.clock().Sub(l.now) > patience {
			s.end = s.low
		}
	}
	if len(s.found) == n {
		return s.found, 0, nil
	}
	return s.found, s.end, nil
}

// follow makes the word index lead by this part of the query.
func (s *sweep) follow(e text.Expr) {
	s.lead = e
	s.exact = e.TSQueryNear() == s.l.scoped.TSQuery()
}

// step looks at the next documents in the way that should cost least.
func (s *sweep) step(ctx context.Context) error {
	if s.tested == 0 {
		return s.test(ctx, s.size.first)
	}
	all, want := s.keys.count/s.span, s.want()
	if s.near > 0 {
		tests := want * s.span
		if tests <= all+tests*ranging+want*fetching {
			return s.test(ctx, min(int(tests)+1, s.size.tested))
		}
	}
	if !s.led {
		if changed, err := s.choose(ctx); err != nil || changed {
			return err
		}
	}
	if all <= float64(s.size.few) && !s.crowded {
		return s.fetch(ctx, false, s.from)
	}
	far := min(want*s.span, maxLeap*s.passed)
	if s.leap > 0 {
		far = min(far, s.leap)
	}
	return s.fetch(ctx, true, max(s.from, s.keys.below(s.low, far)))
}

// want is how many near documents the next step should look at.
func (s *sweep) want() float64 {
	missing := float64(s.n - len(s.found))
	want := max(2*missing, growth*float64(s.near))
	if len(s.found) > 0 {
		want = 1.3*missing*max(1, float64(s.near)/float64(len(s.found))) + 10
	}
	return min(want, float64(s.size.fetched)*2/3)
}

// choose leaves out of what the index is asked for the words that it would list
// in vain: every document with any word that begins so, for an unfinished word,
// where another one of the query is much rarer. It tells whether it did.
func (s *sweep) choose(ctx context.Context) (changed bool, err error) {
	s.led = true
	parts := s.l.scoped.Clauses()
	if len(parts) == 1 || len(parts) > 8 || !s.l.scoped.Unfinished() {
		return false, nil
	}
	have, err := frequencies(ctx, s.db, parts, s.low, s.size.first)
	if err != nil {
		return false, err
	}
	rarest := have[0]
	for _, n := range have {
		rarest = min(rarest, n)
	}
	var lead text.Expr
	for i, e := range parts {
		if have[i] >= max(s.size.first/50, growth*rarest) && e.Unfinished() {
			changed = true
			continue
		}
		lead = lead.And(e)
	}
	if changed {
		s.follow(lead)
		s.near, s.span = rarest, float64(s.size.first)/float64(rarest+1)
	}
	return changed, nil
}

// test looks at the next documents one by one.
func (s *sweep) test(ctx context.Context, documents int) error {
	r, err := s.read(ctx, s.db, testStep, documents, s.l.scoped.TSQuery(), s.lead.TSQueryNear(), s.low, documents, s.from)
	if err != nil {
		return err
	}
	s.tested += r.all
	if r.all < documents {
		r.low = s.from
	}
	s.take(r, r.low, float64(r.all))
	return nil
}

// fetch looks at the documents down to a key to which the word index leads;
// without a stretch all of them are fetched, which must be few.
func (s *sweep) fetch(ctx context.Context, stretch bool, from int64) (err error) {
	kind, args := restStep, []any{s.exact, s.l.scoped.TSQuery(), s.lead.TSQueryNear()}
	if stretch {
		kind, args = stretchStep, append(args, s.low, from)
	}
	var r stepped
	err = s.db.Read(ctx, func(q db.Queryer) error {
		if err := ready(ctx, q); err != nil {
			return err
		}
		r, err = s.read(ctx, q, kind, s.size.fetched, append(args, s.size.fetched+1)...)
		return err
	})
	switch {
	case err != nil && db.IsTimeout(err) && ctx.Err() == nil:
		s.end = s.low
		return nil
	case err != nil:
		return err
	}
	far := s.keys.between(from, s.low)
	switch {
	case r.all <= s.size.fetched:
		s.leap *= growth
		s.take(r, from, far)
	case !stretch:
		s.crowded = true
	case s.low-from <= 1<<counterBits: // all of one millisecond
		return s.test(ctx, s.size.tested)
	default:
		s.leap = far / (2 * growth)
	}
	return nil
}

// take adds what a step found down to a key, so many documents further on.
func (s *sweep) take(r stepped, low int64, documents float64) {
	s.found = append(s.found, r.found...)
	s.near += r.near
	s.passed += documents
	s.low = low
	if s.looked += r.looked; s.looked == maxCandidates {
		s.end = r.last
	}
	switch {
	case s.near == 0:
		s.span = max(s.passed, 1)
	case r.near == 0:
		s.span *= growth
	default:
		s.span = max(documents, 1) / float64(r.near+1)
	}
}
