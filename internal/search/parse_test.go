package search_test

import (
	"encoding/json"
	"fmt"
	"os"
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

// TestAQueryIsTakenApart reads a table that the console's own parser is tested with, too.
func TestAQueryIsTakenApart(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("testdata/queries.json")
	if err != nil {
		t.Fatal(err)
	}
	var table map[string]string
	if err := json.Unmarshal(b, &table); err != nil {
		t.Fatal(err)
	}
	for typed, want := range table {
		q, err := search.Parse(typed)
		if got := shown(q); err != nil || got != want {
			t.Errorf("%q:\n got %s %v\nwant %s", typed, got, err, want)
		}
	}
}

func TestWhatIsNoOperatorIsNamed(t *testing.T) {
	t.Parallel()
	for typed, why := range map[string]string{
		"parcelfrom:anna or me@from.com:x": "\"parcelfrom:\"",
		"sender:anna":                      "\"sender:\"",
		"mailto:x@y.example":               "\"mailto:\"",
		"-subject:x":                       "\"subject:\"",
		"from:":                            "\"from:\"",
		"from: anna":                       "\"from:\"",
		`tag:""`:                           "\"tag:\"",
		`tag:"  "`:                         "\"tag:\"",
		"tag:" + strings.Repeat("я", 201):  "\"tag:\"",
		strings.Repeat("tag:a ", 21):       "20 operators",
	} {
		if _, err := search.Parse(typed); !errs.Is(err, errs.Invalid) || !strings.Contains(faults(err), why) {
			t.Errorf("%q: %v, want a fault that names %s", typed, err, why)
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
