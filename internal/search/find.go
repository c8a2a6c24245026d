package search

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/text"
)

// Request is what is looked for.
type Request struct {
	Query string         // words and operators, see [Parse]
	Zone  *time.Location // in which days begin, nil = UTC
}

// Place is where a result stands in its list, newest first.
type Place struct{ Key, ID int64 }

// Find returns up to limit results that the actor of ctx may see, newest first,
// behind the place from (nil = the newest), and the place to go on from, nil at
// the end. Every word of the query must occur; the last may be the beginning of a
// longer one. A query of nothing but operators finds conversations, unless it asks
// for something that single messages have. A page may be short although more
// follow: at most 20,000 candidates are looked at in one call.
func (s *Service) Find(ctx context.Context, r Request, from *Place, limit int) (_ []Item, next *Place, err error) {
	defer errs.Wrap(&err, "search")
	l, err := s.look(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	limit = min(max(limit, 1), 100)
	switch {
	case l.byMessage():
		return s.messages(ctx, l, r.Query, from, limit)
	case len(l.terms) > 0:
		return s.conversations(ctx, l, from, limit)
	}
	return nil, nil, nil // a query of signs
}

func (s *Service) messages(ctx context.Context, l lookup, query string, from *Place, limit int) (_ []Item, next *Place, err error) {
	before := int64(1<<63 - 1)
	if from != nil {
		before = from.Key
	}
	found, end, err := l.matches(ctx, s.DB, before, limit+1)
	if err != nil {
		return nil, nil, err
	}
	if len(found) > limit {
		found, end = found[:limit], found[limit-1].doc
	}
	items, err := l.items(ctx, s.DB, found)
	if err != nil {
		return nil, nil, err
	}
	if len(l.terms) == 0 {
		people, err := l.people(ctx, s.DB, query, before, end)
		if err != nil {
			return nil, nil, err
		}
		items = append(items, people...)
		slices.SortFunc(items, func(a, b Item) int { return cmp.Compare(b.key, a.key) })
	}
	if len(items) > limit {
		items, end = items[:limit], items[limit-1].key
	}
	if end != 0 {
		next = &Place{Key: end}
	}
	return items, next, nil
}

// Conversations returns those that the query finds and that the actor may see,
// newest first, at most limit of them, and the statuses that it asks for, none
// where it names none.
func (s *Service) Conversations(ctx context.Context, query string, limit int) (ids []int64, statuses []conversation.Status, err error) {
	defer errs.Wrap(&err, "search for conversations")
	l, err := s.look(ctx, Request{Query: query})
	if err != nil {
		return nil, nil, err
	}
	if l.named {
		statuses = l.statuses
	}
	if !l.byMessage() {
		if len(l.terms) == 0 {
			return nil, nil, nil
		}
		ids, err = s.listed(ctx, l, limit)
		return ids, statuses, err
	}
	found, _, err := l.matches(ctx, s.DB, 1<<63-1, limit)
	seen := map[int64]bool{}
	for _, h := range found {
		if !seen[h.conversation] {
			seen[h.conversation] = true
			ids = append(ids, h.conversation)
		}
	}
	return ids, statuses, err
}

// lookup is one query of one actor.
type lookup struct {
	actor    *access.Actor
	now      time.Time // in the zone of the actor
	clock    func() time.Time
	spread   *spread
	sizes    sizes
	analyzer *text.Analyzer
	expr     text.Expr // what was typed, for the marks
	find     text.Expr // with the words of operators
	scoped   text.Expr // led by the words of what the actor may see
	terms    []meant
	statuses []conversation.Status // that conversations may have
	named    bool                  // the query names statuses
	oldest   int64                 // ms, from here on
	newest   int64                 // ms, up to here without it
	blind    bool                  // the actor may see nothing
}

func (s *Service) look(ctx context.Context, r Request) (l lookup, err error) {
	if l.actor = access.From(ctx); l.actor == nil {
		return l, errs.New(errs.Unauthorized, "Sign in to do this.")
	}
	if utf8.RuneCountInString(r.Query) > text.MaxQueryRunes {
		return l, errs.InvalidField("query.q", "The search is longer than 1,000 characters.")
	}
	q, err := Parse(r.Query)
	if err != nil {
		return l, err
	}
	stored, err := allLanguages(ctx, s.DB)
	if err != nil {
		return l, err
	}
	if r.Zone == nil {
		r.Zone = time.UTC
	}
	l.clock, l.spread, l.sizes = s.Now, &s.spread, usual
	if s.sizes != nil {
		l.sizes = *s.sizes
	}
	l.now, l.analyzer = s.Now().In(r.Zone), s.analyzer(together(stored))
	l.expr = l.analyzer.Query(q.Words, text.QueryOptions{Typing: true})
	if err := l.understand(ctx, s.DB, q.Terms); err != nil {
		return l, err
	}
	l.words()
	if conversation.SeesEverything(l.actor) || l.find.Empty() {
		l.scoped = l.find
		return l, nil
	}
	words, err := scopeWords(ctx, s.DB, l.actor)
	if err != nil {
		return l, err
	}
	l.scoped = l.find.Within(words...)
	l.blind = l.scoped.Empty()
	return l, nil
}

// words adds those of operators: an order's number must occur, and so must the
// name of whoever wrote the message, which is looked at more closely afterwards.
func (l *lookup) words() {
	var from []text.Expr
	for _, t := range l.terms {
		if t.Op == Order {
			l.expr = l.expr.And(t.expr)
		}
		if t.Op == From && !t.Not {
			from = append(from, t.expr)
		}
	}
	if l.find = l.expr; len(from) == 1 {
		l.find = l.find.And(from[0])
	}
}

// items shows the hits.
func (l *lookup) items(ctx context.Context, q queryer, found []hit) ([]Item, error) {
	bodies, err := bodies(ctx, q, found)
	if err != nil {
		return nil, err
	}
	out := make([]Item, 0, len(found))
	var unmarked []hit
	for _, h := range found {
		if b, ok := bodies[h.message]; ok {
			it := l.item(h, b)
			if out = append(out, it); it.Type == Message && !strings.Contains(it.Snippet, "<mark>") {
				unmarked = append(unmarked, h)
			}
		}
	}
	return out, l.inFiles(ctx, q, out, unmarked)
}

// inFiles shows the place in a file for results that have none in the message.
func (l *lookup) inFiles(ctx context.Context, q queryer, items []Item, unmarked []hit) error {
	if l.expr.Empty() || len(unmarked) == 0 {
		return nil
	}
	files, err := filesOfHits(ctx, q, unmarked)
	if err != nil {
		return err
	}
	for i, it := range items {
		if it.Type != Message {
			continue
		}
		for _, f := range files[it.ID] {
			name, part := l.analyzer.Snippet(f.name, l.expr, snippetWidth), l.analyzer.Snippet(f.text, l.expr, snippetWidth)
			if len(name.Marks)+len(part.Marks) == 0 {
				continue
			}
			if items[i].Snippet = marked(name); len(part.Marks) > 0 {
				items[i].Snippet += ": " + marked(part)
			}
			break
		}
	}
	return nil
}

func (l *lookup) item(h hit, b body) Item {
	it := Item{Type: Message, ID: h.message, Conversation: h.conversation, Side: b.side, Title: b.subject, At: b.at, key: h.doc}
	e := l.analyzer.Snippet(b.text, l.expr, snippetWidth)
	if b.side != 0 {
		if title := l.analyzer.Snippet(b.subject, l.expr, snippetWidth); len(e.Marks) == 0 && len(title.Marks) > 0 {
			e = title
		}
	} else if len(e.Marks) == 0 && b.first {
		subject := b.subject
		if number := "#" + strconv.FormatInt(b.origin, 10); len(l.analyzer.Highlight(number, l.expr)) > 0 {
			subject = number + " " + subject
		}
		if title := l.analyzer.Snippet(subject, l.expr, snippetWidth); len(title.Marks) > 0 {
			it.Type, it.ID, e = Conversation, h.conversation, title
		}
	}
	if len(e.Marks) == 0 && it.Type == Message {
		if who := l.analyzer.Snippet(b.author(), l.expr, snippetWidth); len(who.Marks) > 0 {
			e = who
		}
	}
	it.Snippet = marked(e)
	return it
}

// people finds customers by the beginning of an address, between two keys.
func (l *lookup) people(ctx context.Context, q queryer, query string, before, end int64) ([]Item, error) {
	prefix := strings.ToLower(strings.TrimSpace(query))
	if len(prefix) < 3 || len(prefix) > 254 || strings.ContainsAny(prefix, " \t\r\n\"\x00") || !utf8.ValidString(prefix) || !l.actor.May(access.CustomersRead) {
		return nil, nil
	}
	found, err := customers(ctx, q, l.actor, prefix)
	if err != nil {
		return nil, err
	}
	var out []Item
	for _, p := range found {
		key := keyOf(p.at, p.id)
		if key >= before || key < end {
			continue
		}
		n := len(prefix)
		if len(p.address) < n || !strings.EqualFold(p.address[:n], prefix) {
			n = 0
		}
		e := text.Excerpt{Text: p.address}
		if n > 0 {
			e.Marks = []text.Span{{Start: 0, End: n}}
		}
		title := p.name
		if title == "" {
			title = p.address
		}
		out = append(out, Item{Type: Customer, ID: p.id, Title: title, Snippet: marked(e), At: p.at, key: key})
	}
	return out, nil
}
