// Package dbtest gives tests a migrated database of their own, on SQLite and on
// PostgreSQL.
//
// PostgreSQL is the server named by DESKBELL_TEST_POSTGRES, or one that is
// started for the test binary.
package dbtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/testbed"
)

// Each runs fn as a parallel sub-test on each database.
func Each(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, SQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		fn(t, Postgres(t))
	})
}

// EachEmpty is [Each] on databases without any table. dir is the folder of the
// embedded one and a folder of the test beside PostgreSQL; url is empty for the
// embedded one.
func EachEmpty(t *testing.T, fn func(t *testing.T, dir, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, t.TempDir(), "")
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		fn(t, t.TempDir(), EmptyPostgresURL(t))
	})
}

var template struct {
	once sync.Once
	data []byte
	err  error
}

// SQLite opens a fresh migrated database in a folder of the test.
func SQLite(t testing.TB) *db.DB {
	t.Helper()
	dir := t.TempDir()
	template.once.Do(func() { template.data, template.err = makeSQLiteTemplate() })
	if template.err != nil {
		t.Fatal(template.err)
	}
	if err := os.WriteFile(filepath.Join(dir, db.FileName), template.data, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, db.Config{Dir: dir, NoSync: true})
}

// makeSQLiteTemplate migrates once per test binary; tests copy the file.
func makeSQLiteTemplate() ([]byte, error) {
	dir, err := os.MkdirTemp("", "deskbell-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	d, err := db.Open(ctx, db.Config{Dir: dir, NoSync: true})
	if err != nil {
		return nil, err
	}
	if err := d.Migrate(ctx); err != nil {
		return nil, err
	}
	if _, err := d.Handle().Exec("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return nil, err
	}
	if err := d.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, db.FileName))
}

func open(t testing.TB, cfg db.Config) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

var pg struct {
	once     sync.Once
	template string
	err      error
}

// Postgres opens a fresh migrated database on the test server; it is dropped
// when the test ends.
func Postgres(t testing.TB) *db.DB {
	t.Helper()
	return open(t, db.Config{URL: PostgresURL(t), MaxConn: 8})
}

// PostgresURL is the address of a fresh migrated database that is dropped when
// the test ends.
func PostgresURL(t testing.TB) string {
	t.Helper()
	server := testbed.Postgres(t)
	pg.once.Do(func() { pg.template, pg.err = makePostgresTemplate(server) })
	if pg.err != nil {
		t.Fatal(pg.err)
	}
	return fresh(t, server, pg.template)
}

// EmptyPostgresURL is the address of a database without any table.
func EmptyPostgresURL(t testing.TB) string {
	t.Helper()
	return fresh(t, testbed.Postgres(t), "template0")
}

// fresh is the address of a copy of a database.
func fresh(t testing.TB, server, template string) string {
	t.Helper()
	name := "deskbell_test_" + random()
	if err := admin(server, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s STRATEGY FILE_COPY", name, template)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := admin(server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Log(err)
		}
	})
	return withName(server, name)
}

// makePostgresTemplate migrates once per test binary under a name of its own.
// The server is thrown away after the run, so templates are left there.
func makePostgresTemplate(server string) (string, error) {
	name := "deskbell_template_" + random()
	if err := admin(server, "CREATE DATABASE "+name); err != nil {
		return "", err
	}
	ctx := context.Background()
	d, err := db.Open(ctx, db.Config{URL: withName(server, name)})
	if err != nil {
		return "", err
	}
	defer d.Close()
	return name, d.Migrate(ctx)
}

func admin(server, text string) error {
	c, err := sql.Open("pgx", server)
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = c.Exec(text)
	return err
}

func withName(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	u.Path = "/" + name
	return u.String()
}

func random() string {
	var b [8]byte
	rand.Read(b[:]) //nolint:errcheck // never fails
	return fmt.Sprintf("%x", b)
}

// Settle waits until the event feed shows everything that has been committed.
// Transactions of other tests on the same PostgreSQL hold it back for a moment.
func Settle(t testing.TB, d *db.DB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for {
		var hidden int
		if err := d.QueryRow(ctx, "SELECT COUNT(*) FROM event WHERE NOT ("+d.Dialect.Settled("xid")+")").Scan(&hidden); err != nil {
			t.Fatal(err)
		}
		if hidden == 0 {
			return
		}
	}
}
