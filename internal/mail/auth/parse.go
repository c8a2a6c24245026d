package auth

import (
	"strings"
)

// Field is one parsed Authentication-Results field.
type Field struct {
	// ID is the host that checked; [Nameless] when the field names none.
	ID      string
	Results []Result
}

// Result is what one method found.
type Result struct {
	Method string
	Value  Value
	Props  map[string]string // such as header.from; the first of each
	// Comment is the first one behind the method, without its parentheses.
	Comment string
}

// Limits of a field.
const (
	maxField   = 16 << 10
	maxResults = 50
)

// Parse reads the value of a field, unfolded. It never fails: what makes no
// sense is left out.
func Parse(value string) Field {
	f := Field{ID: Nameless}
	parts, comments := split(value[:min(len(value), maxField)])
	for n, words := range parts {
		if len(words) == 0 {
			continue
		}
		if n == 0 && !strings.Contains(words[0], "=") {
			f.ID = strings.ToLower(words[0])
			continue
		}
		if r, ok := result(words); ok && len(f.Results) < maxResults {
			r.Comment = comments[n]
			f.Results = append(f.Results, r)
		}
	}
	return f
}

func result(words []string) (Result, bool) {
	method, value, ok := strings.Cut(words[0], "=")
	method, _, _ = strings.Cut(method, "/") // a version
	if !ok || method == "" || value == "" {
		return Result{}, false
	}
	r := Result{Method: strings.ToLower(method), Value: Value(strings.ToLower(value)), Props: map[string]string{}}
	for _, w := range words[1:] {
		name, value, ok := strings.Cut(w, "=")
		if name = strings.ToLower(name); ok && r.Props[name] == "" {
			r.Props[name] = value
		}
	}
	return r, true
}

// splitter takes a field apart into words between semicolons; comments may be
// nested (RFC 5322, section 3.2.2) and stand apart, one for each part.
type splitter struct {
	parts    [][]string
	comments []string
	word     strings.Builder
	open     bool
}

func split(s string) (parts [][]string, comments []string) {
	p := &splitter{parts: [][]string{nil}, comments: []string{""}}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '(':
			begin := i + 1
			i = skipComment(s, i)
			if at := len(p.comments) - 1; p.comments[at] == "" {
				p.comments[at] = s[begin:max(begin, min(i, len(s)))]
			}
			p.space(s[min(i+1, len(s)):])
		case '"':
			i = p.quoted(s, i)
		case ';':
			p.end()
			p.parts, p.comments = append(p.parts, nil), append(p.comments, "")
		case ' ', '\t', '\r', '\n':
			p.space(s[i+1:])
		default:
			p.word.WriteByte(c)
			p.open = true
		}
	}
	p.end()
	return p.parts, p.comments
}

func (p *splitter) end() {
	if p.open {
		last := len(p.parts) - 1
		p.parts[last] = append(p.parts[last], p.word.String())
	}
	p.word.Reset()
	p.open = false
}

// space ends a word, except around an equals sign.
func (p *splitter) space(rest string) {
	if strings.HasPrefix(strings.TrimLeft(rest[:min(len(rest), 100)], " \t\r\n"), "=") || strings.HasSuffix(p.word.String(), "=") {
		return
	}
	p.end()
}

// quoted takes a quoted string in and returns where it ends.
func (p *splitter) quoted(s string, i int) int {
	p.open = true
	for i++; i < len(s) && s[i] != '"'; i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		p.word.WriteByte(s[i])
	}
	return i
}

// skipComment returns where the comment that begins at i ends.
func skipComment(s string, i int) int {
	depth := 0
	for ; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return i
}
