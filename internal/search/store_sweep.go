package search

import (
	"context"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/text"
)

// sizes of a sweep's steps, in documents.
type sizes struct {
	first   int // of the newest tell how frequent the words are
	sampled int // of every time tell it where the newest do not
	tested  int // at most are tested one by one
	fetched int // at most are fetched from the word index
	few     int // in all are fetched at once
}

var usual = sizes{first: 1_000, sampled: 500, tested: 20_000, fetched: 3_000, few: 1_500}

const (
	places  = 25 // of a sample
	growth  = 4  // after a step that met nothing
	maxLeap = 16 // times as far as all steps before
)

// What a step costs for each document, in units of listing one by the word index.
const (
	testCost  = 2   // it is tested alone
	rangeCost = 0.2 // it is in the stretch by the primary key
	fetchCost = 8   // it is listed and fetched
)

// patience is how long a call goes on; then it answers with what it has.
const patience = 2 * time.Second

// sweep goes back through the documents of PostgreSQL in steps, newest first. The
// word index lists every document with a word, in no order, and only then are
// they fetched, so a step asks for those of a stretch of time that should hold
// what is missing, by what the steps before have met. Where that is near, or the
// index would list too many in vain, documents are tested one by one.
type sweep struct {
	l    *lookup
	db   *db.DB
	n    int // hits wanted
	keys keys
	size sizes

	words text.Expr // what is looked for
	low   int64     // documents from here on were looked at
	from  int64     // none below is looked at

	found  []hit
	looked int     // candidates: documents with the words
	passed float64 // documents behind us, about
	span   float64 // documents from one candidate to the next, lately
	end    int64   // the last document that a call looks at, 0 = not reached

	lead    text.Expr // what the word index is asked for; a document may lack the rest
	exact   bool      // it is all that is looked for
	lists   float64   // documents that the index lists for that in one step
	known   float64   // documents of which is known whether it leads to them, 0 = no sample was taken yet
	led     float64   // of them
	dense   float64   // part of the documents to which it leads, lately
	crowded bool      // it leads to too many to fetch them all at once
	leap    float64   // how far a step of the index may go, 0 = any
}

// sweep returns up to n hits older than before, and the key behind which
// candidates were not looked at, 0 = all were or n are found.
func (l *lookup) sweep(ctx context.Context, d *db.DB, before int64, n int) ([]hit, int64, error) {
	k, err := l.spread.keys(ctx, d, l.now)
	if err != nil {
		return nil, 0, err
	}
	s := &sweep{l: l, db: d, n: n, keys: k, size: l.sizes, words: l.scopeLast(), low: min(before, k.newest+1), from: max(l.from(), k.oldest)}
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

// scopeLast is the query of an actor who may not see everything with the words
// of what they may see at its end: a document is tested in this order, and there
// may be two hundred of them.
func (l *lookup) scopeLast() text.Expr {
	parts := l.scoped.Clauses()
	if len(parts) == len(l.find.Clauses()) {
		return l.scoped
	}
	return l.find.And(parts[0])
}

// step looks at the next documents in the way that should cost least.
func (s *sweep) step(ctx context.Context) error {
	if s.passed == 0 {
		return s.test(ctx, s.size.first)
	}
	far := s.far()
	if s.looked > 0 && far <= growth*float64(s.size.first) {
		return s.test(ctx, int(far)+1)
	}
	if s.known == 0 {
		if err := s.choose(ctx); err != nil {
			return err
		}
	}
	if far*testCost <= s.lists+far*(rangeCost+s.dense*fetchCost) {
		return s.test(ctx, min(int(far)+1, s.size.tested))
	}
	if all := s.keys.count * (s.led + 0.5) / s.known; all <= float64(s.size.few) && !s.crowded {
		return s.fetch(ctx, false, s.from)
	}
	far = min(far, float64(s.size.fetched)*2/3/s.dense)
	if s.leap > 0 {
		far = min(far, s.leap)
	}
	return s.fetch(ctx, true, max(s.from, s.keys.below(s.low, far)))
}

// far is how many documents should hold what is missing.
func (s *sweep) far() float64 {
	missing := float64(s.n - len(s.found))
	switch {
	case s.looked == 0:
		return growth * s.passed
	case len(s.found) == 0:
		return min(max(2*missing, growth*float64(s.looked))*s.span, maxLeap*s.passed)
	}
	return min((1.3*missing*float64(s.looked)/float64(len(s.found))+10)*s.span, maxLeap*s.passed)
}

// choose makes the word index lead by the rarer words, so that what it lists is
// worth it: an unfinished word makes it list every document with any word that
// begins so, and there is little to gain from words that are everywhere.
func (s *sweep) choose(ctx context.Context) error {
	parts := s.words.Clauses()
	at := make([]int64, places)
	for i := range at {
		at[i] = s.keys.below(s.keys.newest+1, s.keys.count*(float64(i)+0.5)/places)
	}
	r, err := sample(ctx, s.db, parts, at, s.size.sampled/places)
	if err != nil {
		return err
	}
	rarest := slices.Min(r.single)
	s.lead = text.Expr{}
	whole, begun := r.all, -1 // documents that are listed for finished words, and for unfinished ones
	for i, e := range parts {
		have, much := r.single[i], r.all/5
		if e.Unfinished() {
			much /= 10
		}
		if have > max(much, growth*rarest) {
			continue
		}
		if s.lead = s.lead.And(e); e.Unfinished() {
			begun = max(begun, 0) + have
		} else {
			whole = min(whole, have)
		}
	}
	if begun >= 0 {
		whole = begun
	}
	s.lists = s.keys.count * (float64(whole) + 0.5) / float64(r.all+1)
	s.exact = s.lead.TSQueryNear() == s.words.TSQuery()
	s.known, s.led = float64(r.all+1), float64(rarest)
	if s.exact {
		s.known, s.led = s.known+s.passed, float64(r.whole+s.looked)
	}
	s.dense = (s.led + 0.5) / s.known
	return nil
}

// test looks at the next documents one by one.
func (s *sweep) test(ctx context.Context, documents int) error {
	r, err := s.read(ctx, s.db, testStep, documents, s.low, documents, s.from, s.words.TSQuery())
	if err != nil {
		return err
	}
	if r.low == 0 {
		r.low = s.from
	}
	s.take(r, max(r.low, s.from), float64(documents))
	return nil
}

// fetch looks at the documents down to a key to which the word index leads;
// without a stretch all of them are fetched, which must be few.
func (s *sweep) fetch(ctx context.Context, stretch bool, from int64) (err error) {
	kind, args := restStep, []any{s.exact, s.words.TSQuery(), s.lead.TSQueryNear()}
	if stretch {
		kind, args = stretchStep, append(args, s.low, from)
	}
	var r stepped
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if err := ready(ctx, tx); err != nil {
			return err
		}
		r, err = s.read(ctx, tx, kind, s.size.fetched, append(args, s.size.fetched+1)...)
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
	case r.near <= s.size.fetched:
		s.known, s.led, s.leap = s.known+far, s.led+float64(r.near), s.leap*growth
		s.dense = (float64(r.near) + 0.5) / (far + 1)
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
	s.passed += documents
	s.low = low
	if s.looked += r.looked; s.looked == maxCandidates {
		s.end = r.last
	}
	if r.looked > 0 {
		s.span = max(documents, 1) / float64(r.looked+1)
	} else {
		s.span *= growth
	}
}
