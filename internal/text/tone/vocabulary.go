package tone

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/text"
)

// vocabulary is all that the rules look for by words in one language.
type vocabulary struct {
	language string
	analyzer *text.Analyzer
	marks    bool                  // letters with and without marks are different ones
	words    map[string][]*pattern // by form and by stem of their first word
	prefixes []*pattern            // whose first word may end in any way
	runs     map[rune][]*pattern   // of scripts without spaces, by their first character
	needed   []needed
}

// pattern is one spelling that a rule looks for.
type pattern struct {
	rule    int
	need    int // its place among what is needed, -1 = it is to be found and told
	term    *Term
	correct bool // it is the shop's own word, which may only be written otherwise
	written string
	exact   bool
	open    bool // the last word may end in any way
	words   []text.Word
	sources []string
	run     string
}

// needed is what must be said.
type needed struct {
	rule int
	r    *Rule
}

// unmarked are languages in which words do not differ by the marks of their letters alone.
var unmarked = append([]string{"en", "uk", "ko"}, unspaced...)

func newVocabulary(language string, rules []Rule) *vocabulary {
	v := &vocabulary{language: language, words: map[string][]*pattern{}, runs: map[rune][]*pattern{}}
	v.analyzer, v.marks = text.New(language), !slices.Contains(unmarked, language)
	for i := range rules {
		r := &rules[i]
		if !r.In(language) {
			continue
		}
		switch r.Kind {
		case Avoid, Glossary:
			for t := range r.Terms {
				v.term(i, r.Kind, &r.Terms[t])
			}
		case Phrase:
			for _, p := range r.Phrases {
				v.add(&pattern{rule: i, need: len(v.needed)}, p)
			}
			v.needed = append(v.needed, needed{i, r})
		}
	}
	return v
}

func (v *vocabulary) term(rule int, k Kind, t *Term) {
	for _, w := range t.Words {
		v.add(&pattern{rule: rule, need: -1, term: t}, w)
	}
	if k == Glossary {
		v.add(&pattern{rule: rule, need: -1, term: t, correct: true, exact: true}, t.Instead)
	}
}

// add reads a spelling and puts the pattern where its first word leads to it.
func (v *vocabulary) add(p *pattern, written string) {
	written = strings.TrimSpace(written)
	if inner, ok := unquoted(written); ok && !p.correct {
		written, p.exact = inner, true
	}
	if begin, ok := strings.CutSuffix(written, "*"); ok && !p.correct {
		written, p.open = begin, true
	}
	p.written = written
	n := text.Normalize(written)
	if strings.ContainsFunc(n.Text, unspacedRune) {
		p.run = n.Text
		first, _ := utf8.DecodeRuneInString(n.Text)
		v.runs[first] = append(v.runs[first], p)
		return
	}
	p.words = v.analyzer.Words(written)
	if len(p.words) == 0 {
		return
	}
	for _, w := range p.words {
		p.sources = append(p.sources, written[w.Start:w.End])
	}
	first := p.words[0]
	switch {
	case p.open && len(p.words) == 1:
		v.prefixes = append(v.prefixes, p)
	case p.exact || first.Stem == first.Form:
		v.words[first.Form] = append(v.words[first.Form], p)
	default:
		v.words[first.Form] = append(v.words[first.Form], p)
		v.words[first.Stem] = append(v.words[first.Stem], p)
	}
}

func unquoted(s string) (string, bool) {
	for _, q := range [][2]string{{`"`, `"`}, {"“", "”"}, {"„", "“"}, {"«", "»"}, {"「", "」"}} {
		if inner, ok := strings.CutPrefix(s, q[0]); ok {
			if inner, ok = strings.CutSuffix(inner, q[1]); ok && inner != "" {
				return inner, true
			}
		}
	}
	return s, false
}

// check looks through the sentences of a text and says what is missing.
func (v *vocabulary) check(c *check, rules []Rule) {
	said := make([]bool, len(v.needed))
	if len(v.words)+len(v.prefixes)+len(v.runs) > 0 {
		strict := v.language == "tr" && strings.ContainsAny(c.plain, "şğıçöüŞĞİÇÖÜ")
		for _, p := range c.sentences {
			v.sentence(c, p.Span, said, strict)
		}
	}
	for i, n := range v.needed {
		if !said[i] && c.applies(n.rule) && (n.r.When != Angry || c.angry) && len(c.sentences) > 0 {
			c.add(Finding{Rule: n.rule, Missing: true, Why: whyNeeded(n.r, c.language), Instead: example(n.r.Examples, c.language)})
		}
	}
}

