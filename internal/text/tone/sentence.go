package tone

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/deskbell/deskbell/internal/text"
)

// maxPiece bounds the bytes that are looked at together: a text without any
// sentence is cut between words.
const maxPiece = 4 << 10

// sentence is one sentence of the writer's own words.
type sentence struct {
	text.Span
	ended bool // by a sign, not by the end of its line
}

// sentences takes a text apart. Quoted lines, the line that introduces them and
// what stands below a signature mark are not the writer's words.
func sentences(s string) (out []sentence) {
	for start := 0; start < len(s); {
		end := start + strings.IndexByte(s[start:], '\n') + 1
		next := end
		if end == start {
			end, next = len(s), len(s)
		}
		line := strings.TrimRight(s[start:end], "\r\n")
		if mark := strings.TrimRight(line, " "); mark == "--" {
			return out
		}
		if !quoted(line) && !introduces(line, s[next:]) {
			out = ofLine(out, s, start, start+len(line))
		}
		start = next
	}
	return out
}

func quoted(line string) bool { return strings.HasPrefix(strings.TrimLeft(line, " \t"), ">") }

func introduces(line, rest string) bool {
	if !strings.HasSuffix(strings.TrimSpace(line), ":") {
		return false
	}
	next, _, _ := strings.Cut(rest, "\n")
	return quoted(next)
}

func ofLine(out []sentence, s string, from, to int) []sentence {
	start := from
	for i := from; i < to; {
		r, n := utf8.DecodeRuneInString(s[i:to])
		i += n
		if !ends(s[start:to], i-n-start, r) {
			if i-start >= maxPiece && (unicode.IsSpace(r) || i-start >= 2*maxPiece) {
				out = keep(out, s, start, i, false)
				start = i
			}
			continue
		}
		for i < to { // closing signs belong to it
			r, n := utf8.DecodeRuneInString(s[i:to])
			if !strings.ContainsRune(".!?…。！？」』）)\"”’»", r) {
				break
			}
			i += n
		}
		out = keep(out, s, start, i, true)
		start = i
	}
	return keep(out, s, start, to, false)
}

func keep(out []sentence, s string, from, to int, ended bool) []sentence {
	part := s[from:to]
	left := strings.TrimLeftFunc(part, unicode.IsSpace)
	from += len(part) - len(left)
	to = from + len(strings.TrimRightFunc(left, unicode.IsSpace))
	if to <= from {
		return out
	}
	return append(out, sentence{text.Span{Start: from, End: to}, ended})
}

// shortened are words that end in a full stop without ending a sentence.
var shortened = map[string]bool{
	"mr": true, "mrs": true, "ms": true, "dr": true, "prof": true, "st": true, "no": true, "nr": true, "vs": true, "e.g": true, "i.e": true, "inc": true, "ltd": true, "co": true, "approx": true, "incl": true,
	"vb": true, "sn": true, "av": true, "tel": true, "örn": true, "yrd": true, "doç": true, "mah": true, "cad": true, "sok": true,
	"ім": true, "вул": true, "буд": true, "кв": true, "м": true, "р": true, "грн": true, "тис": true, "см": true, "т.д": true, "т.п": true, "напр": true, "п": true, "о": true, "тел": true,
}

// ends tells whether the character r at place at ends a sentence.
func ends(s string, at int, r rune) bool {
	switch r {
	case '。', '！', '？', '!', '?', '…':
		return true
	case '.':
	default:
		return false
	}
	rest := s[at+1:]
	if next, _ := utf8.DecodeRuneInString(rest); rest != "" && !unicode.IsSpace(next) && !strings.ContainsRune(".)\"”’»」", next) {
		return false // 3.50, shop.example
	}
	word := s[strings.LastIndexAny(s[:at], " \t\u00a0(")+1 : at]
	lower := strings.ToLower(word)
	return !shortened[lower] && !(utf8.RuneCountInString(word) == 1 && unicode.IsUpper([]rune(word)[0]))
}

// masked is a text in which spaces stand for what is nobody's words: addresses,
// links and variables. Every other byte stays where it is.
func masked(s string) string {
	if !strings.ContainsAny(s, "@/{") && !strings.Contains(s, "www.") {
		return s
	}
	b := []byte(s)
	for i := 0; i < len(s); {
		n := joined(s[i:])
		if n == 0 {
			i++
			continue
		}
		if word := s[i : i+n]; strings.Contains(word, "://") || strings.Contains(word, "@") || strings.HasPrefix(word, "www.") {
			blank(b[i : i+len(strings.TrimRight(word, ".,;:!?)\"'"))])
		}
		i += n
	}
	for at := 0; at < len(s); {
		start := strings.Index(s[at:], "{{")
		if start < 0 {
			break
		}
		start += at
		end := strings.Index(s[start:min(len(s), start+maxVariable)], "}}")
		if at = start + 2; end >= 0 {
			at = start + end + 2
			blank(b[start:at])
		}
	}
	return string(b)
}

const maxVariable = 220 // bytes between braces, with them

// joined counts the ASCII characters at the beginning that no space parts.
func joined(s string) int {
	n := 0
	for n < len(s) && s[n] > ' ' && s[n] < utf8.RuneSelf {
		n++
	}
	return n
}

func blank(b []byte) {
	for i := range b {
		b[i] = ' '
	}
}
