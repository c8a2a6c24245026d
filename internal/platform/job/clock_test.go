package job_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/job"
)

func TestJobsDoNotWaitForATimeThatAWrongClockGaveThem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		q, clock := newQueue(d)
		today := clock.Now()
		var did []string
		kind := job.Kind{Name: "k", Limit: 10, Do: func(_ context.Context, j job.Job) error {
			did = append(did, j.Summary)
			if j.Summary == "fails" && j.Attempts == 1 {
				return errors.New("the server is away")
			}
			return nil
		}}
		runs := func(want ...string) {
			t.Helper()
			did = nil
			runOnce(t, q, kind)
			if len(did) != len(want) {
				t.Fatalf("done: %v instead of %v", did, want)
			}
			for n := range want {
				if did[n] != want[n] {
					t.Fatalf("done: %v instead of %v", did, want)
				}
			}
		}
		enqueue(t, q, job.New{Kind: "k", Summary: "fails"})
		enqueue(t, q, job.New{Kind: "k", Summary: "for next week", RunAt: today.AddDate(0, 0, 7)})
		clock.Add(48 * time.Hour)
		runs("fails")
		enqueue(t, q, job.New{Kind: "k", Summary: "at once"})
		enqueue(t, q, job.New{Kind: "k", Summary: "in ten seconds", RunAt: clock.Now().Add(10 * time.Second)})
		clock.Add(-48 * time.Hour)
		runs()
		if err := q.SetRight(ctx); err != nil {
			t.Fatal(err)
		}
		runs("fails", "at once")
		clock.Add(10 * time.Second)
		runs("in ten seconds")
		clock.Add(7 * 24 * time.Hour)
		runs("for next week")
	})
}

func TestAJumpForwardMakesJobsDueAndRunsEachOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q, clock := newQueue(d)
		n := 0
		kind := job.Kind{Name: "k", Do: func(context.Context, job.Job) error {
			n++
			clock.Add(-24 * time.Hour) // set right while it runs
			return nil
		}}
		enqueue(t, q, job.New{Kind: "k", RunAt: clock.Now().Add(time.Hour)})
		clock.Add(24 * time.Hour)
		runOnce(t, q, kind)
		if err := q.Reclaim(context.Background()); err != nil {
			t.Fatal(err)
		}
		clock.Add(24 * time.Hour)
		if runOnce(t, q, kind); n != 1 {
			t.Errorf("done %d times", n)
		}
	})
}
