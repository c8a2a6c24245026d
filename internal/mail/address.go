package mail

import (
	"strings"
)

const (
	maxAddresses     = 1000
	maxAddressesText = 256 << 10
)

// parseAddresses reads an address list (RFC 5322, 3.4) as generously as it is
// written: groups, comments, missing brackets and quotes, several addresses
// without commas, whole lists inside one encoded word, raw 8-bit names.
func parseAddresses(value, hint string) []Address {
	if strings.TrimSpace(value) == "" {
		return nil
	}
	value = value[:min(len(value), maxAddressesText)]
	if !strings.Contains(value, "@") && strings.Contains(value, "=?") {
		if dec := decodeWords(value, hint); strings.Contains(dec, "@") {
			value = dec
		}
	}
	var out []Address
	items := splitAddresses(value)
	for i, item := range items {
		if i+1 < len(items) && surnameOnly(item, items[i+1]) {
			items[i+1] = `"` + item + ", " + strings.Replace(items[i+1], "<", `" <`, 1)
			continue
		}
		if a, ok := parseMailbox(item, hint); ok {
			out = append(out, a)
		}
		if len(out) >= maxAddresses {
			break
		}
	}
	return out
}

// surnameOnly: "Koval, Olha <olha@c.test>" without the quotes it needs.
func surnameOnly(item, next string) bool {
	lt := strings.IndexByte(next, '<')
	return lt > 1 && !strings.ContainsAny(item, "@<>\"=(") && !strings.ContainsAny(next[:lt], "@\"=(") && strings.Contains(next[lt:], "@")
}

// splitAddresses cuts at commas and semicolons outside of quotes, brackets and
// comments, and drops the names of groups.
func splitAddresses(s string) []string {
	var out []string
	start, depth, angle, quoted := 0, 0, false, false
	lastQuote, lastParen, lastAngle, lastAt := strings.LastIndexByte(s, '"'), strings.LastIndexByte(s, ')'), strings.LastIndexByte(s, '>'), strings.LastIndexByte(s, '@')
	add := func(end int) {
		if item := strings.TrimSpace(s[start:end]); item != "" {
			out = append(out, item)
		}
		start = end + 1
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && (quoted || depth > 0):
			i++
		case c == '"' && depth == 0:
			quoted = !quoted && lastQuote > i
		case quoted:
		case c == '(':
			if lastParen > i {
				depth++
			}
		case c == ')' && depth > 0:
			depth--
		case depth > 0:
		case c == '=' && i+1 < len(s) && s[i+1] == '?':
			if w, ok := cutWord(s[i:]); ok && w.size < len(s)-i+1 {
				i += w.size - 1
			}
		case c == '<':
			angle = lastAngle > i
		case c == '>':
			angle = false
			// Two mailboxes with nothing between them.
			if rest := strings.TrimLeft(s[i+1:], " \t"); rest != "" && rest[0] != ',' && rest[0] != ';' && rest[0] != '(' && rest[0] != '>' && lastAt > i {
				add(i + 1)
				start = i + 1
			}
		case (c == ',' || c == ';') && !angle:
			add(i)
		case c == ':' && !angle && isGroupName(s[start:i]):
			start = i + 1
		}
	}
	if start < len(s) {
		add(len(s))
	}
	return out
}

func isGroupName(s string) bool {
	return !strings.ContainsAny(s, "@<[")
}

