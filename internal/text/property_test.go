package text

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

var pieces = append(strings.Fields(strings.Join(corpus, " ")),
	"'", "’", "-", "İ", "ıI", "№", "™", "´", "ª", "º", "ŀ0093f", "\xff", "\x00", "e\u0301", "\u0301", "ー", "々", "が", "か\u3099", "ﷺ", "𠮷野家", "😀",
	"@", "a@b.co", "x-1", "+90", "1e5", "12.5", "\n", "　", "|", "&", "!", ":*", "AND", "NOT", "NEAR(", ")", "\"", "\\", "<->", "ẞ", "ǅ", "ᾳ", "𝔘𝔫𝔦", "①", "ⅷ")

// anyText is text of every kind, a third of it just any characters.
func anyText() *rapid.Generator[string] {
	joined := rapid.Custom(func(t *rapid.T) string {
		words := rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12).Draw(t, "words")
		return strings.Join(words, rapid.SampledFrom([]string{" ", "", ", ", "-", "\n"}).Draw(t, "sep"))
	})
	return rapid.OneOf(joined, joined, rapid.String())
}

// wordsOf splits a text by the definition of a word, without the scanner.
func wordsOf(s string) (out []string) {
	for _, f := range strings.FieldsFunc(normalize(s), func(r rune) bool { return classOf(r) == separator }) {
		run := ""
		var kind class
		for _, r := range f {
			c := classOf(r)
			if c != ignored && kind != separator && c != kind {
				out, run = append(out, run), ""
			}
			if c != ignored {
				kind = c
			}
			run += string(r)
		}
		out = append(out, run)
	}
	return out
}

func TestEveryWordOfADocumentFindsIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := anyText().Draw(t, "document")
		doc := shop.Index(s)
		for _, w := range wordsOf(s) {
			e := typed(w)
			if !e.Empty() && !e.Match(doc) {
				t.Fatalf("%q does not find %q: %s in %s", w, s, e.FTS5(), doc.FTS5())
			}
			if strings.ContainsRune(w, '\u0345') { // its capital is a letter
				continue
			}
			up := typed(strings.ToUpper(w))
			if !up.Empty() && !up.Match(doc) {
				t.Fatalf("%q in capitals does not find %q: %s in %s", w, s, up.FTS5(), doc.FTS5())
			}
		}
	})
}

func TestEveryBeginningOfAWordFindsItWhileTyping(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := anyText().Draw(t, "document")
		words := wordsOf(s)
		if len(words) == 0 {
			return
		}
		w := []rune(rapid.SampledFrom(words).Draw(t, "word"))
		w = w[:rapid.IntRange(1, len(w)).Draw(t, "letters")]
		e := typing(string(w))
		if paired := classOf(w[0]) == pairRune; len(w) < minPrefix && !paired || e.Empty() {
			return
		}
		if utf8.RuneCountInString(Fold(string(w))) < minPrefix && classOf(w[0]) != pairRune {
			return
		}
		if doc := shop.Index(s); !e.Match(doc) {
			t.Fatalf("%q does not find %q: %s in %s", string(w), s, e.FTS5(), doc.FTS5())
		}
	})
}

func TestEveryPartOfARunFindsIt(t *testing.T) {
	t.Parallel()
	run := rapid.StringOfN(rapid.RuneFrom([]rune("返品送料茶をはひらガギ々ー한국ไทย")), 1, 20, -1)
	rapid.Check(t, func(t *rapid.T) {
		s := []rune(run.Draw(t, "run"))
		from := rapid.IntRange(0, len(s)-1).Draw(t, "from")
		to := rapid.IntRange(from+1, len(s)).Draw(t, "to")
		doc := shop.Index("x " + string(s) + "。LL-1 " + string(s[:1]))
		if e := typed(string(s[from:to])); !e.Match(doc) {
			t.Fatalf("%q does not find %q: %s in %s", string(s[from:to]), string(s), e.FTS5(), doc.FTS5())
		}
	})
}

func TestDatabasesAgreeWithTheOracle(t *testing.T) {
	t.Parallel()
	all := searchers(t)
	delete(all, "to_tsquery") // takes terms apart, so that it may find more
	var docs []Terms
	for id, s := range corpus {
		docs = append(docs, shop.Index(s))
		for _, s := range all {
			s.add(t, id, docs[id])
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		q := anyText().Draw(t, "query")
		e := shop.Query(q, QueryOptions{Typing: rapid.Bool().Draw(t, "typing")})
		if e.Empty() {
			return
		}
		want := all["go"].find(nil, e)
		for name, s := range all {
			if got := s.find(nopTB{TB: nil, fail: t.Fatalf}, e); !equal(got, want) {
				t.Fatalf("%s finds %v, the oracle %v: %s", name, got, want, e.FTS5())
			}
		}
	})
}

// nopTB lets helpers for tests fail a rapid check.
type nopTB struct {
	testing.TB
	fail func(string, ...any)
}

func (n nopTB) Helper()                   {}
func (n nopTB) Fatal(a ...any)            { n.fail("%v", a) }
func (n nopTB) Fatalf(f string, a ...any) { n.fail(f, a...) }

func equal(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
