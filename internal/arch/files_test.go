package arch

import (
	"go/ast"
	"go/token"
	"regexp"
	"strings"
	"testing"
)

// knowHTTP are the folders that may speak HTTP in any file.
var knowHTTP = []string{
	"cmd", "internal/app", "internal/bench", "internal/demo", "internal/doctor",
	"internal/platform/web", "internal/platform/realtime", "internal/platform/httpc", "web",
}

func TestHTTPIsSpokenInHTTPFiles(t *testing.T) {
	t.Parallel()
	for _, s := range program(t) {
		if strings.HasPrefix(s.base, "http") || within(s.dir, knowHTTP) {
			continue
		}
		if s.uses("net/http") {
			t.Errorf("%s imports net/http: requests and responses belong in a file http*.go", s.path)
		}
	}
}

func TestSQLIsWrittenInStoreFiles(t *testing.T) {
	t.Parallel()
	for _, s := range program(t) {
		if storeFile(s.base) || within(s.dir, []string{"internal/platform", "migrations"}) {
			continue
		}
		s.literals(func(at token.Pos, text string) {
			if looksLikeSQL(text) {
				t.Errorf("%s holds SQL: it belongs in a file store*.go", line(at))
			}
		})
		for _, name := range []string{"NewSelect", "NewInsert", "NewUpdate", "NewDelete", "NewRaw"} {
			ast.Inspect(s.ast, func(n ast.Node) bool {
				if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Name == name {
					t.Errorf("%s builds a query: it belongs in a file store*.go", line(sel.Pos()))
				}
				return true
			})
		}
	}
}

// storeFile: store.go, store_list.go, tag_store.go.
func storeFile(base string) bool {
	return strings.HasPrefix(base, "store") || strings.HasSuffix(base, "_store.go")
}

var sqlText = []*regexp.Regexp{
	regexp.MustCompile(`(?s)^\s*SELECT\s.*\bFROM\s`),
	regexp.MustCompile(`\bINSERT\s+(OR\s+\w+\s+)?INTO\s`),
	regexp.MustCompile(`\bUPDATE\s+\w+\s+(\w+\s+)?SET\s`),
	regexp.MustCompile(`\bDELETE\s+FROM\s`),
	regexp.MustCompile(`(?s)^\s*WITH\s+\w+.*\sAS\s*\(`),
	regexp.MustCompile(`\b(CREATE|DROP|ALTER)\s+(TABLE|INDEX|UNIQUE INDEX|VIEW)\s`),
	regexp.MustCompile(`\b(ORDER|GROUP)\s+BY\s`),
	regexp.MustCompile(`\b(LEFT|INNER)\s+JOIN\s`),
	regexp.MustCompile(`(?s)\bWHERE\s.*([=?]|\bIN\b)`),
}

func looksLikeSQL(text string) bool {
	for _, r := range sqlText {
		if r.MatchString(text) {
			return true
		}
	}
	return false
}

func TestSQLIsRecognised(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"SELECT id FROM tag":                   true,
		"\n\tUPDATE tag SET name = ?":          true,
		"DELETE FROM tag WHERE id = ?":         true,
		" ORDER BY id DESC":                    true,
		" WHERE inbox_id IN (":                 true,
		"Select one of the inboxes from here.": false,
		"Where is it?":                         false,
		"This conversation was updated.":       false,
		"WITH A FOLDER OF ITS OWN":             false,
	} {
		if looksLikeSQL(text) != want {
			t.Errorf("%q: recognised should be %v", text, want)
		}
	}
}

// within says whether a folder is one of these or lies in one.
func within(dir string, folders []string) bool {
	for _, f := range folders {
		if dir == f || strings.HasPrefix(dir, f+"/") {
			return true
		}
	}
	return false
}

// In the domains time is an argument or Now, so that tests can set the clock.
func TestDomainsDoNotReadTheClock(t *testing.T) {
	t.Parallel()
	for _, s := range program(t) {
		if _, l := place(s.dir); l != core && l != reactor && l != reader {
			continue
		}
		s.calls("time", "Now", func(at token.Pos) {
			t.Errorf("%s calls time.Now: take the time as an argument or from Now", line(at))
		})
	}
}

func TestTestsDoNotSleep(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		// In a synctest bubble sleeping costs nothing and is exact.
		if !s.test || s.uses("testing/synctest") {
			continue
		}
		s.calls("time", "Sleep", func(at token.Pos) {
			t.Errorf("%s sleeps: wait for a signal, use testing/synctest, or call the loop's runOnce", line(at))
		})
	}
}

// maxLines is far above the usual: a file that long has more than one subject.
const maxLines = 600

func TestFilesStayReadable(t *testing.T) {
	t.Parallel()
	for _, s := range program(t) {
		if s.lines > maxLines && !ast.IsGenerated(s.ast) {
			t.Errorf("%s has %d lines, more than %d: split it by subject", s.path, s.lines, maxLines)
		}
	}
}