// example is the one in the language of the text.
func example(all []string, language string) string {
	for _, one := range all {
		if guess, certain := text.Detect(one); guess == language && certain >= sure {
			return one
		}
	}
	if len(all) == 1 {
		return all[0]
	}
	return ""
}

func whyNeeded(r *Rule, language string) errs.Text {
	list := strings.TrimRight(example(r.Examples, language), ".。!！ ")
	if list == "" {
		list = strings.Join(r.Phrases[:min(3, len(r.Phrases))], ", ")
	}
	if r.When == Angry {
		return errs.Say("The customer sounds angry. Then something like this belongs into the reply: %s.", list)
	}
	return errs.Say("Something like this belongs into every reply: %s.", list)
}

func (v *vocabulary) sentence(c *check, where text.Span, said []bool, strict bool) {
	s := c.plain[where.Start:where.End]
	if len(v.words)+len(v.prefixes) > 0 {
		words := v.analyzer.Words(s)
		told := 0 // the words of a match are not matched again, but may be what must be said
		for i := range words {
			if p, end, same := v.at(c, s, words[i:], said, strict); p != nil && i >= told {
				told = i + len(p.words)
				v.tell(c, p, text.Span{Start: where.Start + words[i].Start, End: where.Start + end}, same)
			}
		}
	}
	if len(v.runs) > 0 {
		v.running(c, s, where.Start, said)
	}
}

// at looks for the patterns that begin with the first of the words and returns
// the longest, with its end, unless it is one of those that are needed.
func (v *vocabulary) at(c *check, s string, words []text.Word, said []bool, strict bool) (best *pattern, end int, exact bool) {
	w := words[0]
	lists := [][]*pattern{v.words[w.Form], v.prefixes, nil}
	if w.Stem != w.Form {
		lists[2] = v.words[w.Stem]
	}
	for _, list := range lists {
		for _, p := range list {
			if c.left--; c.left <= 0 {
				return best, end, exact
			}
			same, ok := v.matches(p, s, words, strict)
			if !ok || !c.applies(p.rule) {
				continue
			}
			if p.need >= 0 {
				said[p.need] = true
				continue
			}
			last := words[len(p.words)-1].End
			if best == nil || last > end || last == end && same && !exact {
				best, exact, end = p, same, last
			}
		}
	}
	return best, end, exact
}

// matches tells whether a pattern stands at the beginning of the words, and
// whether it does so in the very form in which it was given.
func (v *vocabulary) matches(p *pattern, s string, words []text.Word, strict bool) (same, ok bool) {
	if len(words) < len(p.words) {
		return false, false
	}
	same = !p.open
	for i, want := range p.words {
		got := words[i]
		last := i == len(p.words)-1
		written := s[got.Start:got.End]
		switch {
		case got.Form == want.Form:
		case p.open && last && strings.HasPrefix(got.Form, want.Form):
		case !p.exact && !p.open && inflected(v.language, want, got):
			same = false
		default:
			return false, false
		}
		if v.marks && !sameMarks(p.sources[i], written, strict) {
			return false, false
		}
	}
	return same, true
}

// running looks for patterns of scripts without spaces.
func (v *vocabulary) running(c *check, s string, offset int, said []bool) {
	n := text.Normalize(s)
	after := 0 // what is behind a match is not matched again
	for i, r := range n.Text {
		var best *pattern
		for _, p := range v.runs[r] {
			if c.left--; c.left <= 0 {
				return
			}
			if !strings.HasPrefix(n.Text[i:], p.run) || insideKatakana(n.Text, i, i+len(p.run)) || !c.applies(p.rule) {
				continue
			}
			if p.need >= 0 {
				said[p.need] = true
			} else if i >= after && (best == nil || len(p.run) > len(best.run)) {
				best = p
			}
		}
		if best != nil {
			after = i + len(best.run)
			sp := n.Source(i, after)
			v.tell(c, best, text.Span{Start: offset + sp.Start, End: offset + sp.End}, true)
		}
	}
}

// tell makes a finding of a match; same says that it stands there in the form
// in which it was given, so that another word can take its place as it is.
func (v *vocabulary) tell(c *check, p *pattern, at text.Span, same bool) {
	written := c.text[at.Start:at.End]
	f := Finding{Rule: p.rule, Span: at}
	switch {
	case p.correct:
		if sameSpelling(written, p.written, c.text, at.Start) {
			return
		}
		f.Why, f.Instead = errs.Say("The shop writes this as %s.", p.written), p.written
	case p.term.Instead == "":
		f.Why = errs.Say("The shop avoids “%s”.", p.written)
	default:
		f.Why = errs.Say("The shop avoids “%s” and says “%s”.", p.written, p.term.Instead)
		if same {
			f.Instead = likeIt(v.language, written, p.term.Instead)
		}
	}
	c.add(f)
}
