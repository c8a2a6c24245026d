package mail

import (
	"strings"
)

// trimmed is the verdict on the lines of one body.
type trimmed struct {
	keep     []bool
	cut      bool // something was left out
	terminal bool // everything after a certain line was left out
	forward  *Forwarded
	explicit bool // a word for forwarding introduces it
}

const maxTrimLines = 50000

// lineKind is what a line is to the trimmer.
type lineKind uint8

const (
	kindText lineKind = iota
	kindBlank
	kindQuote
	kindAttribution
	kindHeader // of a quoted or forwarded mail
	kindRule
	kindDropped
)

type trimmer struct {
	lines   []line
	bare    []string // without quote marks and decoration
	kind    []lineKind
	html    bool
	forward *Forwarded
	fwdWord bool
	term    int // lines from here on are quoted
	split   map[int]string
	first   int   // no text before this line
	texts   []int // lines of text before each line, once dropQuotes runs
}

// trimLines tells which lines the sender newly wrote. It never loses what
// stands between quotes; when nothing new is found everything stays.
func trimLines(lines []line, fromHTML bool) trimmed {
	n := min(len(lines), maxTrimLines)
	t := &trimmer{lines: lines[:n], html: fromHTML, term: n}
	t.classify()
	t.findHeaders()
	t.findAttributions()
	t.dropQuotes()
	t.dropSignatures()
	out := trimmed{keep: make([]bool, len(lines)), forward: t.forward, explicit: t.fwdWord, terminal: t.term < n}
	for i := range lines {
		if i < n {
			out.keep[i] = i < t.term && t.kind[i] != kindDropped
			if !out.keep[i] && t.kind[i] != kindBlank {
				out.cut = true
			}
		} else {
			out.keep[i] = !out.terminal
		}
	}
	for i, text := range t.split {
		if out.keep[i] {
			lines[i].text = text
			out.cut = true
		}
	}
	return out
}

// classify tells blank, quoted and ruled lines by their own looks.
func (t *trimmer) classify() {
	t.kind = make([]lineKind, len(t.lines))
	t.bare = make([]string, len(t.lines))
	for i := range t.lines {
		l := &t.lines[i]
		s := strings.TrimSpace(trimInvisible(l.text))
		depth := 0
		rest := s
		if endOfAttribution(s) || initialsQuote(s) {
			rest = strings.TrimLeft(s, "> ")
			if s[0] != '>' {
				depth, rest = 1, ""
			}
		}
		for strings.HasPrefix(rest, ">") && depth < 100 && depth >= 0 {
			depth++
			rest = strings.TrimLeft(rest[1:], " ")
		}
		t.bare[i] = strings.TrimSpace(rest)
		switch {
		case depth > 0, l.quote > 0 && l.flags&flagIndent == 0, l.flags&flagBox != 0:
			t.kind[i] = kindQuote
			if s == "" {
				t.kind[i] = kindBlank
			}
		case s == "" && l.flags&flagPicture == 0:
			t.kind[i] = kindBlank
		case isRule(s):
			t.kind[i] = kindRule
		}
	}
}

// endOfAttribution: a line that is only the end of a wrapped "<a@b> wrote:".
func endOfAttribution(s string) bool {
	if len(s) < 2 || len(s) > 40 || s[0] != '>' || !strings.HasSuffix(s, ":") {
		return false
	}
	rest := strings.ToLower(strings.Trim(s, "> :"))
	if rest == "" {
		return true
	}
	for _, w := range wroteWords {
		if rest == w {
			return true
		}
	}
	return false
}

// initialsQuote: some programs quote with the initials of the writer, "JD> ".
func initialsQuote(s string) bool {
	i := strings.IndexByte(s, '>')
	if i < 1 || i > 3 || len(s) > i+1 && s[i+1] != ' ' && s[i+1] != '>' {
		return false
	}
	for _, c := range []byte(s[:i]) {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return true
}

func trimInvisible(s string) string {
	if isPlainASCII(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0xfeff, 0xad, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069:
			return -1
		case 0xa0, 0x3000, 0x202f, 0x2007:
			return ' '
		}
		return r
	}, s)
}

// isRule: a line drawn with dashes, underscores or the like.
func isRule(s string) bool {
	n := 0
	for _, r := range s {
		switch r {
		case '-', '_', '=', '*', '—', '–', '─', '━', '~', '#':
			n++
		case ' ':
		default:
			return false
		}
	}
	return n >= 2
}

// textBefore tells whether anything but blanks, rules and signatures stands
// before line i. Lines only ever stop being text, so the search goes on from
// where it ended.
func (t *trimmer) textBefore(i int) bool {
	for t.first < i {
		if t.kind[t.first] == kindText && !mobileSignature(t.bare[t.first]) {
			return true
		}
		t.first++
	}
	return false
}

// countTexts makes textLines quick.
func (t *trimmer) countTexts() {
	t.texts = make([]int, len(t.kind)+1)
	for i := range t.kind {
		t.texts[i+1] = t.texts[i]
		if t.kind[i] == kindText && !mobileSignature(t.bare[i]) {
			t.texts[i+1]++
		}
	}
}

// textLines counts the lines of text from line a to before line b.
func (t *trimmer) textLines(a, b int) int { return t.texts[max(a, b)] - t.texts[a] }

func (t *trimmer) nextNonBlank(i int) int {
	for i < len(t.lines) && t.kind[i] == kindBlank {
		i++
	}
	return i
}

func (t *trimmer) drop(from, to int) {
	for i := from; i < to && i < len(t.kind); i++ {
		t.kind[i] = kindDropped
	}
}

// end cuts everything from line i on.
func (t *trimmer) end(i int) {
	if i < t.term {
		t.term = i
	}
}
