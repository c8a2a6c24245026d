package tone

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/deskbell/deskbell/internal/text"
)

// Guide is the rules of a shop, ready to check texts.
type Guide struct {
	rules []Rule
	mu    sync.Mutex
	known map[string]*vocabulary // by language
}

// NewGuide makes a guide of rules.
func NewGuide(rules []Rule) *Guide {
	return &Guide{rules: slices.Clone(rules), known: map[string]*vocabulary{}}
}

// maxVocabularies bounds the languages that are kept ready.
const maxVocabularies = 24

// vocabulary is what the rules look for in one language.
func (g *Guide) vocabulary(language string) *vocabulary {
	g.mu.Lock()
	defer g.mu.Unlock()
	v := g.known[language]
	if v == nil {
		if v = newVocabulary(language, g.rules); len(g.known) < maxVocabularies {
			g.known[language] = v
		}
	}
	return v
}

// check is one text being checked.
type check struct {
	text      string // as it was written
	plain     string // the same, without links and variables
	language  string
	angry     bool
	sentences []sentence
	found     []Finding
	of        map[int]int // findings by rule
	left      int         // of the budget
	applies   func(rule int) bool
	cut       bool
}

// Check reads a text by the rules that apply to it. Findings come in the order
// of the text, what is missing last.
func (g *Guide) Check(in Input) Result {
	c := &check{text: clip(in.Text), of: map[int]int{}, left: budget}
	c.cut = len(c.text) < len(in.Text)
	c.plain = masked(c.text)
	c.sentences = sentences(c.plain)
	c.language = languageOf(in, c.sentences, c.plain)
	c.angry = text.Angry(in.Customer)
	if c.applies = in.Applies; c.applies == nil {
		c.applies = func(int) bool { return true }
	}
	for i := range g.rules {
		r := &g.rules[i]
		if !r.In(c.language) || !c.applies(i) {
			continue
		}
		switch r.Kind {
		case Address:
			c.address(i, r.Form)
		case Length:
			c.length(i, r)
		}
	}
	g.vocabulary(c.language).check(c, g.rules)
	slices.SortStableFunc(c.found, func(a, b Finding) int {
		switch {
		case a.Missing != b.Missing && b.Missing:
			return -1
		case a.Missing != b.Missing:
			return 1
		case a.Start != b.Start:
			return a.Start - b.Start
		}
		return b.End - a.End
	})
	if len(c.found) > MaxFindings {
		c.found, c.cut = c.found[:MaxFindings], true
	}
	return Result{Language: c.language, Angry: c.angry, Findings: c.found, Cut: c.cut || c.left <= 0}
}

// add keeps a finding, as long as its rule has not spoken often enough.
func (c *check) add(f Finding) {
	if c.of[f.Rule] >= perRule {
		c.cut = true
		return
	}
	c.of[f.Rule]++
	c.found = append(c.found, f)
}

// Certain enough to take a language from a text.
const sure = 0.5

// languageOf is the language that the writer writes in.
func languageOf(in Input, all []sentence, plain string) string {
	if in.Language != "" {
		return primary(in.Language)
	}
	var own strings.Builder
	for _, p := range all {
		if own.Len() > 4<<10 {
			break
		}
		own.WriteString(plain[p.Start:p.End])
		own.WriteByte(' ')
	}
	guess, certain := text.Detect(own.String())
	if certain >= sure {
		return guess
	}
	if in.Fallback != "" {
		return primary(in.Fallback)
	}
	if theirs, certain := text.Detect(in.Customer); certain >= sure {
		return theirs
	}
	return guess
}

// primary is the language of a tag: tr of tr-TR.
func primary(tag string) string {
	language, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return language
}

func clip(s string) string {
	if len(s) <= MaxText {
		return s
	}
	n := MaxText
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
