package text

import (
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/turkish"
)

// notTurkish are letters that Turkish does not have.
const notTurkish = "qwx"

// stemTurkish takes a folded word, in which ı is i, ü is u and so on: half of
// all shoppers type Turkish without its letters. The vowels get back the sound
// that vowel harmony asks for, the same for both spellings, before the stemmer,
// which checks harmony, removes suffixes.
func stemTurkish(word string) string {
	if strings.ContainsAny(word, notTurkish) || !isASCII(word) {
		return word
	}
	env := snowballstem.NewEnv(harmonize(word))
	turkish.Stem(env)
	stem := env.Current()
	if n := len(stem); stem[n-1] == 'g' && len([]rune(stem)) < len(word) {
		stem = stem[:n-1] + "k" // çocuğu, çocuk
	}
	if utf8.RuneCountInString(stem) < minStem {
		return word
	}
	return stem
}

// harmonize writes i as ı and u, o as ü, ö where the vowels around are back or
// front: those after a vowel decide, or else those before it.
func harmonize(word string) string {
	b := []byte(word)
	front := make([]int8, len(b)) // 1 front, -1 back, 0 unknown
	var next int8
	for i := len(b) - 1; i >= 0; i-- {
		switch b[i] {
		case 'e':
			next = 1
		case 'a':
			next = -1
		}
		front[i] = next
	}
	var out strings.Builder
	out.Grow(len(b) + 4)
	var last int8
	for i, c := range b {
		is := front[i]
		if is == 0 {
			is = last
		}
		switch c {
		case 'e':
			last = 1
		case 'a':
			last = -1
		case 'o', 'u':
			if last == 0 && is == 0 {
				last = -1
				is = -1
			}
		}
		switch {
		case c == 'i' && is < 0:
			out.WriteString("ı")
		case c == 'u' && is > 0:
			out.WriteString("ü")
		case c == 'o' && is > 0:
			out.WriteString("ö")
		default:
			out.WriteByte(c)
		}
	}
	return out.String()
}
