package text

import (
	"slices"
	"strings"
)

// maxHighlighted bounds the bytes of a text in which matches are looked for.
const maxHighlighted = 64 << 10

// Span is a part of a text, in bytes: s[Start:End].
type Span struct {
	Start, End int
}

// Highlight returns where a text matches the query, in order and without
// overlaps; a word that matches by its stem is marked as a whole. Only the first
// 64 KiB are looked at.
func (a *Analyzer) Highlight(s string, e Expr) []Span {
	if e.Empty() || s == "" {
		return nil
	}
	return merged(a.hits(s, e))
}

// hit is a match of one clause.
type hit struct {
	Span
	clause int
}

func (a *Analyzer) hits(s string, e Expr) []hit {
	s = clip(s, maxHighlighted)
	norm, at := normalizeMapped(s)
	x := a.pool.Get().(*indexer)
	defer func() {
		x.reset()
		a.pool.Put(x)
	}()
	x.record = true
	x.scan(norm)
	var words, extras []located
	for _, sp := range x.spans {
		src := Span{sp.start, sp.end}
		if at != nil {
			src = Span{at[sp.start].Start, at[sp.end-1].End}
		}
		if sp.pos < 0 {
			extras = append(extras, located{string(x.extras[sp.from:sp.to]), src})
		} else {
			words = append(words, located{string(x.words[sp.from:sp.to]), src})
		}
	}
	slices.SortStableFunc(words, func(p, q located) int { return p.Start - q.Start })
	var out []hit
	for i, c := range e.all {
		for _, f := range c {
			out = f.collect(out, i, words, extras)
		}
	}
	return out
}

// located is a term and where it came from.
type located struct {
	term string
	Span
}

func (f form) collect(out []hit, clause int, words, extras []located) []hit {
	for i := range words {
		if n := f.follows(words[i:]); n {
			last := words[i+len(f.terms)-1]
			out = append(out, hit{Span{words[i].Start, last.End}, clause})
		}
	}
	for i := range extras {
		if len(f.terms) == 1 && f.follows(extras[i:i+1]) {
			out = append(out, hit{extras[i].Span, clause})
		}
	}
	return out
}

func (f form) follows(words []located) bool {
	if len(words) < len(f.terms) {
		return false
	}
	for i, t := range f.terms {
		w := words[i].term
		if w != t && !(f.prefix && i == len(f.terms)-1 && strings.HasPrefix(w, t)) {
			return false
		}
	}
	return true
}

func merged(hits []hit) []Span {
	if len(hits) == 0 {
		return nil
	}
	slices.SortFunc(hits, func(p, q hit) int { return p.Start - q.Start })
	var out []Span
	for _, h := range hits {
		if n := len(out); n > 0 && h.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, h.End)
			continue
		}
		out = append(out, h.Span)
	}
	return out
}
