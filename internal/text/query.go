package text

import (
	"strings"
	"unicode/utf8"
)

// Bounds of a query; what goes beyond is not looked for.
const (
	MaxQueryRunes = 1000
	MaxQueryWords = 32
	maxPhrase     = 64 // terms
	minPrefix     = 2  // letters of a word that may be the beginning of another
)

// QueryOptions say how a query was made.
type QueryOptions struct {
	// Typing lets the last word be the beginning of a longer one, unless a
	// space or quote follows it.
	Typing bool
	// Plain takes words only as they are, without the other forms of their stem: for names.
	Plain bool
}

// Query reads what somebody typed into a search field. Every word must occur;
// a word matches in the form typed, in the other forms of its stem, and, when it
// is the last, as a beginning. Words in double quotes must follow each other as
// they are. A run of Japanese, Chinese, Korean or Thai characters is found
// wherever it stands inside another; one single character only where it begins
// a pair or ends a run, which is everywhere.
func (a *Analyzer) Query(q string, o QueryOptions) Expr {
	// NFKC may lengthen a text eighteenfold.
	q = clipRunes(normalize(clipRunes(q, MaxQueryRunes)), MaxQueryRunes)
	b := &queryBuilder{x: a.pool.Get().(*indexer), plain: o.Plain}
	defer func() {
		b.x.reset()
		a.pool.Put(b.x)
	}()
	parts := strings.Split(q, `"`)
	for i, p := range parts {
		if i%2 == 1 && i < len(parts)-1 {
			b.phrase(p)
			continue
		}
		last := i == len(parts)-1
		b.words(p, o.Typing && last)
	}
	return Expr{all: b.all}
}

type queryBuilder struct {
	x      *indexer
	all    []clause
	chunks [][]token
	phones []phoneRun
	plain  bool
}

func (b *queryBuilder) add(c clause) {
	if len(c) > 0 && len(b.all) < MaxQueryWords {
		b.all = append(b.all, c)
	}
}

func (b *queryBuilder) scan(s string) {
	b.chunks, b.phones = b.chunks[:0], b.phones[:0]
	b.x.onChunk = func(c []token) { b.chunks = append(b.chunks, append([]token(nil), c...)) }
	b.x.onPhone = func(p phoneRun) { b.phones = append(b.phones, p) }
	b.x.scan(s)
}

// phrase adds the words of s as one clause.
func (b *queryBuilder) phrase(s string) {
	b.scan(s)
	var terms []string
	for i, c := range b.chunks {
		for _, t := range c {
			terms = append(terms, b.terms(t, i == len(b.chunks)-1)...)
		}
	}
	if len(terms) > maxPhrase {
		terms = terms[:maxPhrase]
	}
	if len(terms) > 0 {
		single := len(terms) == 1 && b.chunks[0][0].flags&isRun != 0 && utf8.RuneCountInString(terms[0]) == 1
		b.add(clause{{terms: terms, prefix: single}})
	}
}

// terms are those of a token; at the end of a phrase a run may go on, so that
// its last character, which stands alone in the index, is left out.
func (b *queryBuilder) terms(t token, last bool) []string {
	all := strings.Fields(string(b.x.words[t.from:t.to]))
	if t.flags&isRun != 0 && last && len(all) > 1 {
		return all[:len(all)-1]
	}
	return all
}

// words adds a clause for each word of s.
func (b *queryBuilder) words(s string, typing bool) {
	b.scan(s)
	end := len(strings.TrimRightFunc(s, func(r rune) bool { return classOf(r) == ignored }))
	for _, p := range b.phones {
		b.phone(p, typing && p.end == end)
	}
	for _, c := range b.chunks {
		if b.inPhone(c) {
			continue
		}
		goesOn := typing && c[len(c)-1].end == end
		switch {
		case c[0].flags&isRun != 0:
			b.run(c[0])
		case len(c) == 1:
			b.add(b.word(c[0], goesOn))
		default:
			b.add(b.compound(c, goesOn))
		}
	}
}

func (b *queryBuilder) inPhone(c []token) bool {
	for _, p := range b.phones {
		if c[0].start >= p.start && c[len(c)-1].end <= p.end {
			return true
		}
	}
	return false
}

