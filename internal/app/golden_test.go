package app_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/deskbell/deskbell/internal/app"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// newApp is the whole program on a fresh embedded database; it does not run.
func newApp(t *testing.T, edit ...func(*app.Config)) *app.App {
	t.Helper()
	cfg := app.Config{Data: t.TempDir(), Addr: "127.0.0.1:0", PublicURL: "http://desk.example", Version: "test", NoSync: true}
	for _, e := range edit {
		e(&cfg)
	}
	a, err := app.New(context.Background(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	return a
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s has changed; if you meant it, run make golden and look at the difference:\n%s", file, diff)
	}
}

func TestRoutesAndTheirPermissions(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	for _, r := range newApp(t).API.Routes() {
		fmt.Fprintf(&b, "%-7s %-50s %s\n", r.Method, r.Path, r.Permission)
	}
	golden(t, "testdata/routes.golden", b.Bytes())
}

func TestOpenAPI(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	newApp(t).API.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/api/v1/openapi.json", nil))
	var b bytes.Buffer
	if err := json.Indent(&b, w.Body.Bytes(), "", "  "); err != nil {
		t.Fatal(err)
	}
	b.WriteByte('\n')
	golden(t, "../../web/openapi.json", b.Bytes())
}

func TestEventsAndWhoReacts(t *testing.T) {
	t.Parallel()
	var lines []string
	for _, r := range newApp(t).Feed.Reactions {
		for _, on := range r.On {
			lines = append(lines, fmt.Sprintf("%-28s -> %s", on, r.Name))
		}
	}
	sort.Strings(lines)
	golden(t, "testdata/events.golden", []byte(strings.Join(lines, "\n")+"\n"))
}

func TestSchema(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(testing.TB) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden(t, "testdata/schema."+name+".golden", []byte(schema(t, open(t))))
		})
	}
}

// schema lists tables with their columns, and indexes.
func schema(t *testing.T, d *db.DB) string {
	t.Helper()
	text := `SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'goose%' AND name NOT LIKE 'search_index_%'
		AND name NOT LIKE 'sqlite_%' ORDER BY tbl_name, type DESC, name`
	if d.Dialect == db.Postgres {
		text = `SELECT line FROM (
			SELECT table_name AS t, 0 AS k, lpad(ordinal_position::text, 3, '0') AS o,
				table_name || '.' || column_name || ' ' || data_type || CASE WHEN is_nullable = 'NO' THEN ' not null' ELSE '' END || COALESCE(' default ' || column_default, '') AS line
			FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'goose%'
			UNION ALL SELECT tablename, 1, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE 'goose%'
			UNION ALL SELECT conrelid::regclass::text, 2, conname, conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'
		) AS all_lines ORDER BY t, k, o`
	}
	rows, err := d.Handle().Query(text)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var b strings.Builder
	for rows.Next() {
		var line sql.NullString
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		b.WriteString(line.String + "\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
