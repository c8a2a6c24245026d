package upgrade

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/platform/db"
)

var update = flag.Bool("update", false, "write the dumps that are missing")

func TestEveryMigrationHasADumpOfTheSchemaBeforeIt(t *testing.T) {
	all := versions(t)
	for n, v := range all[:len(all)-1] {
		have, err := readDump(dumpFile(v))
		switch {
		case err == nil && slices.Equal(have.Versions, all[:n+1]):
			continue
		case !*update:
			t.Errorf("migration %d has no dump of the schema before it, %s: run make golden and commit the file", all[n+1], dumpFile(v))
			continue
		}
		if err := next(t, all[:n+1]).write(dumpFile(v)); err != nil {
			t.Fatal(err)
		}
	}
}

// next is the newest dump that these migrations can start from, brought to their
// schema, with something in all that they added.
func next(t *testing.T, versions []int64) dump {
	t.Helper()
	from := dump{}
	for _, d := range dumps(t) {
		older := !slices.ContainsFunc(d.Versions, func(v int64) bool { return !slices.Contains(versions, v) })
		if older && len(d.Versions) >= len(from.Versions) {
			from = d
		}
	}
	if len(from.Versions) == 0 {
		t.Fatal("there is no dump to begin with")
	}
	ctx := context.Background()
	d, err := db.Open(ctx, db.Config{Dir: t.TempDir(), NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := load(ctx, d, from); err != nil {
		t.Fatal(err)
	}
	before := schema(t, d)
	if err := migrateTo(ctx, d, versions[len(from.Versions):]); err != nil {
		t.Fatal(err)
	}
	if err := fill(ctx, t, d, before); err != nil {
		t.Fatal(err)
	}
	out, err := take(ctx, t, d, from)
	if err != nil {
		t.Fatal(err)
	}
	out.Versions = versions
	return out
}

// fill puts a row into each new table and a value into each new column.
func fill(ctx context.Context, t *testing.T, d *db.DB, before map[string][]string) error {
	t.Helper()
	now := schema(t, d)
	order, err := tablesInOrder(ctx, d)
	if err != nil {
		return err
	}
	for _, table := range order {
		added := slices.DeleteFunc(slices.Clone(now[table]), func(c string) bool { return slices.Contains(before[table], c) })
		if len(added) == 0 {
			continue
		}
		values, err := invent(ctx, d, table, added)
		if err != nil {
			return err
		}
		if before[table] != nil {
			if err := setOne(ctx, d, table, values); err != nil {
				return fmt.Errorf("a value for the new columns of %s: %w; add a line to the dump by hand", table, err)
			}
			continue
		}
		err = d.Write(ctx, func(tx *db.Tx) error { return insert(ctx, tx, row{Table: table, Values: values}) })
		if err != nil {
			return fmt.Errorf("a row for the new table %s: %w; add a line to the dump by hand", table, err)
		}
	}
	return nil
}

// tablesInOrder lists what a row of a table refers to before the table.
func tablesInOrder(ctx context.Context, d *db.DB) ([]string, error) {
	return column(ctx, d, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
		AND name NOT LIKE '%\_index\_%' ESCAPE '\' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT IN ('goose_db_version', 'migration_mark') ORDER BY rowid`)
}

// invent makes a value for each column: what it refers to, or something of its kind.
func invent(ctx context.Context, d *db.DB, table string, columns []string) (map[string]any, error) {
	refers := map[string]string{}
	rows, err := d.Query(ctx, `SELECT "from", "table" FROM pragma_foreign_key_list(?)`, table)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var from, to string
		if err := rows.Scan(&from, &to); err != nil {
			rows.Close()
			return nil, err
		}
		refers[from] = to
	}
	rows.Close()
	out := map[string]any{}
	for _, c := range columns {
		var kind, standard string
		if err := d.QueryRow(ctx, "SELECT type, COALESCE(dflt_value, '') FROM pragma_table_info(?) WHERE name = ?", table, c).Scan(&kind, &standard); err != nil {
			return nil, err
		}
		if to := refers[c]; to != "" {
			var id int64
			if err := d.QueryRow(ctx, "SELECT MIN(id) FROM "+to).Scan(&id); err != nil {
				return nil, err
			}
			out[c] = id
			continue
		}
		out[c] = valueOf(kind, strings.Trim(standard, "'"), c)
	}
	return out, nil
}

func valueOf(kind, standard, name string) any {
	switch {
	case name == "id":
		return int64(1)
	case kind == "BOOLEAN":
		return true
	case kind == "BLOB":
		return []byte("kept " + name)
	case kind == "INTEGER" && strings.HasSuffix(name, "_at"):
		return int64(1_795_000_000_000)
	case kind == "INTEGER":
		return int64(7)
	case strings.HasPrefix(standard, "{"), strings.HasPrefix(standard, "["):
		return standard // JSON
	}
	return "kept " + name
}

// setOne changes the newest row, so that the others stay as the migration left them.
func setOne(ctx context.Context, d *db.DB, table string, values map[string]any) error {
	for c, v := range values {
		_, err := d.Handle().ExecContext(ctx, "UPDATE "+table+" SET "+c+" = ? WHERE rowid = (SELECT MAX(rowid) FROM "+table+")", v)
		if err != nil {
			return err
		}
	}
	return nil
}

// take reads the database. What only one of the two databases has is taken over
// from the dump before.
func take(ctx context.Context, t *testing.T, d *db.DB, before dump) (dump, error) {
	t.Helper()
	var out dump
	special := map[string]bool{}
	for _, r := range before.Rows {
		special[r.Table] = special[r.Table] || r.Only != ""
	}
	order, err := tablesInOrder(ctx, d)
	if err != nil {
		return out, err
	}
	for _, table := range order {
		if special[table] {
			continue
		}
		if err := takeTable(ctx, d, table, &out); err != nil {
			return out, err
		}
	}
	for _, r := range before.Rows {
		if r.Only != "" || r.Blob != "" {
			out.Rows = append(out.Rows, r)
		}
	}
	return out, nil
}

func takeTable(ctx context.Context, d *db.DB, table string, out *dump) error {
	rows, err := d.Query(ctx, "SELECT * FROM "+table+" ORDER BY 1, 2")
	if err != nil {
		return err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	for rows.Next() {
		values := make([]any, len(names))
		into := make([]any, len(names))
		for n := range values {
			into[n] = &values[n]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		r := row{Table: table, Values: map[string]any{}}
		for n, name := range names {
			r.Values[name] = values[n]
		}
		out.Rows = append(out.Rows, r)
	}
	return rows.Err()
}

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(m.Run())
}
