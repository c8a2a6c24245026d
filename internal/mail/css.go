package mail

import "strings"

var cssAllowed = func() map[string]bool {
	m := map[string]bool{}
	for _, p := range strings.Fields(`background-color border border-bottom border-bottom-color border-bottom-style
		border-bottom-width border-collapse border-color border-left border-left-color border-left-style border-left-width
		border-radius border-right border-right-color border-right-style border-right-width border-spacing border-style
		border-top border-top-color border-top-style border-top-width border-width color direction display float clear font
		font-family font-size font-style font-variant font-weight height letter-spacing line-height list-style list-style-type
		margin margin-bottom margin-left margin-right margin-top max-height max-width min-height min-width padding
		padding-bottom padding-left padding-right padding-top text-align text-decoration text-decoration-line text-indent
		text-transform vertical-align white-space width word-break word-spacing word-wrap overflow-wrap table-layout
		unicode-bidi background`) {
		m[p] = true
	}
	return m
}()

// safeStyle keeps declarations that cannot load, run or overlay anything.
func safeStyle(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		i := strings.IndexByte(s, ';')
		decl := s
		if i >= 0 {
			decl, s = s[:i], s[i+1:]
		} else {
			s = ""
		}
		prop, val, ok := strings.Cut(decl, ":")
		if !ok {
			continue
		}
		prop = strings.ToLower(strings.TrimSpace(prop))
		val = strings.TrimSpace(val)
		if !cssAllowed[prop] || val == "" || !safeCSSValue(val) {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("; ")
		}
		b.WriteString(prop)
		b.WriteString(": ")
		b.WriteString(val)
	}
	return b.String()
}

// safeCSSValue allows words, numbers, colours and rgb(); brackets otherwise,
// escapes and at-signs can hide a url.
func safeCSSValue(v string) bool {
	if len(v) > 300 {
		return false
	}
	for i := 0; i < len(v); i++ {
		switch c := v[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c >= 0x80:
		case c == ' ', c == '#', c == '.', c == ',', c == '%', c == '-', c == '"', c == '\'', c == '!', c == '_', c == '+', c == '/':
		case c == '(':
			fn := strings.ToLower(v[:i])
			if !strings.HasSuffix(fn, "rgb") && !strings.HasSuffix(fn, "rgba") && !strings.HasSuffix(fn, "hsl") && !strings.HasSuffix(fn, "hsla") && !strings.HasSuffix(fn, "calc") {
				return false
			}
		case c == ')':
		default:
			return false
		}
	}
	return true
}
