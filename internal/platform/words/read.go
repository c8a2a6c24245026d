package words

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// longest stored sentence that is looked up; a longer one stays English.
const longest = 4096

// Read is a stored English sentence in another language. What is not a sentence
// of ours, such as the answer of a mail server, comes back as it is.
func Read(locale, english string) string {
	if locale == "en" || english == "" || !Known(locale) {
		return english
	}
	t, ok := Find(english)
	if !ok {
		return english
	}
	return Say(locale, t)
}

// Find is the sentence that an English text was made from.
func Find(english string) (errs.Text, bool) { return find(english, 0) }

func find(english string, depth int) (errs.Text, bool) {
	if len(english) > longest || depth > deepest {
		return errs.Text{}, false
	}
	if _, ok := known()[english]; ok {
		return errs.Text{Format: english}, true
	}
	for _, p := range patterns() {
		if args, ok := p.match(english); ok {
			if args, ok := p.restore(args, depth); ok {
				return errs.Text{Format: p.format, Args: args}, true
			}
		}
	}
	return errs.Text{}, false
}

// pattern finds the arguments of a format again.
type pattern struct {
	format         string
	verbs          []byte
	prefix, suffix string
	literal        int // bytes that are not arguments
	text           *regexp.Regexp
}

// patterns are those with arguments, the most literal first: of two that fit,
// it says more.
var patterns = sync.OnceValue(func() []*pattern {
	var all []*pattern
	for format := range known() {
		if p := patternOf(format); len(p.verbs) > 0 {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b *pattern) int {
		if a.literal != b.literal {
			return b.literal - a.literal
		}
		return strings.Compare(a.format, b.format)
	})
	return all
})

// Verbs are the verbs of a Go format in order, such as "sd".
func Verbs(format string) string { return string(patternOf(format).verbs) }

func patternOf(format string) *pattern {
	p := &pattern{format: format}
	var expr strings.Builder
	expr.WriteString(`(?s)\A`)
	parts := verb.FindAllStringIndex(format, -1)
	at := 0
	for _, part := range parts {
		p.add(&expr, format[at:part[0]])
		v := format[part[1]-1]
		at = part[1]
		switch v {
		case '%':
			p.add(&expr, "%")
			continue
		case 'd':
			expr.WriteString(`(-?\d+)`)
		case 'q':
			expr.WriteString(`("(?:[^"\\]|\\.)*")`)
		default:
			expr.WriteString(`(.*)`)
		}
		p.verbs = append(p.verbs, v)
	}
	p.suffix = format[at:]
	p.add(&expr, p.suffix)
	if len(parts) > 0 {
		p.prefix = format[:parts[0][0]]
	}
	expr.WriteString(`\z`)
	p.text = regexp.MustCompile(expr.String()) // every literal in it is quoted
	return p
}

var verb = regexp.MustCompile(`%(?:\.\d+)?[a-z%]`)

func (p *pattern) add(expr *strings.Builder, literal string) {
	p.literal += len(literal)
	expr.WriteString(regexp.QuoteMeta(literal))
}

func (p *pattern) match(english string) ([]string, bool) {
	if !strings.HasPrefix(english, p.prefix) || !strings.HasSuffix(english, p.suffix) {
		return nil, false
	}
	found := p.text.FindStringSubmatch(english)
	if found == nil {
		return nil, false
	}
	return found[1:], true
}

// restore gives the arguments back the kinds that their verbs ask for.
func (p *pattern) restore(found []string, depth int) ([]any, bool) {
	args := make([]any, len(found))
	for i, text := range found {
		switch p.verbs[i] {
		case 'd':
			n, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				return nil, false
			}
			args[i] = n
		case 'q':
			plain, err := strconv.Unquote(text)
			if err != nil {
				return nil, false
			}
			args[i] = plain
		case 'v':
			inner, ok := find(text, depth+1)
			if !ok {
				inner = errs.Text{Format: text}
			}
			args[i] = inner
		default:
			args[i] = text
		}
	}
	return args, true
}
