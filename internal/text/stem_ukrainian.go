package text

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Endings of Ukrainian words in lower case, without apostrophes, the longest
// first. Those of nouns leave at least three letters, those of verbs, which
// often look like a part of a noun, four.
var ukrainianEndings = append(
	endings(minStem,
		"а у о и і е я ю є ї ь ам ям ах ях ами ями ом ем єм ою ею єю ів їв ові еві єві ей ій ії ію ією іям іях іями їм єю има",
		"ий ого ому им ім ої их ими іми",
	),
	endings(minStem+1,
		"ання анню анням аннях аннями ань ення енню енням еннях еннями ень іння інню інням інь яння янню янням янь",
		"ування уванню уванням увань ювання юванню уття уттю уттям",
		"іше іший іша ішого ені ена ено ений еного ену еною ених ані ана ано аний аного ану аною аних овано ований ована овані",
		"ив ав яв ув ала ало али ила ило или яла яло яли ула уло ули ити ати яти іти ути увати ував увала увало ували ювати ював ювала ювали",
		"ую уєш ує уємо уєте ують юю ює юють еш емо ете уть ють ить ать ять иш имо ите іть ймо йте аю аєш ає аємо аєте ають яю яє яють",
	)...,
)

func endings(left int, lists ...string) (out []ending) {
	for _, l := range lists {
		for _, e := range strings.Fields(l) {
			out = append(out, ending{suffix: e, left: left})
		}
	}
	return out
}

func init() {
	slices.SortStableFunc(ukrainianEndings, func(a, b ending) int { return len(b.suffix) - len(a.suffix) })
}

// minStem is the number of letters that must remain of a word.
const minStem = 3

// stemUkrainian removes the ending of a folded word and evens out the sounds
// that change with it: посилка, посилок and посилці have one stem. It is light:
// what matters is that the forms of a word meet, not that the stem is a word.
func stemUkrainian(word string) string {
	if utf8.RuneCountInString(word) <= minStem {
		return word
	}
	stem := word
	for _, reflexive := range []string{"ся", "сь"} {
		if s, ok := strings.CutSuffix(stem, reflexive); ok && utf8.RuneCountInString(s) >= minStem+1 {
			stem = s
			break
		}
	}
	for _, e := range ukrainianEndings {
		if s, ok := strings.CutSuffix(stem, e.suffix); ok && leavesStem(s, e) {
			if e.suffix == "ень" && strings.ContainsRune("бвкмпсч", lastRune(s)) {
				s += "н" // гривень, гривня
			}
			stem = s
			break
		}
	}
	return evenOut(stem)
}

func leavesStem(s string, e ending) bool {
	n := utf8.RuneCountInString(s)
	return n >= e.left || n == 2 && utf8.RuneCountInString(e.suffix) == 1 && !isVowel(lastRune(s))
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

func isVowel(r rune) bool {
	return strings.ContainsRune("аеиіоуєїюя", r)
}

// evenOut undoes the alternations at the end of a stem.
func evenOut(stem string) string {
	r := []rune(strings.TrimSuffix(stem, "ь"))
	n := len(r)
	if n > 0 && r[n-1] == 'ц' { // посилці, посилка
		r[n-1] = 'к'
	}
	if n >= 4 && (r[n-2] == 'о' || r[n-2] == 'е') && r[n-1] == 'к' && !isVowel(r[n-3]) { // посилок, покупець
		r = append(r[:n-2], 'к')
		n--
	}
	if n >= 4 && r[n-1] == 'л' && strings.ContainsRune("бвмпф", r[n-2]) { // замовлення, замовити
		r = r[:n-1]
		n--
	}
	switch { // closed syllables: вартість, вартості
	case n >= 3 && r[n-2] == 'і' && !isVowel(r[n-1]):
		r[n-2] = 'о'
	case n >= 4 && r[n-3] == 'і' && r[n-2] == 'с' && r[n-1] == 'т':
		r[n-3] = 'о'
	}
	return string(r)
}
