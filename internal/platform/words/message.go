package words

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// message is a parsed translation.
type message []node

// node is text, an argument, or a choice by number.
type node struct {
	text    string
	arg     int // -1 = text
	pound   bool
	choices map[string]message // nil = the argument as it is
}

// parse reads the ICU subset described in doc.go.
func parse(source string) (message, error) {
	p := &parser{source: source}
	m, err := p.message(0, false)
	if err == nil && p.at < len(source) {
		err = p.wrong("a brace closes nothing")
	}
	return m, err
}

type parser struct {
	source string
	at     int
}

const deepest = 8

func (p *parser) wrong(what string) error { return fmt.Errorf("%s at %d in %q", what, p.at, p.source) }

func (p *parser) next() byte {
	if p.at < len(p.source) {
		return p.source[p.at]
	}
	return 0
}

func (p *parser) message(depth int, plural bool) (out message, err error) {
	if depth > deepest {
		return nil, p.wrong("too deep")
	}
	var text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			out = append(out, node{arg: -1, text: text.String()})
			text.Reset()
		}
	}
	for p.at < len(p.source) && p.next() != '}' {
		switch c := p.next(); {
		case c == '\'' && p.at+1 < len(p.source) && strings.IndexByte("'{}#", p.source[p.at+1]) >= 0:
			text.WriteString(p.quoted())
		case c == '{':
			flush()
			n, err := p.argument(depth)
			if err != nil {
				return nil, err
			}
			out = append(out, n)
		case c == '#' && plural:
			flush()
			out = append(out, node{arg: -1, pound: true})
			p.at++
		default:
			text.WriteByte(c)
			p.at++
		}
	}
	flush()
	return out, nil
}

func (p *parser) quoted() string {
	rest := p.source[p.at+1:]
	if rest[0] == '\'' {
		p.at += 2
		return "'"
	}
	text, _, found := strings.Cut(rest, "'")
	p.at += 1 + len(text)
	if found {
		p.at++
	}
	return text
}

// word skips spaces around it.
func (p *parser) word() string {
	rest := strings.TrimLeft(p.source[p.at:], " \n")
	end := strings.IndexAny(rest, " \n,{}")
	if end < 0 {
		end = len(rest)
	}
	after := strings.TrimLeft(rest[end:], " \n")
	p.at = len(p.source) - len(after)
	return rest[:end]
}

func (p *parser) take(c byte) bool {
	if p.next() != c {
		return false
	}
	p.at++
	return true
}

func (p *parser) argument(depth int) (n node, err error) {
	p.at++
	if n.arg, err = strconv.Atoi(p.word()); err != nil || n.arg < 0 {
		return n, p.wrong("the number of an argument is missing")
	}
	if p.take('}') {
		return n, nil
	}
	if !p.take(',') || p.word() != "plural" || !p.take(',') {
		return n, p.wrong("only {0} and {0, plural, ..} are known")
	}
	n.choices = map[string]message{}
	for {
		name := p.word()
		if p.take('}') {
			break
		}
		if name == "" || !p.take('{') {
			return n, p.wrong("a choice is missing")
		}
		if n.choices[name], err = p.message(depth+1, true); err != nil {
			return n, err
		}
		if !p.take('}') {
			return n, p.wrong("a brace is open")
		}
	}
	if n.choices["other"] == nil {
		return n, p.wrong(`"other" is missing`)
	}
	return n, nil
}

// Outline is what a translation must have in common with its English.
type Outline struct {
	Args    []int    // sorted, each once
	Plurals []string // the categories of each plural, joined by |
}

// OutlineOf reads a translation for comparison.
func OutlineOf(source string) (o Outline, err error) {
	m, err := parse(source)
	m.outline(&o)
	slices.Sort(o.Args)
	o.Args = slices.Compact(o.Args)
	return o, err
}

func (m message) outline(o *Outline) {
	for _, n := range m {
		if n.arg >= 0 {
			o.Args = append(o.Args, n.arg)
		}
		if n.choices == nil {
			continue
		}
		var names []string
		for name, inner := range n.choices {
			if !strings.HasPrefix(name, "=") {
				names = append(names, name)
			}
			inner.outline(o)
		}
		slices.Sort(names)
		o.Plurals = append(o.Plurals, strings.Join(names, "|"))
	}
}
