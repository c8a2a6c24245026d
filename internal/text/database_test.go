package text

import (
	"context"
	"database/sql"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"
)

// searcher is a real full-text index.
type searcher interface {
	add(t testing.TB, id int, terms Terms)
	find(t testing.TB, e Expr) []int
}

type fts5 struct{ db *sql.DB }

func openFTS5(t testing.TB) *fts5 {
	t.Helper()
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	_, err = db.Exec(`CREATE VIRTUAL TABLE doc USING fts5(terms, content='', contentless_delete=1,
		tokenize='unicode61 remove_diacritics 0', prefix='2 3')`)
	if err != nil {
		t.Fatal(err)
	}
	return &fts5{db}
}

func (f *fts5) add(t testing.TB, id int, terms Terms) {
	t.Helper()
	if _, err := f.db.Exec(`INSERT INTO doc(rowid, terms) VALUES (?, ?)`, id, terms.FTS5()); err != nil {
		t.Fatal(err)
	}
}

func (f *fts5) find(t testing.TB, e Expr) []int {
	t.Helper()
	return ids(t, f.db, `SELECT rowid FROM doc WHERE doc MATCH ? ORDER BY rowid`, e.FTS5())
}

func ids(t testing.TB, db *sql.DB, query, arg string) (out []int) {
	t.Helper()
	rows, err := db.Query(query, arg)
	if err != nil {
		t.Fatalf("query %q: %v", arg, err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		out = append(out, id)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("query %q: %v", arg, err)
	}
	return out
}

type tsvector struct {
	db   *sql.DB
	kind string // of the conversion of queries
}

var postgres = sync.OnceValue(func() *sql.DB {
	url := os.Getenv("DESKBELL_TEST_POSTGRES")
	if url == "" {
		return nil
	}
	db, err := sql.Open("pgx", url)
	if err != nil {
		panic(err)
	}
	return db
})

// openTSVector returns nil when no PostgreSQL is given.
func openTSVector(t testing.TB, query string) *tsvector {
	t.Helper()
	shared := postgres()
	if shared == nil {
		return nil
	}
	conn, err := shared.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
	db, err := sql.Open("pgx", os.Getenv("DESKBELL_TEST_POSTGRES"))
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1) // a temporary table belongs to its connection
	t.Cleanup(func() { _ = db.Close() })
	if _, err := db.Exec(`CREATE TEMPORARY TABLE doc (id BIGINT PRIMARY KEY, terms TSVECTOR);
		CREATE INDEX ON doc USING gin (terms)`); err != nil {
		t.Fatal(err)
	}
	return &tsvector{db, query}
}

func (p *tsvector) add(t testing.TB, id int, terms Terms) {
	t.Helper()
	if _, err := p.db.Exec(`INSERT INTO doc(id, terms) VALUES ($1, $2::text::tsvector)`, id, terms.TSVector()); err != nil {
		t.Fatal(err)
	}
}

func (p *tsvector) find(t testing.TB, e Expr) []int {
	t.Helper()
	return ids(t, p.db, `SELECT id FROM doc WHERE terms @@ `+p.kind+` ORDER BY id`, e.TSQuery())
}

// goMatch is the oracle: the query read by Expr.Match.
type goMatch struct{ docs []Terms }

func (g *goMatch) add(_ testing.TB, id int, terms Terms) {
	for len(g.docs) <= id {
		g.docs = append(g.docs, Terms{})
	}
	g.docs[id] = terms
}

func (g *goMatch) find(_ testing.TB, e Expr) (out []int) {
	for id, d := range g.docs {
		if e.Match(d) {
			out = append(out, id)
		}
	}
	return out
}

// searchers are all there are on this machine.
func searchers(t testing.TB) map[string]searcher {
	all := map[string]searcher{"go": &goMatch{}, "fts5": openFTS5(t)}
	if p := openTSVector(t, `$1::text::tsquery`); p != nil {
		all["tsquery"] = p
	}
	if p := openTSVector(t, `to_tsquery('simple', $1)`); p != nil {
		all["to_tsquery"] = p
	}
	return all
}

func TestEveryLetterOfATermIsOneForUnicode61(t *testing.T) {
	t.Parallel()
	f := openFTS5(t)
	var b strings.Builder
	want := 0
	for r := rune(0); r < 0x30000; r++ {
		if r < 0x80 && asciiFold[r] == 0 || !isTokenRune(r) && r != stemMark && r != joinMark && r != runeMark {
			continue
		}
		b.WriteString("w" + strconv.Itoa(want) + "x" + string(r) + "y ")
		want++
	}
	if _, err := f.db.Exec(`INSERT INTO doc(rowid, terms) VALUES (1, ?)`, b.String()); err != nil {
		t.Fatal(err)
	}
	if _, err := f.db.Exec(`CREATE VIRTUAL TABLE vocab USING fts5vocab(doc, 'row')`); err != nil {
		t.Fatal(err)
	}
	var terms, whole int
	err := f.db.QueryRow(`SELECT count(*), count(CASE WHEN term LIKE 'w%y' THEN 1 END) FROM vocab`).Scan(&terms, &whole)
	if err != nil {
		t.Fatal(err)
	}
	if terms != want || whole != want {
		t.Errorf("unicode61 made %d terms (%d whole) of %d", terms, whole, want)
	}
}
