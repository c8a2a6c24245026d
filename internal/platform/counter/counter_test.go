package counter_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/deskbell/deskbell/internal/platform/counter"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

func TestSumsAreTheSameBeforeAndAfterFolding(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		for range 3 {
			if err := d.Write(ctx, func(tx *db.Tx) error {
				counter.Add(tx, "c/1/open", 2)
				counter.Add(tx, "c/1/open", -1)
				counter.Add(tx, "c/2/open", 5)
				counter.Add(tx, "d/other", 1)
				return tx.Savepoint(ctx, func() error {
					counter.Add(tx, "c/1/open", 100)
					return nil
				})
			}); err != nil {
				t.Fatal(err)
			}
		}
		want := map[string]int64{"c/1/open": 303, "c/2/open": 15}
		for _, when := range []string{"before", "after"} {
			got, err := counter.Sums(ctx, d, "c/")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s folding: %s", when, diff)
			}
			if _, err := counter.Fold(ctx, d, 1000); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestARolledBackSavepointCountsNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if err := d.Write(ctx, func(tx *db.Tx) error {
			counter.Add(tx, "n", 1)
			_ = tx.Savepoint(ctx, func() error {
				counter.Add(tx, "n", 10)
				return errors.New("no")
			})
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		got, err := counter.Sums(ctx, d, "n")
		if err != nil || got["n"] != 1 {
			t.Fatalf("sum = %d, %v; want 1", got["n"], err)
		}
	})
}
