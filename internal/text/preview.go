package text

import (
	"unicode"
	"unicode/utf8"
)

// maxHidden is how many bytes of invisible characters may stand in a word.
const maxHidden = 12

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
	space, hidden := false, -1 // pending: a space, invisible characters since hidden
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		at := i
		i += size
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r), r == 0x2800, r == 0x3164, r == 0xFEFF:
			space, hidden = len(b) > 0, -1
			continue
		case isInvisible(r):
			if !space && len(b) > 0 && hidden < 0 {
				hidden = at
			}
			continue
		}
		if space {
			b = append(b, ' ')
			runes++
			space = false
		} else if hidden >= 0 && at-hidden <= maxHidden {
			runes += utf8.RuneCountInString(s[hidden:at])
			b = append(b, s[hidden:at]...)
		}
		hidden = -1
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
