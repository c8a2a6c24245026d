package text

import "strings"

// ending is a suffix with what must stand before it.
type ending struct {
	suffix string
	left   int    // letters that must remain
	after  string // letters one of which must be the last that remains, "" for any
}

const (
	turkishVowels    = "aeiou"
	turkishVoiceless = "pctkfhs"
	turkishOthers    = "bcdfghjklmnprstvyz" // consonants
	notTurkish       = "qwx"
)

// turkishEndings of nouns in folded spelling, the longest first: plural, case,
// possessive, and the personal ending of the third person.
var turkishEndings = []ending{
	{"ndaki", 4, turkishVowels}, {"ndeki", 4, turkishVowels},
	{"ndan", 4, turkishVowels}, {"nden", 4, turkishVowels}, {"daki", 4, ""}, {"deki", 4, ""}, {"taki", 4, turkishVoiceless}, {"teki", 4, turkishVoiceless},
	{"imiz", 4, ""}, {"umuz", 4, ""}, {"iniz", 4, ""}, {"unuz", 4, ""},
	{"lar", 3, ""}, {"ler", 3, ""}, {"dan", 3, ""}, {"den", 3, ""}, {"tan", 4, turkishVoiceless}, {"ten", 4, turkishVoiceless},
	{"nda", 4, turkishVowels}, {"nde", 4, turkishVowels}, {"yla", 4, turkishVowels}, {"yle", 4, turkishVowels},
	{"nin", 4, turkishVowels}, {"nun", 4, turkishVowels}, {"miz", 4, turkishVowels}, {"muz", 4, turkishVowels}, {"niz", 4, turkishVowels}, {"nuz", 4, turkishVowels},
	{"dir", 4, ""}, {"dur", 4, ""}, {"tir", 4, turkishVoiceless}, {"tur", 4, turkishVoiceless},
	{"da", 4, ""}, {"de", 4, ""}, {"ta", 4, turkishVoiceless}, {"te", 4, turkishVoiceless}, {"la", 4, turkishOthers}, {"le", 4, turkishOthers},
	{"ya", 4, turkishVowels}, {"ye", 4, turkishVowels}, {"yi", 4, turkishVowels}, {"yu", 4, turkishVowels},
	{"ni", 4, turkishVowels}, {"nu", 4, turkishVowels}, {"na", 4, turkishVowels}, {"ne", 4, turkishVowels}, {"si", 3, turkishVowels}, {"su", 3, turkishVowels},
	{"in", 4, ""}, {"un", 4, ""}, {"im", 4, ""}, {"um", 4, ""},
	{"a", 3, turkishOthers}, {"e", 3, turkishOthers}, {"i", 3, turkishOthers}, {"u", 3, turkishOthers},
	{"m", 4, turkishVowels}, {"n", 4, turkishVowels}, {"s", 4, turkishVowels},
}

// stemTurkish takes a folded word, in which ı is i, ü is u and ş is s: many
// shoppers type Turkish without its letters, so that neither vowel harmony
// nor the difference of ş and s can be relied on. Endings are removed as long as
// there are any, those of the bare word included (adres loses the s that adresi
// loses with its ending): what matters is that all forms of a word end at the
// same place, not that the place is a word.
func stemTurkish(word string) string {
	if strings.ContainsAny(word, notTurkish) || !isASCII(word) {
		return word
	}
	stem := word
	for {
		next := withoutTurkishEnding(stem)
		if next == stem {
			return hardened(stem)
		}
		stem = next
	}
}

func withoutTurkishEnding(word string) string {
	for _, e := range turkishEndings {
		s, ok := strings.CutSuffix(word, e.suffix)
		if ok && len(s) >= e.left && (e.after == "" || strings.IndexByte(e.after, s[len(s)-1]) >= 0) {
			return s
		}
	}
	return word
}

// hardened undoes the softening of a last consonant: kitabı, kitap.
func hardened(stem string) string {
	n := len(stem) - 1
	switch stem[n] {
	case 'b':
		return stem[:n] + "p"
	case 'd':
		return stem[:n] + "t"
	case 'g':
		return stem[:n] + "k"
	}
	return stem
}
