package mail

import (
	"bytes"
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

const foldAt = 76

// headerWriter writes folded fields (RFC 5322, 2.2.3).
type headerWriter struct {
	buf bytes.Buffer
	col int
}

func (h *headerWriter) start(name string) {
	h.buf.WriteString(name)
	h.buf.WriteByte(':')
	h.col = len(name) + 1
}

// word writes one piece that must not be broken, on a new line when this one
// is full.
func (h *headerWriter) word(s string) {
	if h.col+1+len(s) > foldAt && h.col > 1 {
		h.buf.WriteString("\r\n")
		h.col = 0
	}
	h.buf.WriteByte(' ')
	h.buf.WriteString(s)
	h.col += 1 + len(s)
}

func (h *headerWriter) end() { h.buf.WriteString("\r\n") }

func (h *headerWriter) raw(name, value string) {
	h.start(name)
	h.word(value)
	h.end()
}

// tokens folds a structured value at its blanks and leaves it as it is.
func (h *headerWriter) tokens(name, value string) {
	if !isPlainASCII(value) {
		h.text(name, value)
		return
	}
	h.start(name)
	for _, w := range strings.Fields(value) {
		h.word(w)
	}
	h.end()
}

// text writes an unstructured value, as encoded words where it is not plain.
func (h *headerWriter) text(name, value string) {
	h.start(name)
	if plainHeaderText(value) {
		for i, w := range strings.Split(value, " ") {
			if w == "" && i > 0 {
				h.buf.WriteByte(' ')
				h.col++
				continue
			}
			h.word(w)
		}
	} else {
		// Some parsers take a line break right behind the name for a blank in the value.
		for _, w := range encodeWords(value, foldAt-h.col-1) {
			h.word(w)
		}
	}
	h.end()
}

// plainHeaderText: printable ASCII that no parser takes for an encoded word,
// single blanks, no word too long for a line.
func plainHeaderText(s string) bool {
	if strings.Contains(s, "=?") || strings.Contains(s, "  ") || s != strings.TrimSpace(s) {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] >= 0x7f {
			return false
		}
	}
	for _, w := range strings.Fields(s) {
		if len(w) > 900 {
			return false
		}
	}
	return true
}

// encodeWords splits s into encoded words of at most 75 bytes (RFC 2047),
// never inside of a character: Q where most is ASCII, else B. The first has at
// most room bytes, as far as that is enough for anything.
func encodeWords(s string, room int) []string {
	s = strings.ToValidUTF8(s, "\ufffd")
	special := 0
	for i := 0; i < len(s); i++ {
		if !qSafe(s[i]) && s[i] != ' ' {
			special++
		}
	}
	useQ := special*3 < len(s)
	const frame = len("=?utf-8?q??=")
	room = max(room-frame, 24)
	var out []string
	for len(s) > 0 {
		n, size, most := 0, 0, min(60, room)
		if !useQ {
			most = min(42, room/4*3)
		}
		room = 60
		for n < len(s) {
			_, w := utf8.DecodeRuneInString(s[n:])
			add := w
			if useQ {
				add = 0
				for k := n; k < n+w; k++ {
					if qSafe(s[k]) || s[k] == ' ' {
						add++
					} else {
						add += 3
					}
				}
			}
			if size+add > most {
				break
			}
			n, size = n+w, size+add
		}
		if useQ {
			out = append(out, "=?utf-8?q?"+qWord(s[:n])+"?=")
		} else {
			out = append(out, "=?utf-8?b?"+base64.StdEncoding.EncodeToString([]byte(s[:n]))+"?=")
		}
		s = s[n:]
	}
	return out
}

// qSafe: the letters that stay as they are in every place an encoded word may
// stand in (RFC 2047, 5 (3)).
func qSafe(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '!' || c == '*' || c == '+' || c == '-' || c == '/'
}

const upperHex = "0123456789ABCDEF"

func qWord(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == ' ':
			b.WriteByte('_')
		case qSafe(c):
			b.WriteByte(c)
		default:
			b.WriteByte('=')
			b.WriteByte(upperHex[c>>4])
			b.WriteByte(upperHex[c&15])
		}
	}
	return b.String()
}

// addresses writes a list; an empty list writes no field.
func (h *headerWriter) addresses(name string, list []Address) {
	if len(list) == 0 {
		return
	}
	h.start(name)
	for i, a := range list {
		words := addressWords(a)
		if i < len(list)-1 {
			words[len(words)-1] += ","
		}
		for _, w := range words {
			h.word(w)
		}
	}
	h.end()
}

func addressWords(a Address) []string {
	addr := "<" + asciiAddress(a.Address) + ">"
	name := strings.TrimSpace(cleanControls(a.Name))
	switch {
	case name == "":
		return []string{addr}
	case !plainHeaderText(name) || len(name) > 200:
		return append(encodeWords(name, foldAt), addr)
	case atomText(name):
		return append(strings.Fields(name), addr)
	}
	return []string{`"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`, addr}
}

func atomText(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == ' ' || c == '-' || c == '_' || c == '\'' || c == '&' || c == '!') {
			return false
		}
	}
	return true
}

func (h *headerWriter) ids(name string, ids []string) {
	if len(ids) == 0 {
		return
	}
	h.start(name)
	for _, id := range ids {
		h.word("<" + id + ">")
	}
	h.end()
}
