package db_test

import (
	"context"
	"errors"
	"testing"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

func TestSavepointUndoesOnlyItsOwnWork(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		err := d.Write(ctx, func(tx *db.Tx) error {
			if err := db.SetSetting(ctx, tx, "kept", "1"); err != nil {
				return err
			}
			err := tx.Savepoint(ctx, func() error {
				if err := db.SetSetting(ctx, tx, "lost", "1"); err != nil {
					return err
				}
				panic("reaction broke")
			})
			if err == nil {
				return errors.New("the panic was swallowed")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{"kept": "1", "lost": ""} {
			if got, err := db.Setting(ctx, d, name); err != nil || got != want {
				t.Errorf("setting %s = %q, %v; want %q", name, got, err, want)
			}
		}
	})
}

func TestAfterCommitDoesNotRunWhenTheTransactionFails(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ran := false
		err := d.Write(context.Background(), func(tx *db.Tx) error {
			tx.AfterCommit(func() { ran = true })
			return errors.New("no")
		})
		if err == nil || ran {
			t.Fatalf("err = %v, hook ran = %v", err, ran)
		}
	})
}

func TestMigrateTwiceChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		before, err := d.Version(ctx)
		if err != nil || before == 0 {
			t.Fatalf("version = %d, %v", before, err)
		}
		if err := d.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
		if after, err := d.Version(ctx); err != nil || after != before {
			t.Fatalf("version = %d, %v; want %d", after, err, before)
		}
	})
}

func TestStartIsRefusedOnlyByAnUnknownContractingMigration(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		mark := func(version int, contracting bool) {
			t.Helper()
			if err := d.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, "INSERT INTO migration_mark (version, contracting) VALUES (?, ?)", version, contracting)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		mark(9001, false)
		if err := d.Migrate(ctx); err != nil {
			t.Fatalf("an expanding migration of a newer version stopped the start: %v", err)
		}
		mark(9002, true)
		if err := d.Migrate(ctx); err == nil {
			t.Fatal("started on a database that lacks what this version needs")
		}
	})
}
