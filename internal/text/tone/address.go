package tone

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/text"
)

// address looks for the form of address that the shop does not use.
func (c *check) address(rule int, f Form) {
	judge := map[string]func(words []spoken, i int, f Form) (why errs.Text, instead string, n int){
		"en": addressEnglish, "tr": addressTurkish, "uk": addressUkrainian,
	}[c.language]
	for _, p := range c.sentences {
		if c.language == "ja" {
			c.addressJapanese(rule, f, p)
			continue
		}
		if judge == nil {
			return
		}
		words := spokenWords(c.plain[p.Start:p.End], p.Start)
		for i := 0; i < len(words); {
			why, instead, n := judge(words, i, f)
			if n > 0 {
				sp := text.Span{Start: words[i].Start, End: words[i+n-1].End}
				c.add(Finding{Rule: rule, Span: sp, Why: why, Instead: likeIt(c.language, c.text[sp.Start:sp.End], instead)})
			}
			i += max(n, 1)
		}
	}
}

// spoken is a word in small letters, with its marks and apostrophes.
type spoken struct {
	text.Span
	word    string
	written string
}

func spokenWords(s string, offset int) (out []spoken) {
	for start := 0; start < len(s); {
		r, n := utf8.DecodeRuneInString(s[start:])
		if !unicode.IsLetter(r) {
			start += n
			continue
		}
		end := start
		for end < len(s) {
			r, n := utf8.DecodeRuneInString(s[end:])
			if !unicode.IsLetter(r) && !unicode.IsMark(r) && !apostrophe(r) {
				break
			}
			end += n
		}
		written := strings.TrimRightFunc(s[start:end], apostrophe)
		out = append(out, spoken{text.Span{Start: offset + start, End: offset + start + len(written)}, lowered(written), written})
		start = end
	}
	return out
}

func apostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' }

// lowered is a word in small letters, where all i's and all apostrophes are one.
func lowered(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u0307': // what is left of a capital İ in some programs
			return -1
		case apostrophe(r):
			return '\''
		}
		return small(r)
	}, s)
}

func nextWord(words []spoken, i int) string {
	if i+1 < len(words) {
		return words[i+1].word
	}
	return ""
}