func (b *queryBuilder) run(t token) {
	terms := b.terms(t, true)
	if len(terms) > maxPhrase {
		terms = terms[:maxPhrase]
	}
	b.add(clause{{terms: terms, prefix: len(terms) == 1 && t.single(terms[0])}})
}

// single reports a run of one character, which an unusual one may spell longer.
func (t token) single(term string) bool {
	r, n := utf8.DecodeRuneInString(term)
	return n == len(term) || r == runeMark && len(term) == n+5
}

func (b *queryBuilder) word(t token, goesOn bool) clause {
	w := b.x.words[t.from:t.to]
	c := clause{{terms: []string{string(w)}, prefix: goesOn && utf8.RuneCount(w) >= minPrefix}}
	if t.flags&hasDigit != 0 {
		if letters, digits, ok := orderNumber(w); ok {
			c = append(c, form{terms: []string{string(letters), string(digits)}, prefix: goesOn})
		}
		return c
	}
	return append(c, b.stems(w, t)...)
}

// stems are the forms of a word beside the one typed. Words that are their own
// stem are stored once, so that the stem is also looked for as a word.
func (b *queryBuilder) stems(w []byte, t token) (c clause) {
	if b.plain || len(w) < minStemmed || len(w) > maxStemmed {
		return nil
	}
	x, key := b.x, w
	if x.a.marked && t.flags&nonASCII != 0 && t.flags&hasLatin != 0 {
		key = appendMarked(nil, x.s[t.start:t.end])
	}
	have := map[string]bool{string(w): true}
	add := func(term string) {
		if !have[term] {
			have[term] = true
			c = append(c, form{terms: []string{term}})
		}
	}
	self := string(w) + string(stemMark)
	add(self)
	for _, k := range [][]byte{key, w} { // with and without marks, whichever was stored
		s := x.a.stems(k, w, t.flags)
		for i := range s.plain {
			add(string(s.marked[i]))
			add(s.plain[i])
		}
	}
	return c
}

// compound is a clause for words joined by signs: an address as a whole, other
// things written together or in parts.
func (b *queryBuilder) compound(c []token, goesOn bool) clause {
	x := b.x
	for i := 1; i < len(c); i++ {
		if x.sign(c, i) != '@' {
			continue
		}
		if from, to, ok := x.address(c, i); ok && from == 0 && to == len(c) {
			return clause{{terms: []string{string(x.whole(c))}, prefix: goesOn}}
		}
	}
	var out clause
	if x.joinable(c) {
		j := x.joined(c)
		w := append([]byte(nil), j.word...)
		out = append(out, form{terms: []string{string(w)}, prefix: goesOn})
		if j.flags&hasDigit == 0 {
			out = append(out, b.stems(w, token{start: j.start, end: j.end, flags: j.flags})...)
		}
	} else if x.dotted(c) {
		out = append(out, form{terms: []string{string(x.whole(c))}, prefix: goesOn})
	}
	parts := make([]string, len(c))
	for i, t := range c {
		parts[i] = string(x.words[t.from:t.to])
	}
	return append(out, form{terms: parts, prefix: goesOn})
}

// dotted reports what may be the domain of an address.
func (x *indexer) dotted(c []token) bool {
	dots := 0
	for i := 1; i < len(c); i++ {
		switch x.sign(c, i) {
		case '.':
			dots++
		case '-':
		default:
			return false
		}
	}
	return dots > 0
}

// phone is a clause for a telephone number: all its digits, the digits that
// other spellings share, or the groups as they are typed.
func (b *queryBuilder) phone(p phoneRun, goesOn bool) {
	digits := p.digits[:p.n]
	c := clause{
		{terms: []string{string(digits)}, prefix: goesOn},
		{terms: []string{string(b.x.tail(digits))}},
	}
	var groups []string
	for _, ch := range b.chunks {
		for _, t := range ch {
			if t.start >= p.start && t.end <= p.end {
				groups = append(groups, string(b.x.words[t.from:t.to]))
			}
		}
	}
	if len(groups) > 1 {
		c = append(c, form{terms: groups, prefix: goesOn})
	}
	b.add(c)
}
