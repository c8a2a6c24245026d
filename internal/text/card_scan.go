package text

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxCardDigits = 19
	// maxCardGap is how many signs may stand between two groups; a run of blanks is one.
	maxCardGap = 3
	// maxURLStart is how far back the beginning of a web address is looked for.
	maxURLStart  = 512
	maxReference = 32 // of a character in HTML
)

// cardDigit is one digit and where it stands in the source.
type cardDigit struct {
	value    byte
	from, to int
}

// cardGroup is a series of digits with nothing between them.
type cardGroup struct {
	first, n int
	line     bool // a line break stands before it
}

// cardScan reads a text once. It collects groups of digits as long as only
// blanks and dashes stand between them, and looks at each such chain when it ends.
type cardScan struct {
	s      string
	html   bool
	digits []cardDigit
	groups []cardGroup
	gap    int  // signs since the last digit
	blank  bool // the last of them was a blank
	line   bool // one of them was a line break
	open   bool // a tag never ends: no more tags
	masked []cardDigit
	sorted int // of masked
}

func (c *cardScan) scan() {
	for i := 0; i < len(c.s); {
		i = c.next(i)
	}
	c.end()
}

// next reads what stands at i and returns where the next thing stands.
func (c *cardScan) next(i int) int {
	b := c.s[i]
	switch {
	case b >= '0' && b <= '9':
		c.digit(b-'0', i, i+1)
		return i + 1
	case c.html && b == '<' && !c.open:
		return c.tag(i)
	case c.html && b == '&':
		return c.reference(i)
	case b < utf8.RuneSelf:
		c.sign(rune(b))
		return i + 1
	}
	r, n := utf8.DecodeRuneInString(c.s[i:])
	c.rune(r, i, i+n)
	return i + n
}

func (c *cardScan) rune(r rune, from, to int) {
	if v, ok := digitValue(r); ok {
		c.digit(v, from, to)
		return
	}
	c.sign(r)
}

// digitValue knows the digits of keyboards: ASCII, full-width and Arabic.
func digitValue(r rune) (byte, bool) {
	for _, zero := range []rune{'0', '０', '٠', '۰'} {
		if r >= zero && r <= zero+9 {
			return byte(r - zero), true
		}
	}
	return 0, false
}

func (c *cardScan) digit(value byte, from, to int) {
	if n := len(c.groups); n == 0 || c.gap > 0 {
		c.groups = append(c.groups, cardGroup{first: len(c.digits), line: c.line && n > 0})
	}
	c.groups[len(c.groups)-1].n++
	c.digits = append(c.digits, cardDigit{value, from, to})
	c.gap, c.blank, c.line = 0, false, false
}

// sign is anything but a digit: it stands between two groups, or ends the chain.
func (c *cardScan) sign(r rune) {
	if len(c.groups) == 0 {
		return
	}
	switch {
	case r == '\n' && !c.html:
		c.line = true
		c.space()
	case unicode.IsSpace(r), r == '\u2800':
		c.space()
	case unicode.Is(unicode.Pd, r), r == '−':
		c.blank = false
		c.gap++
	case r == 0, r == '\u00ad', r >= '\u200b' && r <= '\u200f', r == '\u2060', r == '\ufeff': // invisible
	default:
		c.end()
		return
	}
	if c.gap > maxCardGap {
		c.end()
	}
}

func (c *cardScan) space() {
	if !c.blank {
		c.gap++
	}
	c.blank = true
}

// inlineTags leave the text as it runs.
var inlineTags = map[string]bool{
	"a": true, "abbr": true, "b": true, "bdi": true, "bdo": true, "big": true, "cite": true, "code": true, "del": true, "em": true,
	"font": true, "i": true, "ins": true, "kbd": true, "label": true, "mark": true, "q": true, "s": true, "samp": true, "small": true,
	"span": true, "strike": true, "strong": true, "sub": true, "sup": true, "tt": true, "u": true, "var": true, "wbr": true,
}

// tag passes over a tag, whose words it reads apart.
func (c *cardScan) tag(from int) int {
	if from+1 >= len(c.s) || !isTagStart(c.s[from+1]) { // a bare sign
		c.sign('<')
		return from + 1
	}
	end := tagEnd(c.s, from)
	if end < 0 {
		c.open = true
		c.sign('<')
		return from + 1
	}
	if inside := c.s[from:end]; mayHoldCard(inside) {
		words := cardScan{s: inside}
		words.scan()
		for _, d := range words.masked {
			// In front of these there may be digits which are noted only when the chain ends.
			c.masked = append(c.masked, cardDigit{d.value, from + d.from, from + d.to})
		}
	}
	name := strings.TrimLeft(c.s[from+1:end], "/")
	if n := strings.IndexFunc(name, func(r rune) bool { return !unicode.IsLetter(r) }); n >= 0 {
		name = name[:n]
	}
	name = strings.ToLower(name)
	if !inlineTags[name] {
		c.sign(' ')
		c.line = name != "td" && name != "th" || c.line
	}
	return end
}

// tagEnd is behind the tag that begins at from, -1 when it never ends.
func tagEnd(s string, from int) int {
	quote := byte(0)
	for i := from + 1; i < len(s); i++ {
		switch b := s[i]; {
		case quote != 0:
			if b == quote {
				quote = 0
			}
		case b == '"' || b == '\'':
			quote = b
		case b == '>':
			return i + 1
		}
	}
	return -1
}

func isTagStart(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '/' || b == '!'
}

// reference reads a character that is written as &nbsp; or &#52;.
func (c *cardScan) reference(from int) int {
	part := c.s[from:min(len(c.s), from+maxReference)]
	if n := strings.IndexByte(part, ';'); n > 0 {
		said := html.UnescapeString(part[:n+1])
		if r, size := utf8.DecodeRuneInString(said); size == len(said) && r != '&' {
			c.rune(r, from, from+n+1)
			return from + n + 1
		}
	}
	c.sign('&')
	return from + 1
}
