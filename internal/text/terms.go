package text

import (
	"iter"
	"strconv"
	"strings"
)

// Terms are the search terms of one document.
type Terms struct {
	words   string // in the order of the text, separated by spaces
	extras  string // each once, separated by spaces
	nWords  int
	nExtras int
}

// Len is the number of terms.
func (t Terms) Len() int { return t.nWords + t.nExtras }

// List returns all terms, those with a position first.
func (t Terms) List() []string {
	out := make([]string, 0, t.Len())
	for w := range fields(t.words) {
		out = append(out, w)
	}
	for w := range fields(t.extras) {
		out = append(out, w)
	}
	return out
}

// With adds scope words, which must come from Scope.
func (t Terms) With(scopes ...string) Terms {
	for _, s := range scopes {
		if s == "" {
			continue
		}
		if t.extras != "" {
			t.extras += " "
		}
		t.extras += s
		t.nExtras++
	}
	return t
}

// FTS5 is the document for an FTS5 column tokenized by unicode61.
func (t Terms) FTS5() string {
	if t.words == "" || t.extras == "" {
		return t.words + t.extras
	}
	return t.words + " " + t.extras
}

// TSVector is the document as the text of a tsvector: to be cast with
// ::tsvector, not to be parsed by to_tsvector. Words carry positions, extras
// none.
func (t Terms) TSVector() string {
	b := make([]byte, 0, len(t.words)+len(t.extras)+t.nWords*8+t.nExtras*3)
	pos := 0
	for w := range fields(t.words) {
		pos++
		b = appendQuoted(b, w)
		b = append(b, ':')
		b = strconv.AppendInt(b, int64(pos), 10)
		b = append(b, ' ')
	}
	for w := range fields(t.extras) {
		b = append(appendQuoted(b, w), ' ')
	}
	return string(b)
}

// appendQuoted writes a term as PostgreSQL reads it inside quotes. Terms hold
// letters and digits only; the escapes are for those who prove it.
func appendQuoted(b []byte, w string) []byte {
	b = append(b, '\'')
	if strings.ContainsAny(w, `'\`) {
		w = strings.NewReplacer(`'`, `''`, `\`, `\\`).Replace(w)
	}
	return append(append(b, w...), '\'')
}

func fields(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for s != "" {
			w, rest, _ := strings.Cut(s, " ")
			if !yield(w) {
				return
			}
			s = rest
		}
	}
}

// Scope is a term that no text can contain, such as the inbox of a document:
// Scope("in", 12). The name must consist of a to z; otherwise, and for a
// negative id, the result is empty.
func Scope(name string, id int64) string {
	if name == "" || id < 0 {
		return ""
	}
	for i := 0; i < len(name); i++ {
		if name[i] < 'a' || name[i] > 'z' {
			return ""
		}
	}
	return string(joinMark) + name + strconv.FormatInt(id, 10)
}
