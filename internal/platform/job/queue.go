package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/platform/clock"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Kind says how jobs of one name are run.
type Kind struct {
	Name string
	// Do does one job. The row is removed after it returned nil, so Do must be
	// safe to run again after a crash. Exactly one of Do and Batch is set.
	Do func(ctx context.Context, j Job) error
	// Batch does several jobs and marks each done itself ([Queue.DoneTx] in the
	// transaction of its work). It returns the error of each that failed.
	Batch func(ctx context.Context, jobs []Job) map[int64]error
	// Limit is how many jobs are claimed at once, 0 = 1 for Do and 64 for Batch.
	Limit int
	// Workers run at the same time, 0 = 1.
	Workers int
	// Attempts before the job is dead, 0 = 12 (about nine hours with the usual back-off).
	Attempts int
	// Backoff before the attempt that follows attempt n; nil = [Backoff].
	Backoff func(attempt int) time.Duration
	// Lease after which another node may take the job, 0 = 15 seconds. It is renewed while the job runs.
	Lease time.Duration
	// Died is told when a job has become dead, inside the transaction. It may be nil.
	Died func(ctx context.Context, tx *db.Tx, j Job, cause error) error
}

// Queue runs the kinds. Fields are set before [Queue.Run].
type Queue struct {
	DB    *db.DB
	Now   func() time.Time
	Log   *slog.Logger
	Kinds []Kind
	// Single says that no other process works on this database, so that jobs
	// found running at the start are taken up at once.
	Single bool
	// SharedClock says that leases run on the database's clock, because other
	// nodes, whose clocks may differ, look at them too.
	SharedClock bool
	// Woke is told which kind has new work, for other nodes. It may be nil.
	Woke func(kind string)
	// Ran is told what was done of a kind, for metrics. It may be nil.
	Ran func(kind string, done, failed int, took time.Duration)

	mu    sync.Mutex
	bells map[string]chan struct{}
}

// Later is returned by a job that cannot be done yet: it is run again at the
// time, and the attempt does not count.
type Later struct {
	At  time.Time
	Why errs.Text
}

func (l Later) Error() string { return l.Why.String() }

// Final marks an error that no repetition can mend: the job is dead at once.
type Final struct{ Err error }

func (f Final) Error() string { return f.Err.Error() }
func (f Final) Unwrap() error { return f.Err }

// Backoff doubles from two seconds to one hour, with a jitter of a quarter.
func Backoff(attempt int) time.Duration {
	d := time.Hour
	if attempt < 12 {
		d = min(d, 2*time.Second<<max(attempt-1, 0))
	}
	return d - time.Duration(rand.Int64N(int64(d/4)+1))
}

// Poll is how often the queue looks for what is due without being told.
const Poll = time.Second

// Run works until ctx ends, then waits for what is running.
func (q *Queue) Run(ctx context.Context) error {
	if _, err := q.reclaim(ctx, q.Single); err != nil {
		return err
	}
	if err := q.SetRight(ctx); err != nil {
		return err
	}
	wall := clock.NewWatch(q.Now)
	var wg sync.WaitGroup
	for _, k := range q.Kinds {
		for range max(k.Workers, 1) {
			wg.Go(func() { q.loop(ctx, k) })
		}
	}
	wg.Go(func() { q.every(ctx, Poll, func() { q.look(ctx) }) })
	wg.Go(func() {
		q.every(ctx, 5*time.Second, func() {
			q.reclaimLogged(ctx)
			if by := wall.Look(); by < 0 {
				q.setBack(ctx, by)
			}
		})
	})
	wg.Wait()
	return nil
}

// Reclaim frees the jobs of nodes that stopped without a word; Run does it every
// five seconds.
func (q *Queue) Reclaim(ctx context.Context) error {
	_, err := q.reclaim(ctx, false)
	return err
}

func (q *Queue) reclaimLogged(ctx context.Context) {
	if err := q.Reclaim(ctx); err != nil && ctx.Err() == nil {
		q.Log.Warn("jobs of stopped nodes were not freed", "error", err)
	}
}

func (q *Queue) setBack(ctx context.Context, by time.Duration) {
	q.Log.Warn("the clock of this machine was set back", "by", by.Abs())
	if err := q.SetRight(ctx); err != nil && ctx.Err() == nil {
		q.Log.Warn("jobs still wait for a time that was wrong", "error", err)
	}
}

func (q *Queue) every(ctx context.Context, d time.Duration, do func()) {
	t := time.NewTicker(d)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			do()
		}
	}
}

// loop works whenever the bell of its kind rings. A worker that found something
// rings for the next one, so that many jobs wake many workers.
func (q *Queue) loop(ctx context.Context, k Kind) {
	bell := q.bell(k.Name)
	for ctx.Err() == nil {
		n, err := q.RunOnce(ctx, k)
		if err != nil && ctx.Err() == nil {
			q.Log.Warn("jobs could not be run", "kind", k.Name, "error", err)
		}
		if n > 0 && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-bell:
		}
	}
}

// look rings for each kind of which a job is due: one question for all workers,
// because an idle shop asks it all night.
func (q *Queue) look(ctx context.Context) {
	due, err := q.due(ctx)
	if err != nil && ctx.Err() == nil {
		q.Log.Warn("nobody could look for jobs", "error", err)
	}
	for _, kind := range due {
		q.Ring(kind)
	}
}

