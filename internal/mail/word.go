package mail

import (
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxHeaderText = 64 << 10 // what is longer is no text for people
	maxWord       = 16 << 10 // one encoded word; RFC 2047 allows 75
)

// decodeHeader makes readable text of an unstructured field: encoded words
// (RFC 2047) as they are written in the wild, and raw 8-bit bytes. hint is the
// charset of the rest of the mail, for bytes that declare none.
func decodeHeader(s, hint string) string {
	if len(s) > maxHeaderText {
		s = s[:maxHeaderText]
	}
	if isPlainASCII(s) && !strings.Contains(s, "=?") {
		return strings.TrimSpace(cleanControls(s))
	}
	return strings.TrimSpace(cleanControls(decodeWords(s, hint)))
}

func isPlainASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 || s[i] == 0x1b {
			return false
		}
	}
	return true
}

func cleanControls(s string) string {
	clean := true
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] == 0x7f {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r':
			return ' '
		case r < ' ' || r == 0x7f:
			return -1
		}
		return r
	}, s)
}

// pending is a run of neighbouring encoded words of one charset: some mailers
// cut a character in two between them.
type pending struct {
	charset string
	bytes   []byte
}

func (p *pending) flush(out *strings.Builder) {
	if len(p.bytes) > 0 {
		out.WriteString(decodeCharset(p.charset, p.bytes))
	}
	p.bytes = p.bytes[:0]
}

func decodeWords(s, hint string) string {
	var out strings.Builder
	var run pending
	rest, afterWord := s, false
	for len(rest) > 0 {
		i := strings.Index(rest, "=?")
		if i < 0 {
			break
		}
		word, ok := cutWord(rest[i:])
		if !ok {
			run.flush(&out)
			out.WriteString(decodeRaw(rest[:i+2], hint))
			rest, afterWord = rest[i+2:], false
			continue
		}
		gap := rest[:i]
		if !afterWord || strings.TrimSpace(gap) != "" {
			run.flush(&out)
			out.WriteString(decodeRaw(gap, hint))
		}
		if !strings.EqualFold(run.charset, word.charset) {
			run.flush(&out)
			run.charset = word.charset
		}
		run.bytes = append(run.bytes, word.bytes...)
		rest, afterWord = rest[i+word.size:], true
	}
	run.flush(&out)
	out.WriteString(decodeRaw(rest, hint))
	return out.String()
}

type encodedWord struct {
	charset string
	bytes   []byte
	size    int
}

// cutWord reads one encoded word at the start of s.
func cutWord(s string) (encodedWord, bool) {
	q1 := strings.IndexByte(s[2:], '?')
	if q1 <= 0 || q1 > 60 {
		return encodedWord{}, false
	}
	charset := s[2 : 2+q1]
	if star := strings.IndexByte(charset, '*'); star >= 0 {
		charset = charset[:star] // language, RFC 2231 section 5
	}
	p := 2 + q1 + 1
	if p+1 >= len(s) || s[p+1] != '?' {
		return encodedWord{}, false
	}
	enc := s[p]
	text := s[p+2:]
	closed := text[:min(len(text), maxWord)]
	end := strings.Index(closed, "?=")
	if enc == 'q' || enc == 'Q' {
		// "?=" may be the start of "?=20" inside badly encoded text.
		for tries := 0; tries < 8 && end >= 0 && end+3 < len(closed) && isHex(closed[end+2]) && isHex(closed[end+3]); tries++ {
			rest := closed[end+2:]
			n := strings.Index(rest, "?=")
			if blank := strings.IndexByte(rest, ' '); n < 0 || blank >= 0 && blank < n {
				break
			}
			end += 2 + n
		}
	}
	size := p + 2 + end + 2
	if end < 0 {
		// Not closed: take the rest, but only when nothing else can start.
		if len(text) > maxWord || strings.Contains(text, "=?") {
			return encodedWord{}, false
		}
		end, size = len(text), len(s)
		if strings.HasSuffix(text, "?") {
			end--
		}
	}
	w := encodedWord{charset: strings.Trim(charset, " \"'"), size: size}
	switch enc {
	case 'b', 'B':
		w.bytes = looseBase64(text[:end])
	case 'q', 'Q':
		w.bytes = wordQ(text[:end])
	default:
		return encodedWord{}, false
	}
	return w, true
}

func wordQ(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '_':
			out = append(out, ' ')
		case s[i] == '=' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
		case s[i] == '\r' || s[i] == '\n':
		default:
			out = append(out, s[i])
		}
	}
	return out
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c >= 'a':
		return c - 'a' + 10
	case c >= 'A':
		return c - 'A' + 10
	}
	return c - '0'
}

// looseBase64 decodes with or without padding, skipping foreign bytes.
func looseBase64(s string) []byte {
	var d base64Decoder
	out := d.decode(make([]byte, 0, base64.StdEncoding.DecodedLen(len(s))+3), []byte(s))
	return d.flush(out)
}

// decodeRaw reads header text that is not an encoded word.
func decodeRaw(s, hint string) string {
	if isPlainASCII(s) {
		return s
	}
	if utf8.ValidString(s) && strings.IndexByte(s, 0x1b) < 0 {
		return s
	}
	return decodeUndeclared([]byte(s), hint)
}

func collapseSpace(s string) string {
	return strings.Join(strings.FieldsFunc(s, unicode.IsSpace), " ")
}
