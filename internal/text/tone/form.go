package tone

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/deskbell/deskbell/internal/text"
)

// inflected tells whether got is another form of the word want. Stems are made
// for searching, where a word too many does no harm; here it would, so that the
// ends of both must be such as a word has beside its other forms.
func inflected(language string, want, got text.Word) bool {
	if want.Stem != got.Stem {
		return false
	}
	switch language {
	case "en":
		return englishForm(want.Form, got.Form)
	case "tr":
		return turkishForm(want.Form, got.Form)
	case "uk":
		n := commonBytes(want.Form, got.Form)
		return n >= 3*len("а") && n*3 >= len(want.Form)
	}
	return true
}

var englishEnds = []string{"", "s", "es", "ed", "d", "ing", "ies", "ied", "y", "e"}

func englishForm(want, got string) bool {
	n := commonBytes(want, got)
	ends := func(s string) bool {
		rest := s[n:]
		if slices.Contains(englishEnds, rest) {
			return true
		}
		// stopped, stopping: the last letter is written twice.
		return n > 0 && rest != "" && rest[0] == s[n-1] && (rest[1:] == "ed" || rest[1:] == "ing")
	}
	return ends(want) && ends(got)
}

// turkishForm asks that the whole word stands at the beginning, its last
// consonant softened (kitap, kitabı) or its last vowel gone (burun, burnu).
func turkishForm(want, got string) bool {
	if strings.HasPrefix(got, want) {
		return true
	}
	n := len(want)
	if n < 3 || len(got) < n {
		return false
	}
	for _, soft := range [...][2]byte{{'p', 'b'}, {'t', 'd'}, {'k', 'g'}} {
		if want[n-1] == soft[0] && got[n-1] == soft[1] && got[:n-1] == want[:n-1] {
			return true
		}
	}
	vowel := func(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }
	return n >= 5 && vowel(want[n-2]) && !vowel(want[n-1]) && !vowel(want[n-3]) && strings.HasPrefix(got, want[:n-2]+want[n-1:])
}

func commonBytes(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// sameMarks compares the letters of two words whose folded beginnings are the
// same: şen is not sen. Who writes without marks at all is understood, unless
// strict.
func sameMarks(want, got string, strict bool) bool {
	for want != "" && got != "" {
		w, n := utf8.DecodeRuneInString(want)
		g, m := utf8.DecodeRuneInString(got)
		want, got = want[n:], got[m:]
		w, g = small(w), small(g)
		if w == g {
			continue
		}
		if letter(w) != letter(g) {
			return true // from here on the endings differ
		}
		if strict || g >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// small is a letter in lower case, where all four i's are one.
func small(r rune) rune {
	switch r {
	case 'I', 'İ', 'ı':
		return 'i'
	}
	return unicode.ToLower(r)
}

// letter is a letter without its mark.
func letter(r rune) string { return text.Fold(string(r)) }

// unspacedRune tells characters of scripts that are searched without words.
func unspacedRune(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) || r == 'ー'
}

// insideKatakana tells whether s[from:to] begins or ends inside a word of
// katakana: ダメ is not in ダメージ.
func insideKatakana(s string, from, to int) bool {
	first, _ := utf8.DecodeRuneInString(s[from:])
	before, _ := utf8.DecodeLastRuneInString(s[:from])
	last, _ := utf8.DecodeLastRuneInString(s[:to])
	after, _ := utf8.DecodeRuneInString(s[to:])
	return katakana(first) && katakana(before) || katakana(last) && katakana(after)
}

func katakana(r rune) bool { return r >= 'ァ' && r <= 'ヺ' || r == 'ー' }

// sameSpelling tells whether the shop's word is written as it should be; a
// small first letter may be a capital one where a sentence begins.
func sameSpelling(written, want, s string, at int) bool {
	if written == want || strings.ContainsFunc(want, unspacedRune) {
		return true
	}
	first, n := utf8.DecodeRuneInString(want)
	got, m := utf8.DecodeRuneInString(written)
	return unicode.IsLower(first) && small(first) == small(got) && want[n:] == written[m:] && beginsSentence(s[:at])
}

func beginsSentence(before string) bool {
	before = strings.TrimRight(before, " \t\"“”«»(")
	last, _ := utf8.DecodeLastRuneInString(before)
	return before == "" || strings.ContainsRune(".!?…\n\r:", last)
}

// likeIt is what takes the place of a word, with a capital where that had one.
func likeIt(language, written, instead string) string {
	first, _ := utf8.DecodeRuneInString(written)
	next, n := utf8.DecodeRuneInString(instead)
	if !unicode.IsUpper(first) || !unicode.IsLower(next) {
		return instead
	}
	return string(capital(language, next)) + instead[n:]
}

func capital(language string, r rune) rune {
	if language == "tr" && r == 'i' {
		return 'İ'
	}
	return unicode.ToUpper(r)
}
