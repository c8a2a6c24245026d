package mail

import (
	"sort"
	"strconv"
	"strings"
)

// mediaValue is a Content-Type or Content-Disposition, read generously.
type mediaValue struct {
	value  string // "text/plain", "attachment"; lower case
	params map[string]string
}

// parseMedia reads value; parameters including RFC 2231 in every shape seen:
// continued, percent-encoded, with raw bytes, with encoded words, unquoted
// with blanks.
func parseMedia(value, hint string) mediaValue {
	m := mediaValue{}
	value = value[:min(len(value), maxHeaderText)]
	if strings.Contains(value, "=?") && !strings.Contains(value, "=\"") {
		// A whole field wrapped in encoded words.
		if i := strings.Index(value, "=?"); i == 0 {
			value = decodeWords(value, hint)
		}
	}
	head, rest, _ := strings.Cut(value, ";")
	head = strings.TrimSpace(stripComments(head))
	if i := strings.IndexAny(head, " \t,"); i > 0 {
		// "text/plain charset=x" without a semicolon
		if strings.Contains(head[i:], "=") {
			rest = head[i+1:] + ";" + rest
		}
		head = head[:i]
	}
	if strings.Contains(head, "=") && !strings.Contains(head, "/") {
		rest, head = head+";"+rest, ""
	}
	m.value = strings.ToLower(strings.Trim(head, "\"'<> \t"))
	if rest = strings.TrimSpace(rest); rest == "" {
		return m
	}
	m.params = joinParams(splitParams(rest), hint)
	return m
}

type rawParam struct{ name, value string }

func splitParams(s string) []rawParam {
	var out []rawParam
	for len(s) > 0 && len(out) < 200 {
		s = strings.TrimLeft(s, " \t\r\n;,")
		eq := strings.IndexByte(s, '=')
		if eq < 0 {
			break
		}
		if semi := strings.IndexByte(s, ';'); semi >= 0 && semi < eq {
			s = s[semi+1:]
			continue
		}
		name := strings.ToLower(strings.TrimSpace(stripComments(s[:eq])))
		s = strings.TrimLeft(s[eq+1:], " \t")
		var val string
		if strings.HasPrefix(s, `"`) {
			val, s = cutQuoted(s)
			// A quote inside the value that was not escaped: go on to the next semicolon.
			if tail := strings.TrimSpace(s); tail != "" && tail[0] != ';' && tail[0] != '(' && !looksLikeParam(tail) {
				semi := strings.IndexByte(s, ';')
				if semi < 0 {
					semi = len(s)
				}
				if more := strings.TrimSpace(s[:semi]); strings.HasSuffix(more, `"`) {
					val += `"` + strings.TrimSuffix(more, `"`)
				}
				s = s[semi:]
			}
		} else {
			end := endOfBare(s)
			val, s = strings.TrimSpace(s[:end]), s[end:]
			if !strings.HasPrefix(name, "filename") && !strings.HasPrefix(name, "name") {
				val = strings.TrimSpace(stripComments(val))
			}
			val = strings.Trim(val, `"`)
			if len(val) > 1 && val[0] == '\'' && val[len(val)-1] == '\'' {
				val = val[1 : len(val)-1]
			}
		}
		out = append(out, rawParam{name, val})
	}
	return out
}

// endOfBare finds the end of an unquoted value: a semicolon, or a blank that
// the next parameter follows. An encoded word may hold a semicolon.
func endOfBare(s string) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ';':
			return i
		case ' ', '\t':
			if looksLikeParam(strings.TrimLeft(s[i:], " \t")) {
				return i
			}
		}
	}
	return len(s)
}

func looksLikeParam(s string) bool {
	eq := strings.IndexByte(s[:min(len(s), 31)], '=')
	if eq <= 0 || strings.HasPrefix(s, "=?") {
		return false
	}
	for _, c := range s[:eq] {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '*' || c == '_') {
			return false
		}
	}
	return true
}

func cutQuoted(s string) (val, rest string) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
			b.WriteByte(s[i])
		case s[i] == '"':
			return b.String(), s[i+1:]
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), ""
}

type segment struct {
	order   int
	value   string
	encoded bool
}

func joinParams(raw []rawParam, hint string) map[string]string {
	out := map[string]string{}
	parts := map[string][]segment{}
	for _, p := range raw {
		base, suffix, star := strings.Cut(p.name, "*")
		if !star {
			if _, dup := out[p.name]; !dup {
				out[p.name] = decodeHeader(p.value, hint)
			}
			continue
		}
		seg := segment{value: p.value}
		if seg.encoded = suffix == "" || strings.HasSuffix(suffix, "*"); seg.encoded {
			suffix = strings.TrimSuffix(suffix, "*")
		}
		seg.order, _ = strconv.Atoi(suffix)
		parts[base] = append(parts[base], seg)
	}
	for base, segs := range parts {
		if v := joinSegments(segs, hint); v != "" {
			out[base] = v
		}
	}
	return out
}

// joinSegments puts RFC 2231 continuations together before decoding, for a
// character may be cut in two.
func joinSegments(segs []segment, hint string) string {
	sort.SliceStable(segs, func(i, j int) bool { return segs[i].order < segs[j].order })
	var bytes []byte
	charset, anyEncoded := "", false
	for i, s := range segs {
		v := s.value
		if i == 0 && s.encoded {
			if a := strings.IndexByte(v, '\''); a >= 0 {
				if b := strings.IndexByte(v[a+1:], '\''); b >= 0 {
					charset, v = v[:a], v[a+1+b+1:]
				}
			}
		}
		if s.encoded {
			anyEncoded = true
			bytes = append(bytes, unpercent(v)...)
		} else {
			bytes = append(bytes, v...)
		}
	}
	if !anyEncoded || strings.Contains(string(bytes), "=?") {
		return decodeHeader(string(bytes), hint)
	}
	if charset == "" {
		return cleanControls(decodeRaw(string(bytes), hint))
	}
	return cleanControls(decodeCharset(charset, bytes))
}

func unpercent(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
			continue
		}
		out = append(out, s[i])
	}
	return out
}

// stripComments removes (comments) outside of quotes, RFC 5322 section 3.2.2.
func stripComments(s string) string {
	if strings.IndexByte(s, '(') < 0 {
		return s
	}
	var b strings.Builder
	depth, quoted := 0, false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\' && i+1 < len(s):
			if depth == 0 {
				b.WriteByte(c)
				b.WriteByte(s[i+1])
			}
			i++
		case c == '"' && depth == 0:
			quoted = !quoted
			b.WriteByte(c)
		case c == '(' && !quoted:
			depth++
		case c == ')' && !quoted && depth > 0:
			depth--
		case depth == 0:
			b.WriteByte(c)
		}
	}
	return b.String()
}
