package db_test

import (
	"context"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

func TestAFullDiskIsSaidInWords(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	ctx := context.Background()
	if _, err := d.Handle().Exec("PRAGMA max_page_count = 1"); err != nil { // SQLite clamps it to the size it has
		t.Fatal(err)
	}
	err := d.Write(ctx, func(tx *db.Tx) error {
		return db.SetSetting(ctx, tx, "big", strings.Repeat("x", 1<<20))
	})
	if !errs.Is(err, errs.Unavailable) || !strings.Contains(errs.Sentence(err), "disk is full") {
		t.Fatalf("err = %v", err)
	}
	if v, err := db.Setting(ctx, d, "big"); err != nil || v != "" {
		t.Fatalf("half a change stayed: %d bytes, %v", len(v), err)
	}
}

func TestAReadOnlyDatabaseIsSaidInWords(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	ctx := context.Background()
	if _, err := d.Handle().Exec("PRAGMA query_only = 1"); err != nil {
		t.Fatal(err)
	}
	err := d.Write(ctx, func(tx *db.Tx) error { return db.SetSetting(ctx, tx, "a", "b") })
	if !errs.Is(err, errs.Unavailable) || !strings.Contains(errs.Sentence(err), "read-only") {
		t.Fatalf("err = %v", err)
	}
}

func TestADatabaseThatIsAwayIsSaidInWords(t *testing.T) {
	t.Parallel()
	url := dbtest.PostgresURL(t)
	ctx := context.Background()
	d, err := db.Open(ctx, db.Config{URL: url, MaxConn: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	end := "SELECT pg_terminate_backend(pg_backend_pid())"
	err = d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, end)
		return err
	})
	if !errs.Is(err, errs.Unavailable) {
		t.Fatalf("err = %v", err)
	}
	if err := d.Write(ctx, func(tx *db.Tx) error { return db.SetSetting(ctx, tx, "a", "b") }); err != nil {
		t.Fatalf("it did not come back: %v", err)
	}
}
