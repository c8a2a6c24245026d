package upgrade

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/migrations"
)

// migrateTo runs exactly these migrations.
func migrateTo(ctx context.Context, d *db.DB, versions []int64) error {
	texts, err := migrations.For(d.Dialect.String())
	if err != nil {
		return err
	}
	dialect := database.DialectSQLite3
	if d.Dialect == db.Postgres {
		dialect = database.DialectPostgres
	}
	p, err := goose.NewProvider(dialect, d.Handle(), texts, goose.WithAllowOutofOrder(true))
	if err != nil {
		return err
	}
	for _, v := range versions {
		if _, err := p.ApplyVersion(ctx, v, true); err != nil {
			return err
		}
		if _, err := d.Handle().ExecContext(ctx, fmt.Sprintf("INSERT INTO migration_mark (version, contracting) VALUES (%d, FALSE)", v)); err != nil {
			return err
		}
	}
	return nil
}

// load puts a dump into an empty database.
func load(ctx context.Context, d *db.DB, from dump) error {
	if err := migrateTo(ctx, d, from.Versions); err != nil {
		return err
	}
	bools, err := booleans(ctx, d)
	if err != nil {
		return err
	}
	err = d.Write(ctx, func(tx *db.Tx) error {
		for n, r := range from.Rows {
			if r.Table == "" || r.Only != "" && r.Only != d.Dialect.String() {
				continue
			}
			r.Values = maps.Clone(r.Values)
			for name, v := range r.Values {
				if number, ok := v.(int64); ok && bools[r.Table+"."+name] {
					r.Values[name] = number != 0
				}
			}
			if err := insert(ctx, tx, r); err != nil {
				return fmt.Errorf("line %d, table %s: %w", n+2, r.Table, err)
			}
		}
		return nil
	})
	if err != nil || d.Dialect == db.SQLite {
		return err
	}
	return raiseIdentities(ctx, d)
}

// booleans are the columns, as table.column, that PostgreSQL takes no number
// for. The dumps hold what SQLite keeps: 0 and 1.
func booleans(ctx context.Context, d *db.DB) (map[string]bool, error) {
	out := map[string]bool{}
	if d.Dialect == db.SQLite {
		return out, nil
	}
	names, err := column(ctx, d, "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'boolean'")
	for _, name := range names {
		out[name] = true
	}
	return out, err
}

func insert(ctx context.Context, tx *db.Tx, r row) error {
	var names []string
	for name := range r.Values {
		// The number of a transaction belongs to the server that gave it.
		if tx.Dialect == db.Postgres && name == "xid" {
			continue
		}
		names = append(names, name)
	}
	slices.Sort(names)
	var args []any
	for _, name := range names {
		args = append(args, r.Values[name])
	}
	_, err := tx.Exec(ctx, "INSERT INTO "+r.Table+" ("+strings.Join(names, ", ")+") VALUES ("+db.Marks(len(names))+")", args...)
	return err
}

// raiseIdentities lets PostgreSQL go on behind the ids that were loaded.
func raiseIdentities(ctx context.Context, d *db.DB) error {
	found, err := column(ctx, d, "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND is_identity = 'YES' AND column_name = 'id'")
	if err != nil {
		return err
	}
	for _, table := range found {
		if _, err := d.Handle().ExecContext(ctx, fmt.Sprintf(
			"SELECT setval(pg_get_serial_sequence('%s', 'id'), GREATEST((SELECT COALESCE(MAX(id), 0) FROM %s), 1))", table, table)); err != nil {
			return err
		}
	}
	return nil
}

// column is the first column of a query as text.
func column(ctx context.Context, d *db.DB, text string, args ...any) (out []string, err error) {
	rows, err := d.Query(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

// schema are the columns of each table, but for those in which migrations
// themselves are counted and those in which SQLite keeps its word index.
func schema(t *testing.T, d *db.DB) map[string][]string {
	t.Helper()
	ctx := context.Background()
	names := `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND name NOT LIKE '%\_index\_%' ESCAPE '\'`
	columns := "SELECT name FROM pragma_table_info(?) ORDER BY cid"
	if d.Dialect == db.Postgres {
		names = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
		columns = "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = ? ORDER BY ordinal_position"
	}
	tables, err := column(ctx, d, names)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, table := range tables {
		if table == "goose_db_version" || table == "migration_mark" {
			continue
		}
		if out[table], err = column(ctx, d, columns, table); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// print is what is in some columns of a table: how often each combination of
// values is there, by its hash.
type print map[[sha256.Size]byte]int

// missing is how many rows of an older print are not in p. A migration may add rows.
func (p print) missing(older print) (n int) {
	for sum, times := range older {
		n += max(0, times-p[sum])
	}
	return n
}

// prints takes the print of every column of every table, so that a difference
// names its column.
func prints(t *testing.T, d *db.DB, of map[string][]string) map[string]print {
	t.Helper()
	out := map[string]print{}
	for table, columns := range of {
		for _, c := range columns {
			text := "SELECT " + c + " FROM " + table
			if strings.HasSuffix(table, "_index") && d.Dialect == db.SQLite {
				text = "SELECT rowid FROM " + table // its words are not readable
			}
			out[table+"."+c] = printOf(t, d, text)
		}
		// Columns alone would not see two rows that change places.
		if !strings.HasSuffix(table, "_index") {
			out[table] = printOf(t, d, "SELECT "+strings.Join(columns, ", ")+" FROM "+table)
		}
	}
	return out
}

func printOf(t *testing.T, d *db.DB, text string) print {
	t.Helper()
	rows, err := d.Query(context.Background(), text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer rows.Close()
	out := print{}
	for rows.Next() {
		out[sha256.Sum256([]byte(lineOf(t, rows)))]++
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func lineOf(t *testing.T, rows interface {
	Columns() ([]string, error)
	Scan(...any) error
}) string {
	t.Helper()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	values := make([]any, len(names))
	into := make([]any, len(names))
	for n := range values {
		into[n] = &values[n]
	}
	if err := rows.Scan(into...); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, v := range values {
		fmt.Fprintf(&b, "%#v|", v)
	}
	return b.String()
}
