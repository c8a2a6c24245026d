package lease

import (
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

func TestTheLeaseOfADeadNodeIsFreeThoughTheDatabasesClockWasSetBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		a, b := w.node("a"), w.node("b")
		first, _, end := a.holds(t, "mail") // and is never heard of again
		t.Cleanup(func() { _ = end() })
		w.pass(-time.Hour)
		second, _, endB := b.holds(t, "mail")
		if second <= first {
			t.Fatalf("token %d after %d", second, first)
		}
		if err := check(d, "mail", first); !errs.Is(err, errs.Conflict) {
			t.Errorf("the old token still writes: %v", err)
		}
		if err := endB(); err != nil {
			t.Error(err)
		}
	})
}

func TestALeaseThatAJumpForwardEndedIsNotWrittenUnder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		a, b := w.node("a"), w.node("b")
		first, _, end := a.holds(t, "mail")
		t.Cleanup(func() { _ = end() })
		w.pass(24 * time.Hour)
		second, _, endB := b.holds(t, "mail")
		if second <= first {
			t.Fatalf("token %d after %d", second, first)
		}
		w.pass(-24 * time.Hour)
		if err := check(d, "mail", first); !errs.Is(err, errs.Conflict) {
			t.Errorf("the old token writes again: %v", err)
		}
		if err := endB(); err != nil {
			t.Error(err)
		}
	})
}
