package tone

import (
	"slices"
	"strings"
	"unicode"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// unspaced are languages whose words are not parted by spaces.
var unspaced = []string{"ja", "zh", "th", "lo", "km", "my"}

func (c *check) length(rule int, r *Rule) {
	characters := slices.Contains(unspaced, c.language)
	for _, p := range c.sentences {
		s := c.text[p.Start:p.End] // with its links
		switch {
		case characters && r.MaxCharacters > 0:
			if n := countCharacters(s); n > r.MaxCharacters {
				c.add(Finding{Rule: rule, Span: p.Span, Why: errs.Say("This sentence has %d characters. Up to %d are easy to read.", n, r.MaxCharacters)})
			}
		case !characters && r.MaxWords > 0:
			if n := countWords(s); n > r.MaxWords {
				c.add(Finding{Rule: rule, Span: p.Span, Why: errs.Say("This sentence has %d words. Up to %d are easy to read.", n, r.MaxWords)})
			}
		}
	}
}

func countWords(s string) (n int) {
	for word := range strings.FieldsSeq(s) {
		if strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
			n++
		}
	}
	return n
}

func countCharacters(s string) (n int) {
	for _, r := range s {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}