// RunOnce claims what is due of one kind, does it, and reports how many jobs it
// took. Tests call it instead of waiting.
func (q *Queue) RunOnce(ctx context.Context, k Kind) (int, error) {
	limit, lease := k.Limit, k.Lease
	if lease == 0 {
		lease = 15 * time.Second
	}
	if limit == 0 && k.Batch != nil {
		limit = 64
	}
	jobs, err := q.claim(ctx, k.Name, max(limit, 1), lease)
	if err != nil || len(jobs) == 0 {
		return 0, err
	}
	q.Ring(k.Name)
	stop := q.keepLease(ctx, jobs, lease)
	defer stop()
	bad := 0
	if q.Ran != nil {
		defer func(start time.Time) { q.Ran(k.Name, len(jobs)-bad, bad, time.Since(start)) }(time.Now())
	}
	if k.Batch != nil {
		failed := q.batch(ctx, k, jobs)
		bad = len(failed)
		for _, j := range jobs {
			if cause := failed[j.ID]; cause != nil {
				err = errors.Join(err, q.failed(k, j, cause))
			}
		}
		return len(jobs), err
	}
	for _, j := range jobs {
		done, oneErr := q.one(ctx, k, j)
		if !done {
			bad++
		}
		err = errors.Join(err, oneErr)
	}
	return len(jobs), err
}

func (q *Queue) keepLease(ctx context.Context, jobs []Job, lease time.Duration) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	go q.every(ctx, lease/3, func() {
		if err := q.renew(ctx, jobs, lease); err != nil && ctx.Err() == nil {
			q.Log.Warn("the lease of running jobs was not renewed", "error", err)
		}
	})
	return cancel
}

func (q *Queue) batch(ctx context.Context, k Kind, jobs []Job) (failed map[int64]error) {
	defer func() {
		if p := recover(); p != nil {
			q.Log.Error("a job panicked", "kind", k.Name, "panic", p, "stack", string(debug.Stack()))
			failed = map[int64]error{}
			for _, j := range jobs {
				failed[j.ID] = fmt.Errorf("panic: %v", p)
			}
		}
	}()
	return k.Batch(ctx, jobs)
}

// one does a job and tells whether it was done.
func (q *Queue) one(ctx context.Context, k Kind, j Job) (bool, error) {
	err := func() (err error) {
		defer func() {
			if p := recover(); p != nil {
				q.Log.Error("a job panicked", "kind", k.Name, "job", j.ID, "panic", p, "stack", string(debug.Stack()))
				err = fmt.Errorf("panic: %v", p)
			}
		}()
		return k.Do(ctx, j)
	}()
	if err != nil {
		return false, q.failed(k, j, err)
	}
	ctx, cancel := finishing(ctx)
	defer cancel()
	return true, q.DB.Write(ctx, func(tx *db.Tx) error {
		if err := q.DoneTx(ctx, tx, j); !errors.Is(err, errLeaseLost) {
			return err
		}
		return nil
	})
}

// finishing gives the bookkeeping of a job a few seconds after the program was told to stop.
func finishing(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
}

var stopped = errs.Say("The program was stopped meanwhile.")

// failed decides what becomes of a job that returned an error.
func (q *Queue) failed(k Kind, j Job, cause error) error {
	ctx, cancel := finishing(context.Background())
	defer cancel()
	var later Later
	var final Final
	attempts := k.Attempts
	if attempts == 0 {
		attempts = 12
	}
	backoff := k.Backoff
	if backoff == nil {
		backoff = Backoff
	}
	if errors.Is(cause, errLeaseLost) {
		return nil
	}
	return q.DB.Write(ctx, func(tx *db.Tx) error {
		if errors.Is(cause, context.Canceled) {
			return q.snoozeTx(ctx, tx, j, q.Now(), stopped.String())
		}
		if errors.As(cause, &later) {
			return q.snoozeTx(ctx, tx, j, later.At, later.Why.String())
		}
		pause, dead := backoff(j.Attempts), errors.As(cause, &final) || j.Attempts >= attempts
		if errs.Is(cause, errs.Unavailable) { // a full disk is no fault of the job, however long it is full
			pause, dead = min(pause, time.Minute), errors.As(cause, &final)
		}
		if err := q.failTx(ctx, tx, j, cause, q.Now().Add(pause), dead); err != nil {
			if errors.Is(err, errLeaseLost) {
				return nil
			}
			return err
		}
		if dead && k.Died != nil {
			return k.Died(ctx, tx, j, cause)
		}
		return nil
	})
}

func (q *Queue) bell(kind string) chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.bells == nil {
		q.bells = map[string]chan struct{}{}
	}
	if q.bells[kind] == nil {
		q.bells[kind] = make(chan struct{}, 1)
	}
	return q.bells[kind]
}

// wake tells this node's workers, and the others through Woke.
func (q *Queue) wake(kind string) {
	q.Ring(kind)
	if q.Woke != nil {
		q.Woke(kind)
	}
}

// Ring tells this node's workers that a kind may have work.
func (q *Queue) Ring(kind string) {
	select {
	case q.bell(kind) <- struct{}{}:
	default:
	}
}

func (q *Queue) wakeAll() {
	for _, k := range q.Kinds {
		q.wake(k.Name)
	}
}
