package text

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxInput bounds the bytes of one text that are looked at.
const maxInput = 1 << 20

// NFKC would glue the letters TM to the word before, and turn the acute accent
// that some keyboards give for an apostrophe into a space. Both replacements
// have as many bytes as what they replace, so that offsets stay right.
var beforeNFKC = strings.NewReplacer("™", "\u2003", "℠", "\u2003", "´", "ʼ")

// normalize returns NFKC, at most maxInput bytes of it.
func normalize(s string) string {
	s = clip(s, maxInput)
	if isASCII(s) || norm.NFKC.IsNormalString(s) {
		return s
	}
	return norm.NFKC.String(beforeNFKC.Replace(s))
}

// clip cuts s to at most n bytes without cutting a character.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := 0; i < utf8.UTFMax && n > 0 && !utf8.RuneStart(s[n]); i++ {
		n--
	}
	return s[:n]
}

// clipRunes cuts s to at most n characters.
func clipRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// normalizeMapped is normalize with, for every byte of the result, the part of s
// that it came from; the map is nil when they are the same.
func normalizeMapped(s string) (string, []Span) {
	if isASCII(s) || norm.NFKC.IsNormalString(s) {
		return s, nil
	}
	var (
		it  norm.Iter
		out []byte
		at  []Span
	)
	it.InitString(norm.NFKC, beforeNFKC.Replace(s))
	for !it.Done() {
		from := it.Pos()
		seg := it.Next()
		out = append(out, seg...)
		for range seg {
			at = append(at, Span{Start: from})
		}
	}
	end, start := len(s), len(s)
	for i := len(at) - 1; i >= 0; i-- {
		if at[i].Start < start { // several characters may come from one
			end, start = start, at[i].Start
		}
		at[i].End = end
	}
	return string(out), at
}
