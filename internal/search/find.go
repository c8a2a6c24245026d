package search

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/text"
)

// Find returns up to limit results that the actor of ctx may see, newest first,
// that are older than the key before (0 = from the newest), and the key to go on
// from, 0 at the end. Every word of the query must occur; the last may be the
// beginning of a longer one. A page may be short although more follow: at most
// 20,000 candidates are looked at in one call.
func (s *Service) Find(ctx context.Context, query string, before int64, limit int) (_ []Item, next int64, err error) {
	defer errs.Wrap(&err, "search")
	l, err := s.look(ctx, query)
	if err != nil {
		return nil, 0, err
	}
	if before == 0 {
		before = 1<<63 - 1
	}
	limit = min(max(limit, 1), 100)
	var found []hit
	var end int64
	if !l.scoped.Empty() {
		if found, end, err = l.matches(ctx, s.DB, s.DB.Dialect, before, limit+1); err != nil {
			return nil, 0, err
		}
	}
	if len(found) > limit {
		found, end = found[:limit], found[limit-1].doc
	}
	items, err := l.items(ctx, s.DB, found)
	if err != nil {
		return nil, 0, err
	}
	people, err := l.people(ctx, s.DB, query, before, end)
	if err != nil {
		return nil, 0, err
	}
	items = append(items, people...)
	slices.SortFunc(items, func(a, b Item) int { return cmp.Compare(b.key, a.key) })
	if len(items) > limit {
		return items[:limit], items[limit-1].key, nil
	}
	return items, end, nil
}

// Conversations returns those in which the words occur and that the actor may
// see, newest first, at most limit of them.
func (s *Service) Conversations(ctx context.Context, query string, limit int) (ids []int64, err error) {
	defer errs.Wrap(&err, "search for conversations")
	l, err := s.look(ctx, query)
	if err != nil || l.scoped.Empty() {
		return nil, err
	}
	found, _, err := l.matches(ctx, s.DB, s.DB.Dialect, 1<<63-1, limit)
	seen := map[int64]bool{}
	for _, h := range found {
		if !seen[h.conversation] {
			seen[h.conversation] = true
			ids = append(ids, h.conversation)
		}
	}
	return ids, err
}

// lookup is one query of one actor.
type lookup struct {
	actor    *access.Actor
	analyzer *text.Analyzer
	expr     text.Expr // what was typed
	scoped   text.Expr // led by the words of what the actor may see
}

func (s *Service) look(ctx context.Context, query string) (l lookup, err error) {
	if l.actor = access.From(ctx); l.actor == nil {
		return l, errs.New(errs.Unauthorized, "Sign in to do this.")
	}
	if utf8.RuneCountInString(query) > text.MaxQueryRunes {
		return l, errs.InvalidField("query.q", "The search is longer than 1,000 characters.")
	}
	stored, err := allLanguages(ctx, s.DB)
	if err != nil {
		return l, err
	}
	l.analyzer = s.analyzer(together(stored))
	l.expr = l.analyzer.Query(query, text.QueryOptions{Typing: true})
	l.scoped = l.expr
	if conversation.SeesEverything(l.actor) || l.expr.Empty() {
		return l, nil
	}
	words, err := scopeWords(ctx, s.DB, l.actor)
	if err != nil {
		return l, err
	}
	l.scoped = l.expr.Within(words...)
	return l, nil
}

// items shows the hits.
func (l lookup) items(ctx context.Context, q queryer, found []hit) ([]Item, error) {
	bodies, err := bodies(ctx, q, found)
	if err != nil {
		return nil, err
	}
	out := make([]Item, 0, len(found))
	for _, h := range found {
		if b, ok := bodies[h.message]; ok {
			out = append(out, l.item(h, b))
		}
	}
	return out, nil
}

func (l lookup) item(h hit, b body) Item {
	it := Item{Type: Message, ID: h.message, Conversation: h.conversation, Title: b.subject, At: b.at, key: h.doc}
	e := l.analyzer.Snippet(b.text, l.expr, snippetWidth)
	if len(e.Marks) == 0 && b.first {
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
func (l lookup) people(ctx context.Context, q queryer, query string, before, end int64) ([]Item, error) {
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
