package job_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/job"
)

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func newQueue(d *db.DB) (*job.Queue, *clock) {
	c := &clock{at: time.UnixMilli(1_700_000_000_000)}
	return &job.Queue{DB: d, Now: c.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}, c
}

func enqueue(t *testing.T, q *job.Queue, n job.New) {
	t.Helper()
	if err := q.DB.Write(context.Background(), func(tx *db.Tx) error { return q.Enqueue(context.Background(), tx, n) }); err != nil {
		t.Fatal(err)
	}
}

func runOnce(t *testing.T, q *job.Queue, k job.Kind) int {
	t.Helper()
	n, err := q.RunOnce(context.Background(), k)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAUniqueKeyMakesOneJob(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q, _ := newQueue(d)
		for range 3 {
			enqueue(t, q, job.New{Kind: "k", UniqueKey: "one", Payload: 1})
		}
		enqueue(t, q, job.New{Kind: "k", Payload: 2})
		done := 0
		k := job.Kind{Name: "k", Limit: 10, Do: func(context.Context, job.Job) error { done++; return nil }}
		if runOnce(t, q, k); done != 2 {
			t.Fatalf("%d jobs ran, want 2", done)
		}
		if runOnce(t, q, k) != 0 {
			t.Fatal("a finished job ran again")
		}
	})
}

func TestAFailingJobBacksOffThenDiesAndCanBeRetried(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q, c := newQueue(d)
		enqueue(t, q, job.New{Kind: "k", Payload: 1})
		died, fail := false, true
		k := job.Kind{Name: "k", Attempts: 2, Do: func(context.Context, job.Job) error {
			if fail {
				panic("broken")
			}
			return nil
		}, Died: func(context.Context, *db.Tx, job.Job, error) error { died = true; return nil }}
		runOnce(t, q, k)
		if runOnce(t, q, k) != 0 {
			t.Fatal("the job ran again without a pause")
		}
		c.Add(time.Hour)
		if runOnce(t, q, k); !died {
			t.Fatal("the job did not die after its last attempt")
		}
		dead, err := q.List(context.Background(), job.Dead, 0, 10)
		if err != nil || len(dead) != 1 || dead[0].LastError == "" {
			t.Fatalf("dead jobs: %v, %v", dead, err)
		}
		fail = false
		if err := q.Retry(context.Background(), dead[0].ID); err != nil {
			t.Fatal(err)
		}
		if runOnce(t, q, k) != 1 {
			t.Fatal("the retried job did not run")
		}
	})
}

func TestAJobDoesNotDieOfAFullDisk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		q, c := newQueue(d)
		enqueue(t, q, job.New{Kind: "k", Payload: 1})
		full := true
		k := job.Kind{Name: "k", Attempts: 2, Do: func(context.Context, job.Job) error {
			if full {
				return errs.New(errs.Unavailable, "The disk is full.")
			}
			return nil
		}}
		for n := range 20 {
			if runOnce(t, q, k) != 1 {
				t.Fatalf("it was not tried within a minute after %d times", n)
			}
			c.Add(time.Minute)
		}
		full = false
		if runOnce(t, q, k) != 1 {
			t.Fatal("it did not go on")
		}
		if counts, err := q.Counts(context.Background()); err != nil || counts[job.Dead]+counts[job.Waiting] != 0 {
			t.Errorf("%v, %v", counts, err)
		}
	})
}

func TestTheLateFinishOfALostLeaseIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		q, c := newQueue(d)
		enqueue(t, q, job.New{Kind: "k", Payload: 1})
		var first, second error
		inner := job.Kind{Name: "k", Batch: func(ctx context.Context, jobs []job.Job) map[int64]error {
			second = d.Write(ctx, func(tx *db.Tx) error { return q.DoneTx(ctx, tx, jobs[0]) })
			return nil
		}}
		outer := job.Kind{Name: "k", Batch: func(ctx context.Context, jobs []job.Job) map[int64]error {
			c.Add(time.Hour) // the node stood still; another one takes over
			other := &job.Queue{DB: d, Now: c.Now, Log: q.Log}
			runCtx, cancel := context.WithCancel(ctx)
			other.Kinds = []job.Kind{{Name: "k", Batch: func(ctx context.Context, jobs []job.Job) map[int64]error {
				defer cancel()
				return inner.Batch(ctx, jobs)
			}}}
			if err := other.Run(runCtx); err != nil {
				t.Error(err)
			}
			first = d.Write(ctx, func(tx *db.Tx) error { return q.DoneTx(ctx, tx, jobs[0]) })
			return nil
		}}
		if _, err := q.RunOnce(ctx, outer); err != nil {
			t.Fatal(err)
		}
		if second != nil || first == nil {
			t.Fatalf("second node: %v; first node, too late: %v", second, first)
		}
	})
}

func TestManyWorkersDoEachJobOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		q, _ := newQueue(d)
		for i := range 60 {
			enqueue(t, q, job.New{Kind: "k", Payload: i})
		}
		var mu sync.Mutex
		seen := map[int64]int{}
		q.Kinds = []job.Kind{{Name: "k", Workers: 4, Limit: 7, Do: func(_ context.Context, j job.Job) error {
			mu.Lock()
			defer mu.Unlock()
			seen[j.ID]++
			if len(seen) == 60 {
				cancel()
			}
			return nil
		}}}
		if err := q.Run(ctx); err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		for id, n := range seen {
			if n != 1 {
				t.Errorf("job %d ran %d times", id, n)
			}
		}
		if len(seen) != 60 {
			t.Errorf("%d of 60 jobs ran", len(seen))
		}
	})
}

// Another node may enqueue while the hints between nodes are away.
func TestAJobThatNobodyToldOfIsFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		q, c := newQueue(d)
		elsewhere := &job.Queue{DB: d, Now: c.Now, Log: q.Log}
		done := make(chan string, 3)
		do := func(_ context.Context, j job.Job) error { done <- j.Kind; return nil }
		q.Kinds = []job.Kind{{Name: "a", Do: do}, {Name: "b", Workers: 3, Do: do}}
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := q.Run(ctx); err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
		for _, kind := range []string{"b", "a", "b"} {
			enqueue(t, elsewhere, job.New{Kind: kind, Payload: 1})
			select {
			case got := <-done:
				if got != kind {
					t.Errorf("%s was done, %s is due", got, kind)
				}
			case <-ctx.Done():
				t.Fatalf("nobody did the job of %s", kind)
			}
		}
		cancel()
		wg.Wait()
	})
}

func TestALateWriterDoesNotHoldItsJobAnyMore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		q, c := newQueue(d)
		enqueue(t, q, job.New{Kind: "k", Payload: 1})
		hold := func(j job.Job) error {
			return d.Write(ctx, func(tx *db.Tx) error { return q.HoldTx(ctx, tx, j) })
		}
		runOnce(t, q, job.Kind{Name: "k", Do: func(_ context.Context, late job.Job) error {
			if err := hold(late); err != nil {
				t.Errorf("while it is held: %v", err)
			}
			c.Add(time.Minute)
			if err := q.Reclaim(ctx); err != nil {
				t.Fatal(err)
			}
			if err := hold(late); !errs.Is(err, errs.Conflict) {
				t.Errorf("after it was freed: %v", err)
			}
			runOnce(t, q, job.Kind{Name: "k", Do: func(_ context.Context, j job.Job) error {
				if err := hold(j); err != nil {
					t.Errorf("the new holder: %v", err)
				}
				if err := hold(late); !errs.Is(err, errs.Conflict) {
					t.Errorf("after it was taken over: %v", err)
				}
				return nil
			}})
			return nil
		}})
	})
}

func TestNodesWhoseClocksDifferLeaveEachOthersJobs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		one, _ := newQueue(d)
		two, ahead := newQueue(d)
		one.SharedClock, two.SharedClock = true, true
		ahead.Add(time.Hour)
		enqueue(t, one, job.New{Kind: "k", Payload: 1})
		runOnce(t, one, job.Kind{Name: "k", Do: func(context.Context, job.Job) error {
			if err := two.Reclaim(context.Background()); err != nil {
				t.Fatal(err)
			}
			if n := runOnce(t, two, job.Kind{Name: "k", Do: func(context.Context, job.Job) error { return nil }}); n != 0 {
				t.Error("the node whose clock is ahead took the other's job")
			}
			return nil
		}})
	})
}
