package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Operator is a word before a colon that says what its value is about.
type Operator string

// The operators.
const (
	From     Operator = "from"     // who wrote the message
	To       Operator = "to"       // whom it went to
	Order    Operator = "order"    // a number that stands in it
	Tag      Operator = "tag"      // of the conversation
	Is       Operator = "is"       // its status, or what is with it
	Has      Operator = "has"      // what belongs to it
	In       Operator = "in"       // its inbox or team
	Assignee Operator = "assignee" // who looks after it
	Before   Operator = "before"   // a day
	After    Operator = "after"    // a day, itself included
)

// Operators are all there are, as they are listed to people.
var Operators = []Operator{From, To, Order, Tag, Is, Has, In, Assignee, Before, After}

// Term is an operator with its value.
type Term struct {
	Op    Operator
	Value string // without quotes
	Not   bool   // led by a minus
}

// Query is what somebody typed, taken apart.
type Query struct {
	Words string // all that is no operator, in its order
	Terms []Term
}

// Bounds of a query.
const (
	MaxTerms = 20
	maxValue = 200 // characters of one value
)

// Parse takes a query apart. An operator begins a word, its value follows the
// colon at once and is in quotes where it holds a space; what stands in quotes
// of its own holds no operators. A word before a colon that is no operator is
// an error that names it, as what was meant would not be found.
func Parse(s string) (q Query, err error) {
	var words strings.Builder
	for s != "" {
		r, n := utf8.DecodeRuneInString(s)
		if unicode.IsSpace(r) {
			words.WriteString(s[:n])
			s = s[n:]
			continue
		}
		t, rest, found, err := term(s)
		if err != nil {
			return Query{}, err
		}
		if !found {
			end := wordEnd(s)
			words.WriteString(s[:end])
			s = s[end:]
			continue
		}
		if len(q.Terms) == MaxTerms {
			return Query{}, errs.InvalidField("query.q", "The search has more than 20 operators.")
		}
		q.Terms = append(q.Terms, t)
		s = rest
	}
	q.Words = strings.TrimLeftFunc(words.String(), unicode.IsSpace)
	return q, nil
}

// term reads an operator at the beginning of s.
func term(s string) (t Term, rest string, found bool, err error) {
	name, rest, not := s, s, false
	if r, n := utf8.DecodeRuneInString(s); strings.ContainsRune("-−－", r) {
		name, not = s[n:], true
	}
	op, rest := letters(name)
	r, n := utf8.DecodeRuneInString(rest)
	if len(op) < 2 || len(op) > 12 || r != ':' && r != '：' {
		return t, s, false, nil
	}
	rest = rest[n:]
	known := slices.Contains(Operators, Operator(op))
	value, rest := valueOf(rest)
	switch {
	case !known && (value == "" || value[0] == '/' || value[0] == ':'):
		return t, s, false, nil // "Re: parcel", "https://shop.example"
	case !known:
		return t, s, false, errs.InvalidFieldf("query.q", "There is no operator %q. Known are from:, to:, order:, tag:, is:, has:, in:, assignee:, before: and after:. "+
			"Put it in double quotes to look for it as words.", op+":")
	case strings.TrimSpace(value) == "":
		return t, s, false, errs.InvalidFieldf("query.q", "Write what you look for right behind %q, without a space.", op+":")
	case utf8.RuneCountInString(value) > maxValue:
		return t, s, false, errs.InvalidFieldf("query.q", "What stands behind %q is longer than 200 characters.", op+":")
	}
	return Term{Op: Operator(op), Value: strings.TrimSpace(value), Not: not}, rest, true, nil
}

// letters are the Latin ones that s begins with, in lower case; Japanese
// keyboards may give them their full width.
func letters(s string) (string, string) {
	var out []byte
	for i, r := range s {
		if r >= 'Ａ' && r <= 'ｚ' {
			r -= 'Ａ' - 'A'
		}
		switch {
		case r >= 'a' && r <= 'z':
			out = append(out, byte(r))
		case r >= 'A' && r <= 'Z':
			out = append(out, byte(r)-'A'+'a')
		default:
			return string(out), s[i:]
		}
	}
	return string(out), ""
}

// quotes are what may stand around a value: opening and closing.
var quotes = map[rune]string{'"': `"`, '“': "”\"", '„': "“”\"", '”': "”", '«': "»", '「': "」", '『': "』", '＂': "＂"}

// valueOf reads a value and what follows it. A quote that is not closed reaches
// to the end, as somebody may be typing yet.
func valueOf(s string) (value, rest string) {
	r, n := utf8.DecodeRuneInString(s)
	if closing, quoted := quotes[r]; quoted {
		end := strings.IndexAny(s[n:], closing)
		if end < 0 {
			return s[n:], ""
		}
		_, last := utf8.DecodeRuneInString(s[n+end:])
		return s[n : n+end], s[n+end+last:]
	}
	if end := strings.IndexFunc(s, unicode.IsSpace); end >= 0 {
		return s[:end], s[end:]
	}
	return s, ""
}

// wordEnd is where the word or the quoted phrase ends that s begins with.
func wordEnd(s string) int {
	quoted := false
	for i, r := range s {
		switch {
		case r == '"':
			quoted = !quoted && strings.Contains(s[i+1:], `"`)
		case unicode.IsSpace(r) && !quoted:
			return i
		}
	}
	return len(s)
}
