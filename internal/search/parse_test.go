package search_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/search"
)

func shown(q search.Query) string {
	var b strings.Builder
	for _, t := range q.Terms {
		minus := ""
		if t.Not {
			minus = "-"
		}
		fmt.Fprintf(&b, "[%s%s|%s]", minus, t.Op, t.Value)
	}
	return b.String() + strings.Join(strings.Fields(q.Words), " ")
}

func TestAQueryIsTakenApart(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"":                        "",
		"parcel broken":           "parcel broken",
		"from:anna parcel":        "[from|anna]parcel",
		"parcel from:anna":        "[from|anna]parcel",
		"FROM:Anna":               "[from|Anna]",
		"-tag:vip":                "[-tag|vip]",
		"－tag:vip":                "[-tag|vip]",
		`tag:"black friday" lamp`: "[tag|black friday]lamp",
		`tag:"black friday`:       "[tag|black friday]",
		"tag:“black friday”":      "[tag|black friday]",
		"tag:„black friday“ x":    "[tag|black friday]x",
		"tag:「ブラック フライデー」返品":               "[tag|ブラック フライデー]返品",
		"ｆｒｏｍ：山田　返品":                       "[from|山田]返品",
		"before:今日":                        "[before|今日]",
		`after:"geçen hafta" kargo`:        "[after|geçen hafta]kargo",
		"is:open is:pending -is:unread":    "[is|open][is|pending][-is|unread]",
		"order:LL-10482":                   "[order|LL-10482]",
		`"from:anna" x`:                    `"from:anna" x`,
		`"see from:anna" tag:a`:            `[tag|a]"see from:anna"`,
		`5" from:anna`:                     `[from|anna]5"`,
		"12:30":                            "12:30",
		"Re: parcel":                       "Re: parcel",
		"https://shop.example/a?b":         "https://shop.example/a?b",
		"注文：12345":                         "注文：12345",
		"Сума:100":                         "Сума:100",
		"a:b":                              "a:b",
		"x from::b":                        "[from|:b]x",
		"std::string":                      "std::string",
		"-parcel - --":                     "-parcel - --",
		"from:a@b.example,c@d.example x":   "[from|a@b.example,c@d.example]x",
		"parcelfrom:anna or me@from.com:x": "!\"parcelfrom:\"",
		"sender:anna":                      "!\"sender:\"",
		"mailto:x@y.example":               "!\"mailto:\"",
		"-subject:x":                       "!\"subject:\"",
		"from:":                            "!\"from:\"",
		"from: anna":                       "!\"from:\"",
		`tag:""`:                           "!\"tag:\"",
		`tag:"  "`:                         "!\"tag:\"",
		"tag:" + strings.Repeat("я", 201):  "!\"tag:\"",
		strings.Repeat("tag:a ", 21):       "!20 operators",
	} {
		q, err := search.Parse(typed)
		if why, fails := strings.CutPrefix(want, "!"); fails {
			if !errs.Is(err, errs.Invalid) || !strings.Contains(errs.Sentence(err), why) && !strings.Contains(fmt.Sprint(errs.TextOf(err)), why) {
				t.Errorf("%q: %v, want a fault that names %s", typed, err, why)
			}
			continue
		}
		if got := shown(q); err != nil || got != want {
			t.Errorf("%q:\n got %s %v\nwant %s", typed, got, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"from:anna x", `-tag:"a b" 「`, "ｆｒｏｍ：山", "is:", `"`, "a:b:c", "\xff\xfe:x", "tag:„x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := search.Parse(s)
		if err != nil {
			if !errs.Is(err, errs.Invalid) {
				t.Fatal(err)
			}
			return
		}
		if len(q.Terms) > search.MaxTerms || len(q.Words) > len(s) {
			t.Fatalf("%q gives %d terms and %d bytes of words", s, len(q.Terms), len(q.Words))
		}
		for _, term := range q.Terms {
			if term.Value == "" || utf8.RuneCountInString(term.Value) > 200 {
				t.Fatalf("%q has the value %q", s, term.Value)
			}
		}
	})
}
