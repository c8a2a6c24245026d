package text

import (
	"unicode"
	"unicode/utf8"
)

// Preview is the beginning of s on one line of at most n characters: white
// space and control characters collapsed into single spaces, padding of
// invisible characters removed, never cut inside what a reader sees as one
// character. A cut end shows as "…", which counts.
func Preview(s string, n int) string {
	if n <= 0 {
		return ""
	}
	b := make([]byte, 0, min(len(s), n*4)+8)
	runes := 0
	space, hidden := false, 0 // pending: a space, invisible characters from hidden
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		at := i
		i += size
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r), r == 0x2800, r == 0x3164, r == 0xFEFF:
			space, hidden = len(b) > 0, 0
			continue
		case isInvisible(r):
			if !space && len(b) > 0 && hidden < 4*utf8.UTFMax {
				hidden += size
			}
			continue
		}
		if space {
			b = append(b, ' ')
			runes++
			space = false
		} else if hidden > 0 && at >= hidden {
			runes += utf8.RuneCountInString(s[at-hidden : at])
			b = append(b, s[at-hidden:at]...)
		}
		hidden = 0
		b = utf8.AppendRune(b, r)
		runes++
		if runes > n {
			break
		}
	}
	return cut(string(b), n)
}

// cut keeps at most n characters of s, the last of them "…" when some are gone.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	end := len(clipRunes(s, n-1))
	end = lastBoundary(s, end)
	for end > 0 && s[end-1] == ' ' {
		end--
	}
	return s[:end] + "…"
}