// parseMailbox reads "Name <address>", "address (name)" or "address".
func parseMailbox(s, hint string) (Address, bool) {
	s = strings.TrimSpace(s)
	if lt := lastAngle(s); lt >= 0 {
		inner := s[lt+1:]
		tail := ""
		if gt := strings.IndexByte(inner, '>'); gt >= 0 {
			inner, tail = inner[:gt], inner[gt+1:]
		}
		name := displayName(s[:lt], hint)
		if name == "" {
			name = displayName(strings.Trim(tail, "> "), hint)
		}
		a := Address{Name: name, Address: cleanAddress(inner)}
		if !strings.Contains(a.Address, "@") {
			// "<Name> address" or "address <>"
			if found := bareAddress(stripComments(s[:lt] + " " + tail)); found != "" && strings.Contains(found, "@") {
				a.Address = found
				if a.Name == found || strings.Contains(a.Name, "@") {
					a.Name = ""
				}
			} else if dec := decodeHeader(a.Address, hint); strings.Contains(dec, "@") {
				a.Address = cleanAddress(dec)
			}
		}
		return a, a.Address != "" || a.Name != ""
	}
	plain, comment := splitComment(s)
	if addr := bareAddress(plain); strings.Contains(addr, "@") {
		name := strings.Trim(strings.Replace(plain, addr, "", 1), "[]<>,;: \t")
		name = displayName(name, hint)
		if strings.EqualFold(name, "mailto") {
			name = ""
		}
		if name == "" {
			name = displayName(comment, hint)
		}
		return Address{Name: name, Address: addr}, true
	}
	if strings.Contains(s, "=?") {
		if dec := decodeWords(s, hint); strings.Contains(dec, "@") && !strings.Contains(dec, "=?") {
			return parseMailbox(dec, hint)
		}
	}
	if plain = strings.TrimSpace(plain); plain == "" {
		return Address{}, false
	}
	if strings.ContainsAny(plain, " \t\"=") {
		return Address{Name: displayName(plain, hint)}, true
	}
	return Address{Name: displayName(comment, hint), Address: decodeHeader(plain, hint)}, true
}

// lastAngle finds the bracket that opens the address: the last one outside of
// quotes, for names hold brackets too.
func lastAngle(s string) int {
	at, quoted := -1, false
	lastQuote := strings.LastIndexByte(s, '"')
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quoted:
			i++
		case s[i] == '"':
			quoted = !quoted && lastQuote > i
		case s[i] == '<' && !quoted:
			at = i
		}
	}
	return at
}

func displayName(s, hint string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return ""
	}
	if strings.IndexByte(s, '"') >= 0 {
		s = unquoteName(s)
	} else if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		s = s[1 : len(s)-1]
	}
	s = decodeHeader(s, hint)
	for len(s) > 1 && (s[0] == '\'' && s[len(s)-1] == '\'' || s[0] == '"' && s[len(s)-1] == '"') {
		s = strings.TrimSpace(s[1 : len(s)-1])
	}
	return collapseSpace(s)
}

func unquoteName(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case s[i] == '"':
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// splitComment returns s without its comments, and the last comment.
func splitComment(s string) (plain, comment string) {
	open := strings.IndexByte(s, '(')
	if open < 0 {
		return s, ""
	}
	end := strings.LastIndexByte(s, ')')
	if end < open {
		end = len(s)
	}
	return stripComments(s), s[open+1 : end]
}

// bareAddress finds the word with an @ in it; a quoted local part may hold
// blanks.
func bareAddress(s string) string {
	s = strings.TrimSpace(s)
	if at := strings.LastIndex(s, `"@`); at > 0 && strings.IndexByte(s, '"') < at {
		open := strings.LastIndexByte(s[:at], '"')
		end := at + 2
		for end < len(s) && s[end] > ' ' {
			end++
		}
		return s[open:end]
	}
	for _, w := range strings.Fields(s) {
		if strings.Contains(w, "@") && len(w) > 2 {
			return cleanAddress(w)
		}
	}
	if strings.Contains(s, "@") {
		return cleanAddress(s)
	}
	return ""
}

// cleanAddress removes what does not belong to an address: brackets, quotes
// around it, mailto:, source routes (RFC 5322, 4.4), blanks and controls.
func cleanAddress(s string) string {
	s = strings.TrimSpace(s)
	if !strings.HasPrefix(s, `"`) {
		s = stripComments(s)
	}
	s = strings.Trim(s, "<>[](),; \t'")
	if len(s) > 7 && strings.EqualFold(s[:7], "mailto:") {
		s = s[7:]
	}
	if strings.HasPrefix(s, "@") {
		if i := strings.IndexByte(s, ':'); i > 0 {
			s = s[i+1:]
		}
	}
	if len(s) > 1 && s[0] == '"' && s[len(s)-1] == '"' {
		s = s[1 : len(s)-1]
	}
	if !strings.HasPrefix(s, `"`) {
		s = strings.Map(func(r rune) rune {
			if r <= ' ' || r == 0x7f || r == 0xa0 || r == 0x200b {
				return -1
			}
			return r
		}, s)
	}
	if !isPlainASCII(s) {
		s = decodeRaw(s, "")
	}
	return s
}

// ParseAddress reads the first address of a header's value; it is empty when
// there is none.
func ParseAddress(value string) Address { return firstWithAddress(parseAddresses(value, "")) }
