package lease

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// world is the clock of a test: the database reads it from a setting.
type world struct {
	t  *testing.T
	d  *db.DB
	mu sync.Mutex
	at int64
}

func newWorld(t *testing.T, d *db.DB) *world {
	w := &world{t: t, d: d}
	w.pass(1_700_000_000 * time.Second)
	return w
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.UnixMilli(w.at)
}

// pass lets time go by for nodes and database.
func (w *world) pass(d time.Duration) {
	w.t.Helper()
	w.mu.Lock()
	w.at += d.Milliseconds()
	at := strconv.FormatInt(w.at, 10)
	w.mu.Unlock()
	if err := w.d.Write(context.Background(), func(tx *db.Tx) error {
		return db.SetSetting(context.Background(), tx, "test_clock", at)
	}); err != nil {
		w.t.Fatal(err)
	}
}

// node is a Holder that looks only when told.
type node struct {
	*Holder
	tick chan time.Time
}

func (w *world) node(name string) *node {
	n := &node{tick: make(chan time.Time)}
	n.Holder = &Holder{
		DB: w.d, Node: name, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		sqlTime: "(SELECT CAST(value AS BIGINT) FROM setting WHERE name = 'test_clock')",
		now:     w.now,
		ticks:   func() (<-chan time.Time, func()) { return n.tick, func() {} },
		renewed: make(chan struct{}),
	}
	return n
}

// looks makes the node's loop go round once.
func (n *node) looks() {
	n.tick <- time.Time{}
	<-n.renewed
}

// holds runs Try in the background; the returned functions end it and wait.
func (n *node) holds(t *testing.T, name string) (token int64, ended <-chan error, end func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	got, cause, done := make(chan int64, 1), make(chan error, 1), make(chan error, 1)
	go func() {
		ran, err := n.Try(ctx, name, func(ctx context.Context, token int64) error {
			got <- token
			<-ctx.Done()
			cause <- context.Cause(ctx)
			return nil
		})
		if !ran {
			got <- 0
		}
		done <- err
	}()
	token = <-got
	return token, cause, func() error { cancel(); return <-done }
}

func check(d *db.DB, name string, token int64) error {
	ctx := context.Background()
	return d.Write(ctx, func(tx *db.Tx) error { return CheckTx(ctx, tx, name, token) })
}

func TestALeaseHasOneHolderUntilItIsReleased(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		a, b := w.node("a"), w.node("b")
		first, _, endA := a.holds(t, "mail")
		if refused, _, _ := b.holds(t, "mail"); first == 0 || refused != 0 {
			t.Fatalf("a has token %d, b has token %d", first, refused)
		}
		if err := endA(); err != nil {
			t.Fatal(err)
		}
		second, _, endB := b.holds(t, "mail")
		if second <= first {
			t.Fatalf("token %d after %d", second, first)
		}
		if err := check(d, "mail", second); err != nil {
			t.Error(err)
		}
		if err := check(d, "mail", first); !errs.Is(err, errs.Conflict) {
			t.Errorf("a write under the old token: %v", err)
		}
		if err := endB(); err != nil {
			t.Error(err)
		}
	})
}

func TestARenewedLeaseIsKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		a, b := w.node("a"), w.node("b")
		token, ended, end := a.holds(t, "mail")
		for range 6 {
			w.pass(Renewed)
			a.looks()
		}
		if refused, _, _ := b.holds(t, "mail"); refused != 0 {
			t.Fatal("another node took a lease that is renewed")
		}
		select {
		case err := <-ended:
			t.Fatalf("ended: %v", err)
		default:
		}
		if err := errors.Join(check(d, "mail", token), end()); err != nil {
			t.Error(err)
		}
	})
}

func TestANodeThatStoodStillLosesItsLease(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		a, b := w.node("a"), w.node("b")
		old, ended, endA := a.holds(t, "mail")
		w.pass(Lost)
		token, _, endB := b.holds(t, "mail")
		if token <= old {
			t.Fatalf("token %d after %d", token, old)
		}
		if err := check(d, "mail", old); !errs.Is(err, errs.Conflict) {
			t.Errorf("a write under the old token: %v", err)
		}
		a.looks()
		if cause := <-ended; cause != ErrLost {
			t.Errorf("cause: %v", cause)
		}
		if err := endA(); err != nil {
			t.Error(err)
		}
		if err := check(d, "mail", token); err != nil {
			t.Errorf("the late release of the old holder took the lease from the new one: %v", err)
		}
		if err := endB(); err != nil {
			t.Error(err)
		}
	})
}

func TestALeaseIsGivenUpBeforeItRunsOutWhenTheDatabaseIsAway(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		a := w.node("a")
		_, ended, end := a.holds(t, "mail")
		a.sqlTime = "(SELECT broken FROM nowhere)" // every statement fails from here
		w.pass(Renewed)
		a.looks()
		select {
		case cause := <-ended:
			t.Fatalf("given up after one failure: %v", cause)
		default:
		}
		w.pass(Lost - margin - Renewed)
		a.looks()
		if cause := <-ended; cause != ErrLost {
			t.Errorf("cause: %v", cause)
		}
		if err := end(); err != nil {
			t.Error(err)
		}
	})
}

