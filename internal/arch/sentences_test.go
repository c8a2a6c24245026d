package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/platform/words"
)

// makers are the functions of errs that take a sentence for a person, with the
// place of the sentence among their arguments.
var makers = map[string]int{"Say": 0, "New": 1, "Newf": 1, "Stale": 0, "InvalidField": 1, "InvalidFieldf": 1}

// onlyTyped are folders and files whose sentences are read where a command was
// typed, by whoever runs the program. They are English as its help is.
var onlyTyped = []string{
	"cmd", "scripts", "internal/bench", "internal/demo", "internal/platform/backup", "internal/platform/log",
	"internal/platform/blob/marker.go", "internal/platform/blob/store.go", "internal/platform/db/migrate.go",
	"internal/platform/secret/file.go", "internal/platform/secret/root.go", "internal/platform/secret/rotate.go", "internal/platform/secret/text.go",
	"internal/app/app.go", "internal/app/backup.go", "internal/app/certificate.go", "internal/app/config.go", "internal/app/hints.go", "internal/app/lifecycle.go", "internal/app/mail.go",
	"internal/conversation/import.go", "internal/platform/clamd/clamd.go", "internal/platform/realtime/nats.go",
}

// sentences are the formats of what the program says to people, with a place of each.
func sentences(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, s := range program(t) {
		if slices.ContainsFunc(onlyTyped, func(p string) bool { return related(s.path, p) }) {
			continue
		}
		eachSentence(s, func(at token.Pos, format string, written bool) {
			if !written {
				t.Errorf("%s: write the sentence out where it is made, as a string or a sum of strings, so that it can be translated", line(at))
				return
			}
			if _, seen := out[format]; !seen {
				out[format] = line(at)
			}
		})
	}
	return out
}

func eachSentence(s *source, do func(at token.Pos, format string, written bool)) {
	inErrs := s.dir == "internal/platform/errs"
	ast.Inspect(s.ast, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		name := ""
		switch f := call.Fun.(type) {
		case *ast.SelectorExpr:
			if x, ok := f.X.(*ast.Ident); ok && x.Name == "errs" {
				name = f.Sel.Name
			}
		case *ast.Ident:
			if inErrs {
				name = f.Name
			}
		}
		place, ok := makers[name]
		if !ok || len(call.Args) <= place {
			return true
		}
		format, written := constant(call.Args[place])
		if inErrs && !written {
			return true // the makers themselves
		}
		do(call.Pos(), format, written)
		return true
	})
}

// constant is the value of a string literal or of a sum of such.
func constant(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil
	case *ast.BinaryExpr:
		left, ok := constant(e.X)
		right, ok2 := constant(e.Y)
		return left + right, ok && ok2 && e.Op == token.ADD
	case *ast.ParenExpr:
		return constant(e.X)
	}
	return "", false
}

func TestEverySentenceForAPersonIsTranslated(t *testing.T) {
	t.Parallel()
	said := sentences(t)
	for _, locale := range words.Locales[1:] {
		catalog := catalogOf(t, locale)
		for _, format := range slices.Sorted(maps.Keys(said)) {
			if strings.TrimSpace(catalog[format]) == "" {
				t.Errorf("%s: web/locales/server/%s.json lacks %q", said[format], locale, format)
			}
		}
		for _, format := range slices.Sorted(maps.Keys(catalog)) {
			if _, ok := said[format]; !ok {
				t.Errorf("web/locales/server/%s.json: nobody says %q any more", locale, format)
			}
		}
	}
}

func TestTranslationsOfSentencesFit(t *testing.T) {
	t.Parallel()
	for _, locale := range words.Locales[1:] {
		for format, text := range catalogOf(t, locale) {
			for _, wrong := range misfits(locale, format, text) {
				t.Errorf("web/locales/server/%s.json: %q: %s", locale, format, wrong)
			}
		}
	}
}

// misfits says what is wrong with a translation.
func misfits(locale, format, text string) (wrong []string) {
	o, err := words.OutlineOf(text)
	if err != nil {
		return []string{err.Error()}
	}
	verbs := words.Verbs(format)
	if strings.Trim(verbs, "sdqv") != "" {
		wrong = append(wrong, "only %s, %d, %q and %v can be translated, not %"+strings.Trim(verbs, "sdqv"))
	}
	for i := range verbs {
		if !slices.Contains(o.Args, i) {
			wrong = append(wrong, "{"+strconv.Itoa(i)+"} is missing")
		}
	}
	if n := len(o.Args); n > 0 && o.Args[n-1] >= len(verbs) {
		wrong = append(wrong, "{"+strconv.Itoa(o.Args[n-1])+"} is no argument in English")
	}
	want := strings.Join(words.Categories[locale], "|")
	for _, p := range o.Plurals {
		if p != want {
			wrong = append(wrong, "a plural has "+p+", and the language has "+want)
		}
	}
	if strings.Contains(text, "%") && !strings.Contains(format, "%%") {
		wrong = append(wrong, "arguments are written {0}, {1}")
	}
	return wrong
}

// TestAStoredSentenceIsFoundAgain keeps two formats from being mistaken for one another.
func TestAStoredSentenceIsFoundAgain(t *testing.T) {
	t.Parallel()
	for format := range sentences(t) {
		english := sample(format)
		found, ok := words.Find(english)
		if !ok || found.Format != format {
			t.Errorf("%q is read as %q", english, found.Format)
		}
	}
}

var verb = regexp.MustCompile(`%[sdqv]`)

// sample fills a format in as the program does.
func sample(format string) string {
	return verb.ReplaceAllStringFunc(format, func(v string) string {
		return map[string]string{"%s": "mx.example.com", "%d": "7", "%q": `"anna \"x\" ö"`, "%v": "The disk is full. Nothing was changed; make room and try again."}[v]
	})
}

func catalogOf(t *testing.T, locale string) words.Catalog {
	t.Helper()
	c, err := words.Load(locale)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestMisfitsAreSeen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		format, text string
		fits         bool
	}{
		{"There is no agent %d.", "Агента {0} немає.", true},
		{"There is no agent %d.", "Такого агента немає.", false},
		{"There is no agent %d.", "Агента {1} немає: {0}.", false},
		{"There is no agent %d.", "Агента {0 немає.", false},
		{"There is no agent %d.", "Агента %d {0} немає.", false},
		{"%d files", "{0, plural, one {# файл} few {# файли} many {# файлів} other {# файлу}}", true},
		{"%d files", "{0, plural, one {# файл} other {# файлу}}", false},
		{"%.1f GiB", "{0}", false},
	} {
		if wrong := misfits("uk", c.format, c.text); (wrong == nil) != c.fits {
			t.Errorf("%s: %v", c.text, wrong)
		}
	}
}

func TestSentencesThatAreNotWrittenOutAreSeen(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string]string{`"a"`: "a", `"a" + "b"`: "ab", "`a`": "a", `x`: "", `"a" + x`: ""} {
		got, written := constant(parsed(t, expr))
		if got != want && written || written != (want != "") {
			t.Errorf("%s: %q %v", expr, got, written)
		}
	}
}

func parsed(t *testing.T, expr string) ast.Expr {
	t.Helper()
	e, err := parser.ParseExpr(expr)
	if err != nil {
		t.Fatal(err)
	}
	return e
}
