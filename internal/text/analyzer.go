package text

import (
	"slices"
	"strings"
	"sync"
)

// AnalyzerVersion changes whenever the same text gives other terms than before,
// so that stored terms have to be made again.
const AnalyzerVersion = 1

// Bounds of what is indexed. A stored position of PostgreSQL ends at 16,383 and
// a tsvector at 1 MiB.
const (
	MaxTerms     = 20_000 // of one document
	MaxTermRunes = 64
	maxWords     = 16_000 // terms with a position
	maxExtras    = 3_900  // leaves room for scope words
	maxTermBytes = 512 << 10
)

// DefaultLanguages are stemmed when New is given none.
var DefaultLanguages = []string{"en", "ja", "tr", "uk"}

// Analyzer makes search terms. Its languages decide which stems a word gets;
// everything else is the same for all. It is safe for concurrent use.
type Analyzer struct {
	languages []string
	stemmers  []stemmer
	marked    bool // some stemmer wants Latin letters with their marks
	cache     stemCache
	pool      sync.Pool
}

// New makes an analyzer for the given languages (ISO 639-1). A language without
// a stemmer, such as ja, is accepted: its words are found as they are written.
func New(languages ...string) *Analyzer {
	if len(languages) == 0 {
		languages = DefaultLanguages
	}
	a := &Analyzer{}
	for _, l := range languages {
		l = strings.ToLower(strings.TrimSpace(l))
		if slices.Contains(a.languages, l) {
			continue
		}
		a.languages = append(a.languages, l)
		if st, ok := stemmers[l]; ok {
			a.stemmers = append(a.stemmers, st)
			a.marked = a.marked || st.marked
		}
	}
	a.pool.New = func() any { return &indexer{a: a} }
	return a
}

// Languages returns the languages given to New.
func (a *Analyzer) Languages() []string { return slices.Clone(a.languages) }

// Index returns the terms of a document whose texts (subject, body, names) are
// given one after the other. What goes beyond MaxTerms is not indexed.
func (a *Analyzer) Index(texts ...string) Terms {
	x := a.pool.Get().(*indexer)
	for _, s := range texts {
		x.scan(normalize(s))
	}
	t := Terms{words: string(x.words), extras: string(x.extras), nWords: x.nWords, nExtras: x.nExtras}
	x.reset()
	a.pool.Put(x)
	return t
}
