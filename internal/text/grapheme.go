package text

import (
	"unicode"
	"unicode/utf8"
)

// maxCluster bounds the bytes that count as one visible character, so that text
// made of nothing but marks can be cut too.
const maxCluster = 128

// extends reports characters that belong to the one before.
func extends(r rune) bool {
	switch {
	case r < 0x300:
		return false
	case r == 0x200D, r >= 0xFE00 && r <= 0xFE0F: // joiner, variation selectors
		return true
	case r >= 0x1F3FB && r <= 0x1F3FF, r >= 0xE0020 && r <= 0xE007F: // skin tones, flag tags
		return true
	case r >= 0x1160 && r <= 0x11FF: // Hangul vowels and finals
		return true
	case r == 0xFF9E || r == 0xFF9F: // half-width kana marks
		return true
	}
	return unicode.Is(unicode.M, r)
}

func isFlagLetter(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }

// boundary reports whether s may be cut at i, by the main rules of UAX #29.
func boundary(s string, i int) bool {
	if i <= 0 || i >= len(s) {
		return true
	}
	if !utf8.RuneStart(s[i]) {
		return false
	}
	next, _ := utf8.DecodeRuneInString(s[i:])
	prev, _ := utf8.DecodeLastRuneInString(s[:i])
	if extends(next) || prev == 0x200D && next >= 0x2190 {
		return false
	}
	if prev == '\r' && next == '\n' {
		return false
	}
	if isFlagLetter(next) && isFlagLetter(prev) {
		n := 0
		for j := i; j > 0 && n < maxCluster; n++ {
			r, size := utf8.DecodeLastRuneInString(s[:j])
			if !isFlagLetter(r) {
				break
			}
			j -= size
		}
		return n%2 == 0
	}
	return true
}

// lastBoundary returns the last place at or before i where s may be cut, or about
// i when there is none near.
func lastBoundary(s string, i int) int {
	for j := i; j >= 0 && i-j <= maxCluster; j-- {
		if boundary(s, j) {
			return j
		}
	}
	for i > 0 && i < len(s) && !utf8.RuneStart(s[i]) {
		i--
	}
	return i
}

// nextBoundary returns the first place in s where it may be cut when something
// stands before it.
func nextBoundary(s string) int {
	for i, r := range s {
		if i > maxCluster {
			return i
		}
		if !extends(r) {
			return i
		}
	}
	return 0
}