func TestWorkIsSharedBetweenNodesAndTakenOverFromADeadOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		w := newWorld(t, d)
		names := []string{"1", "2", "3", "4", "5", "6"}
		wanted := func(context.Context) ([]string, error) { return append([]string(nil), names...), nil }
		do := func(ctx context.Context, _ string, _ int64) error { <-ctx.Done(); return nil }
		a, b := w.node("a"), w.node("b")
		sa, sb := a.newSpread("box", wanted, do), b.newSpread("box", wanted, do)
		join := func(n *node) func() error {
			_, _, end := n.holds(t, nodePrefix("box")+n.Node)
			return end
		}
		round := func(s *spread) {
			t.Helper()
			if err := s.round(ctx); err != nil {
				t.Fatal(err)
			}
		}
		endA := join(a)
		if round(sa); sa.count() != 6 {
			t.Fatalf("the only node holds %d of 6", sa.count())
		}
		endB := join(b)
		round(sa)
		sa.settle()
		if round(sb); sa.count() != 3 || sb.count() != 3 {
			t.Fatalf("two nodes hold %d and %d", sa.count(), sb.count())
		}
		names = names[:4]
		round(sa)
		round(sb)
		sa.settle()
		sb.settle()
		round(sa)
		round(sb)
		if sa.count() != 2 || sb.count() != 2 {
			t.Fatalf("of four, two nodes hold %d and %d", sa.count(), sb.count())
		}
		w.pass(Renewed)
		b.looks()
		w.pass(Lost - Renewed) // a stands still: its leases run out, those of b do not
		if round(sb); sb.count() != 4 {
			t.Fatalf("after the other node died one holds %d of 4", sb.count())
		}
		cancel()
		sa.wg.Wait()
		sb.wg.Wait()
		if err := errors.Join(endA(), endB()); err != nil {
			t.Error(err)
		}
	})
}

func TestWorkThatPanicsIsTakenUpAgain(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	w := newWorld(t, dbtest.SQLite(t))
	started := make(chan int64)
	s := w.node("a").newSpread("box", func(context.Context) ([]string, error) { return []string{"1"}, nil },
		func(ctx context.Context, _ string, token int64) error {
			started <- token
			if token == 1 {
				panic("broken")
			}
			<-ctx.Done()
			return nil
		})
	round := func() {
		if err := s.round(ctx); err != nil {
			t.Error(err)
		}
	}
	round()
	if token := <-started; token != 1 {
		t.Fatalf("token %d", token)
	}
	s.wg.Wait()
	round()
	if token := <-started; token != 2 {
		t.Fatalf("token %d", token)
	}
	cancel()
	s.wg.Wait()
}

// count is the number of leases that are held and not being let go of.
func (s *spread) count() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.mine {
		if !one.ending {
			n++
		}
	}
	return n
}

// settle waits until what is being let go of is gone.
func (s *spread) settle() {
	s.mu.Lock()
	var ending []chan struct{}
	for _, one := range s.mine {
		if one.ending {
			ending = append(ending, one.done)
		}
	}
	s.mu.Unlock()
	for _, done := range ending {
		<-done
	}
}

func TestWhatIsWrittenUnderALostLeaseIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newWorld(t, d)
		a, b := w.node("a"), w.node("b")
		note := func(ctx context.Context, text string) error {
			return d.Write(ctx, func(tx *db.Tx) error { return db.SetSetting(ctx, tx, "noted", text) })
		}
		ran, err := a.Try(ctx, "mail", func(ctx context.Context, _ int64) error {
			if err := note(ctx, "by a"); err != nil {
				t.Errorf("a write under the lease: %v", err)
			}
			w.pass(Lost)
			_, _, end := b.holds(t, "mail")
			if err := note(context.WithoutCancel(ctx), "late"); !errors.Is(err, ErrTaken) {
				t.Errorf("a late write: %v", err)
			}
			return end()
		})
		if !ran || err != nil {
			t.Fatal(ran, err)
		}
		if text, err := db.Setting(ctx, d, "noted"); text != "by a" || err != nil {
			t.Errorf("noted %q, %v", text, err)
		}
	})
}

// TestALongWriteUnderALeaseStopsNobodyButWhoTakesOver holds a transaction open
// while the lease is renewed and then, when it has run out, asked for.
func TestALongWriteUnderALeaseStopsNobodyButWhoTakesOver(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	d := dbtest.Postgres(t)
	w := newWorld(t, d)
	a, b := w.node("a"), w.node("b")
	open, commit, committed := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = a.Try(ctx, "mail", func(ctx context.Context, _ int64) error {
			committed <- d.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error { close(open); <-commit; return nil })
			return nil
		})
	}()
	<-open
	w.pass(Renewed)
	a.looks() // would wait for ever if the write held up the renewal
	w.pass(Lost)
	took := make(chan int64, 1)
	go func() {
		token, _, end := b.holds(t, "mail")
		took <- token
		_ = end()
	}()
	waiting := func() (n int) {
		if err := d.QueryRow(ctx, "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for waiting() == 0 && ctx.Err() == nil {
	}
	select {
	case token := <-took:
		t.Fatalf("taken over with token %d while the old holder was writing", token)
	default:
	}
	close(commit)
	if err := <-committed; err != nil {
		t.Errorf("a write that began in time: %v", err)
	}
	if token := <-took; token != 2 {
		t.Errorf("token %d", token)
	}
	<-ended
}
