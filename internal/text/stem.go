package text

import (
	"sync/atomic"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/arabic"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/hungarian"
	"github.com/blevesearch/snowballstem/irish"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/norwegian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/romanian"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/swedish"
)

const (
	minStemmed = 3 // bytes of a word that is stemmed
	maxStemmed = 80
)

// stemmer makes stems for the words of one script.
type stemmer struct {
	script uint8
	marked bool // expects letters with their marks; the others work on folded words
	stem   func(word string) string
}

var stemmers = map[string]stemmer{
	"ar": {hasArabic, false, snowball(arabic.Stem)},
	"da": {hasLatin, true, snowball(danish.Stem)},
	"de": {hasLatin, true, snowball(german.Stem)},
	"en": {hasLatin, false, snowball(english.Stem)},
	"es": {hasLatin, true, snowball(spanish.Stem)},
	"fi": {hasLatin, true, snowball(finnish.Stem)},
	"fr": {hasLatin, true, snowball(french.Stem)},
	"ga": {hasLatin, true, snowball(irish.Stem)},
	"hu": {hasLatin, true, snowball(hungarian.Stem)},
	"it": {hasLatin, true, snowball(italian.Stem)},
	"nb": {hasLatin, true, snowball(norwegian.Stem)},
	"nl": {hasLatin, true, snowball(dutch.Stem)},
	"no": {hasLatin, true, snowball(norwegian.Stem)},
	"pt": {hasLatin, true, snowball(portuguese.Stem)},
	"ro": {hasLatin, true, snowball(romanian.Stem)},
	"ru": {hasCyrillic, false, snowball(russian.Stem)},
	"sv": {hasLatin, true, snowball(swedish.Stem)},
	"tr": {hasLatin, false, stemTurkish},
	"uk": {hasCyrillic, false, stemUkrainian},
}

func snowball(stem func(*snowballstem.Env) bool) func(string) string {
	return func(word string) string {
		env := snowballstem.NewEnv(word)
		stem(env)
		return env.Current()
	}
}

// stem adds the stems of a folded word as extras.
func (x *indexer) stem(word []byte, t token) {
	if len(word) < minStemmed || len(word) > maxStemmed {
		return
	}
	for _, s := range x.stemsOf(word, t).marked {
		x.extra(s, t.start, t.end)
	}
}

func (x *indexer) stemsOf(word []byte, t token) *stems {
	key := word
	if x.a.marked && t.flags&nonASCII != 0 && t.flags&hasLatin != 0 {
		x.mark = appendMarked(x.mark[:0], x.s[t.start:t.end])
		key = x.mark
	}
	return x.a.stems(key, word, t.flags)
}

// stems are those of one word that differ from the folded word, as they are
// stored and as they would be if they were words.
type stems struct {
	key    string
	folded string
	marked [][]byte
	plain  []string
}

// stems looks the stems of a word up or makes them. The key is the folded word
// or, for stemmers that want them, the word with its marks.
func (a *Analyzer) stems(key, folded []byte, flags uint8) *stems {
	slot := a.cache.slot(key)
	if s := slot.Load(); s != nil && s.key == string(key) && s.folded == string(folded) {
		return s
	}
	s := &stems{key: string(key), folded: string(folded)}
	for _, st := range a.stemmers {
		if flags&(hasLatin|hasCyrillic|hasArabic|hasOther|hasDigit) != st.script {
			continue
		}
		word := s.folded
		if st.marked {
			word = s.key
		}
		s.keep(st.try(word))
	}
	slot.Store(s)
	return s
}

func (s *stems) keep(stem string) {
	b := make([]byte, 0, len(stem)+2)
	for _, r := range stem {
		if r < utf8.RuneSelf {
			b = append(b, byte(r))
			continue
		}
		b, _ = appendFolded(b, r, MaxTermRunes)
	}
	plain := string(b)
	if plain == "" || plain == s.folded {
		return
	}
	for _, p := range s.plain {
		if p == plain {
			return
		}
	}
	s.plain = append(s.plain, plain)
	s.marked = append(s.marked, utf8.AppendRune(b, stemMark))
}

// try makes a stem; a stemmer that stumbles over a word leaves it as it is.
func (st stemmer) try(word string) (stem string) {
	defer func() {
		if recover() != nil {
			stem = word
		}
	}()
	return st.stem(word)
}

// appendMarked is the word in lower case with its marks.
func appendMarked(dst []byte, s string) []byte {
	for _, r := range s {
		switch classOf(r) {
		case wordRune:
			if r == 'I' || r == 'İ' || r == 'ı' {
				r = 'i'
			}
			dst = utf8.AppendRune(dst, lower(r))
		}
	}
	return dst
}

const cacheSize = 1 << 14

// stemCache remembers one word per slot: the words of a shop repeat.
type stemCache struct {
	slots [cacheSize]atomic.Pointer[stems]
}

func (c *stemCache) slot(key []byte) *atomic.Pointer[stems] {
	return &c.slots[hash(key)>>8%cacheSize]
}
