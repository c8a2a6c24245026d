package text

import (
	"slices"
	"strings"
)

// Expr is a query: every clause must be met by one of its forms. The zero Expr
// is empty and matches nothing; it renders as the empty string, which neither
// database accepts as a query.
type Expr struct {
	all []clause
}

type clause []form

// form is one term, or a phrase of terms that follow each other.
type form struct {
	terms  []string
	prefix bool // the last term may go on
}

// Empty reports whether the query holds nothing to look for.
func (e Expr) Empty() bool { return len(e.all) == 0 }

// Within returns the query limited to documents with one of the scope words,
// or one that matches nothing when there are none.
func (e Expr) Within(scopes ...string) Expr {
	if e.Empty() {
		return e
	}
	var c clause
	for _, s := range scopes {
		if s != "" {
			c = append(c, form{terms: []string{s}})
		}
	}
	if len(c) == 0 {
		return Expr{}
	}
	return Expr{all: append([]clause{c}, e.all...)}
}

// And returns the query that asks for both; an empty one asks for nothing.
func (e Expr) And(other Expr) Expr {
	return Expr{all: append(slices.Clip(e.all), other.all...)}
}

// Clauses are the parts of the query that must all be met, each a query.
func (e Expr) Clauses() []Expr {
	out := make([]Expr, len(e.all))
	for i := range e.all {
		out[i] = Expr{all: e.all[i : i+1 : i+1]}
	}
	return out
}

// Unfinished reports whether a word may be the beginning of a longer one.
func (e Expr) Unfinished() bool {
	for _, c := range e.all {
		for _, f := range c {
			if f.prefix {
				return true
			}
		}
	}
	return false
}

// Match reports whether a document with these terms is found.
func (e Expr) Match(t Terms) bool {
	if e.Empty() {
		return false
	}
	words := strings.Fields(t.words)
	extras := strings.Fields(t.extras)
	for _, c := range e.all {
		if !c.match(words, extras) {
			return false
		}
	}
	return true
}

func (c clause) match(words, extras []string) bool {
	for _, f := range c {
		for i := range words {
			if f.at(words[i:]) {
				return true
			}
		}
		for i := range extras {
			if len(f.terms) == 1 && f.at(extras[i:]) {
				return true
			}
		}
	}
	return false
}

// at reports whether the form begins the list.
func (f form) at(words []string) bool {
	if len(words) < len(f.terms) {
		return false
	}
	for i, t := range f.terms {
		if f.prefix && i == len(f.terms)-1 {
			if !strings.HasPrefix(words[i], t) {
				return false
			}
		} else if words[i] != t {
			return false
		}
	}
	return true
}

// FTS5 is the query for MATCH on a table that holds Terms.FTS5.
func (e Expr) FTS5() string {
	return e.render(" AND ", " OR ", func(b *strings.Builder, f form) {
		b.WriteByte('"')
		for i, t := range f.terms {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(strings.ReplaceAll(t, `"`, `""`))
		}
		b.WriteByte('"')
		if f.prefix {
			b.WriteString(" *")
		}
	})
}

// TSQuery is the query for @@ on a column that holds Terms.TSVector: the text of
// a tsquery, to be cast with ::tsquery.
func (e Expr) TSQuery() string { return e.tsquery(" <-> ") }

// TSQueryNear is TSQuery without the order of words: what TSQuery finds is found
// and phrases whose words stand apart beside. An index answers it alone, while
// the order is tested on every document.
func (e Expr) TSQueryNear() string { return e.tsquery(" & ") }

func (e Expr) tsquery(then string) string {
	return e.render(" & ", " | ", func(b *strings.Builder, f form) {
		if len(f.terms) > 1 {
			b.WriteByte('(')
		}
		for i, t := range f.terms {
			if i > 0 {
				b.WriteString(then)
			}
			b.Write(appendQuoted(nil, t))
		}
		if f.prefix {
			b.WriteString(":*")
		}
		if len(f.terms) > 1 {
			b.WriteByte(')')
		}
	})
}

func (e Expr) render(and, or string, write func(*strings.Builder, form)) string {
	var b strings.Builder
	for i, c := range e.all {
		if i > 0 {
			b.WriteString(and)
		}
		if len(c) > 1 {
			b.WriteByte('(')
		}
		for j, f := range c {
			if j > 0 {
				b.WriteString(or)
			}
			write(&b, f)
		}
		if len(c) > 1 {
			b.WriteByte(')')
		}
	}
	return b.String()
}
