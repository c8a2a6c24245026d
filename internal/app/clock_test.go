package app

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

func TestNothingIsDeletedByAgeOnceTheClockHasJumped(t *testing.T) {
	t.Parallel()
	a, _ := patient(t, "http://desk.example")
	ran := 0
	do := a.unlessDoubted(func(context.Context) error { ran++; return nil })
	look := func(off time.Duration, want int) {
		t.Helper()
		a.Now = func() time.Time { return time.Now().Add(off) }
		if err := do(context.Background()); err != nil || ran != want {
			t.Fatalf("ran %d times instead of %d, %v", ran, want, err)
		}
	}
	look(0, 1)
	look(365*24*time.Hour, 1)
	look(365*24*time.Hour, 1)
	look(0, 2) // set right
}

func TestTheDoctorComparesTheClockWithThoseOfTheMailServers(t *testing.T) {
	t.Parallel()
	a, _ := patient(t, "http://desk.example")
	ctx := context.Background()
	if got := a.lookAtMailClock(ctx); len(got) != 0 {
		t.Errorf("without mail: %+v", got)
	}
	inboxes, err := a.Inboxes.List(ctx, false)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		took  time.Duration
		ok    bool
		words string
	}{
		"at once": {3 * time.Second, true, "fits"}, "ours is behind": {-time.Hour, false, "1h0m0s behind"}, "ours is ahead": {26 * time.Hour, false, "26h0m0s ahead"},
	} {
		err := a.DB.Write(ctx, func(tx *db.Tx) error {
			if _, err := tx.Exec(ctx, "DELETE FROM inbound"); err != nil {
				return err
			}
			const at = 1_700_000_000_000
			for n := range int64(12) {
				late := time.Duration(n) * time.Minute // some waited
				_, err := tx.Exec(ctx, "INSERT INTO inbound (ledger_id, inbox_id, door, unique_hash, envelope, size, received_at) VALUES (?, ?, 'imap', ?, ?, 1, ?)",
					n+1, int64(inboxes[0].ID), []byte{byte(n)}, fmt.Sprintf(`{"date":%d}`, at-(c.took+late).Milliseconds()), int64(at))
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		got := a.lookAtMailClock(ctx)
		if len(got) != 1 || got[0].OK != c.ok || !strings.Contains(got[0].Sentence, c.words) || got[0].OK == (got[0].Mend != "") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// blobOf writes a blob without a row.
func blobOf(t *testing.T, a *App) (key string) {
	t.Helper()
	w, err := a.Blobs.Create(context.Background())
	if err == nil {
		_, err = io.WriteString(w, "bytes")
	}
	if err == nil {
		err = w.Commit()
	}
	if err != nil {
		t.Fatal(err)
	}
	return w.Key()
}

func TestABlobWhoseRowIsOnItsWaySurvivesAJumpOfTheClock(t *testing.T) {
	t.Parallel()
	a, _ := patient(t, "http://desk.example")
	key := blobOf(t, a)
	a.Now = func() time.Time { return time.Now().Add(48 * time.Hour) }
	if err := a.unlessDoubted(a.sweepBlobs)(context.Background()); err != nil {
		t.Fatal(err)
	}
	r, _, err := a.Blobs.Open(context.Background(), key)
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
}
