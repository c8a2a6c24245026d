package arch

import (
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// writesAnywhere are packages that fill a new database wholesale, at a speed
// that no service has; nothing of a living installation passes through them.
var writesAnywhere = []string{"internal/bench", "internal/demo"}

// tableList is the paragraph "Tables: a, b" of a package comment.
func tableList(doc string) []string {
	_, rest, found := strings.Cut("\n"+doc, "\nTables:")
	if !found {
		return nil
	}
	rest, _, _ = strings.Cut(rest, "\n\n")
	var names []string
	for _, part := range strings.Split(rest, ",") {
		words := strings.Fields(strings.Trim(part, " .\n"))
		if len(words) > 0 && words[0] != "none" {
			names = append(names, strings.Trim(words[0], ".;"))
		}
	}
	return names
}

// owners are the packages by table, from their comments.
func owners(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for dir, doc := range docs(t) {
		for _, table := range tableList(doc) {
			if other := out[table]; other != "" {
				t.Errorf("the table %s has two owners: %s and %s", table, other, dir)
			}
			out[table] = dir
		}
	}
	return out
}

var writes = regexp.MustCompile(
	`\b(?:INSERT\s+(?:OR\s+[A-Z]+\s+)?INTO\s+([a-z_]+)` +
		`|DELETE\s+FROM\s+([a-z_]+)` +
		`|UPDATE\s+([a-z_]+)\s+(?:(?:AS\s+)?[a-z_]+\s+)?SET\b)`)

// written are the tables that an SQL text changes.
func written(sql string) []string {
	var tables []string
	for _, m := range writes.FindAllStringSubmatch(sql, -1) {
		tables = append(tables, m[1]+m[2]+m[3])
	}
	return tables
}

func TestTablesAreWrittenByTheirOwner(t *testing.T) {
	t.Parallel()
	owner := owners(t)
	for _, s := range program(t) {
		if within(s.dir, writesAnywhere) {
			continue
		}
		s.literals(func(at token.Pos, text string) {
			for _, table := range written(text) {
				switch owner[table] {
				case s.dir:
				case "":
					t.Errorf("%s writes %s, which no package owns: name it in a line \"Tables:\" of doc.go", line(at), table)
				default:
					t.Errorf("%s writes %s, which belongs to %s", line(at), table, owner[table])
				}
			}
		})
	}
}

var creates = regexp.MustCompile(`(?i)CREATE\s+(?:VIRTUAL\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?([a-z_]+)`)

// migrated are the tables that the migrations create.
func migrated(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob(rootDir + "/migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	var tables []string
	for _, file := range found {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range creates.FindAllStringSubmatch(string(text), -1) {
			if !slices.Contains(tables, m[1]) {
				tables = append(tables, m[1])
			}
		}
	}
	return tables
}

func TestOwnedTablesExist(t *testing.T) {
	t.Parallel()
	tables := migrated(t)
	for table, dir := range owners(t) {
		if !slices.Contains(tables, table) && table != "goose_db_version" {
			t.Errorf("%s owns the table %s, which no migration creates", dir, table)
		}
	}
}

func TestEveryTableHasAnOwner(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(rootDir + "/internal/app"); err != nil {
		t.Skip("there is no program yet that would use every table")
	}
	owner := owners(t)
	for _, table := range migrated(t) {
		if owner[table] == "" {
			t.Errorf("no package owns the table %s: name it in a line \"Tables:\" of doc.go", table)
		}
	}
}

func TestWrittenTablesAreFound(t *testing.T) {
	t.Parallel()
	sql := `WITH x AS (DELETE FROM job WHERE id = ? RETURNING id)
		INSERT INTO ledger (id) SELECT id FROM x ON CONFLICT (id) DO UPDATE SET n = 1;
		INSERT OR IGNORE INTO tag (name) VALUES (?);
		UPDATE message SET a = 1; UPDATE draft AS d SET a = 1;
		SELECT 1 FROM event FOR UPDATE SKIP LOCKED`
	got := strings.Join(written(sql), " ")
	if want := "job ledger tag message draft"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestTableListIsReadToTheEndOfItsParagraph(t *testing.T) {
	t.Parallel()
	doc := "Package a is b.\n\nTables: one, two (of them),\nthree\n\nEvents: four, five\n"
	got := strings.Join(tableList(doc), " ")
	if want := "one two three"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := tableList("Package a.\n\nTables: none.\n"); len(got) != 0 {
		t.Errorf("none is %v", got)
	}
}
