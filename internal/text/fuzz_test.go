package text

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzQuery(f *testing.F) {
	for _, s := range append(pieces, corpus...) {
		f.Add(s)
	}
	f.Add(`a* OR b AND NOT (c) "d" NEAR(e f, 3) ^g +h :i {j k}: l -m 'n'' \o`)
	all := searchers(f)
	doc := shop.Index(corpus...)
	for _, s := range all {
		s.add(f, 1, doc)
	}
	f.Fuzz(func(t *testing.T, q string) {
		e := typing(q)
		if e.Empty() {
			return
		}
		if n := len(e.all); n > MaxQueryWords {
			t.Fatalf("%d words", n)
		}
		for _, s := range all {
			s.find(t, e)
		}
	})
}

func FuzzIndex(f *testing.F) {
	for _, s := range append(pieces, corpus...) {
		f.Add(s)
	}
	f.Add(strings.Repeat("x", 100) + " " + strings.Repeat("ж", 100) + "@" + strings.Repeat("y.", 40) + "com")
	f.Fuzz(func(t *testing.T, s string) {
		check(t, shop.Index(s))
		Preview(s, 80)
		NormalizeSubject(s)
		EmailFold(s)
		shop.Snippet(s, typing("order"), 80)
	})
}

// check verifies what every document's terms keep.
func check(t *testing.T, terms Terms) {
	t.Helper()
	list := terms.List()
	if len(list) != terms.Len() || len(list) > MaxTerms {
		t.Fatalf("%d terms, said to be %d", len(list), terms.Len())
	}
	for _, w := range list {
		if w == "" || utf8.RuneCountInString(w) > MaxTermRunes+1 { // and the mark of a stem
			t.Fatalf("term %q of %d characters", w, utf8.RuneCountInString(w))
		}
		for _, r := range w {
			if !isTokenRune(r) && r != stemMark && r != joinMark {
				t.Fatalf("term %q holds %U, which unicode61 may not keep", w, r)
			}
		}
	}
}

func TestDocumentsAreBounded(t *testing.T) {
	t.Parallel()
	var distinct strings.Builder
	for i := range 60_000 {
		distinct.WriteString(strings.Repeat("жя", i%40+1) + string(rune('а'+i%32)) + string(rune('а'+i/32%32)) + " ")
	}
	for name, s := range map[string]string{
		"one long word":     strings.Repeat("a", 3<<20),
		"words":             strings.Repeat("boxes ", 500_000),
		"distinct words":    distinct.String(),
		"a run":             strings.Repeat("返品送料", 200_000),
		"signs":             strings.Repeat("a-", 500_000),
		"an endless mail":   strings.Repeat("a@b.", 300_000) + "com",
		"digits":            strings.Repeat("12 ", 500_000),
		"marks":             "a" + strings.Repeat("\u0301", 300_000),
		"encoded letters":   strings.Repeat("ि", 300_000),
		"expanding letters": strings.Repeat("ﷺ", 200_000),
		"invalid":           strings.Repeat("\xff\xc3", 300_000),
		"apostrophes":       "a" + strings.Repeat("'", 1<<20) + "b",
	} {
		terms := shop.Index(s, s)
		check(t, terms)
		if n := len(terms.FTS5()); n > 1<<20 {
			t.Errorf("%s: %d bytes of terms", name, n)
		}
		for _, db := range searchers(t) {
			db.add(t, 1, terms)
		}
		shop.Snippet(s, typing("boxes a 返品"), 80)
		typing(s)
		Preview(s, 80)
		NormalizeSubject(s)
		Detect(s)
	}
}
