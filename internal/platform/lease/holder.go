package lease

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// How long a lease lives.
const (
	Renewed = 5 * time.Second  // between two renewals
	Lost    = 15 * time.Second // after the last renewal
	// margin is how much sooner a holder gives up than others may take over.
	margin = 2 * time.Second
	// step is how often a holder looks whether a renewal is due.
	step = time.Second
)

// Holder takes leases for one node. Fields are set before the first use.
type Holder struct {
	DB   *db.DB
	Node string // unique for each start of the program
	Log  *slog.Logger

	sqlTime string                            // tests: the database's clock
	now     func() time.Time                  // tests: the clock that runs between renewals
	ticks   func() (<-chan time.Time, func()) // tests: looks

	mu      sync.Mutex
	held    map[string]*grip
	running bool
	renewed chan struct{} // tests: told after each look
}

// grip is one lease that we hold.
type grip struct {
	token  int64
	good   time.Time // the lease was surely ours at this time
	cancel context.CancelCauseFunc
}

type lostError struct{}

func (lostError) Error() string { return "the lease was lost" }

// ErrLost is the cause of a context that ended because the lease was lost.
var ErrLost error = lostError{}

func (h *Holder) clockNow() time.Time {
	if h.now != nil {
		return h.now()
	}
	return time.Now()
}

// Try runs fn if the lease is free right now and reports whether it was. The
// context of fn ends when the lease is lost, and what is written under it is
// refused with [ErrTaken] when another node has taken over; Try returns when fn
// has returned.
func (h *Holder) Try(ctx context.Context, name string, fn func(ctx context.Context, token int64) error) (ran bool, err error) {
	start := h.clockNow()
	token, err := h.take(ctx, name)
	if err != nil || token == 0 {
		return false, err
	}
	work, cancel := context.WithCancelCause(db.Fenced(ctx, func(ctx context.Context, tx *db.Tx) error {
		return CheckTx(ctx, tx, name, token)
	}))
	g := &grip{token: token, good: start, cancel: cancel}
	h.keep(name, g)
	defer func() {
		cancel(nil)
		h.drop(name, g)
		done, stop := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer stop()
		if err := h.release(done, name, token); err != nil {
			h.Log.Warn("a lease was not released, it runs out by itself", "lease", name, "error", err)
		}
	}()
	return true, fn(work, token)
}

// Do waits for the lease, runs fn while it is held and returns what fn
// returned. When the lease is lost the context of fn ends with the cause
// [ErrLost], and after fn has returned Do waits for the lease again. It ends
// with ctx.
func (h *Holder) Do(ctx context.Context, name string, fn func(ctx context.Context, token int64) error) error {
	for {
		lost := false
		ran, err := h.Try(ctx, name, func(ctx context.Context, token int64) error {
			defer func() { lost = errors.Is(context.Cause(ctx), ErrLost) }()
			return fn(ctx, token)
		})
		if ran && !lost {
			return err
		}
		if err != nil && !lost && ctx.Err() == nil {
			h.Log.Warn("a lease could not be asked for", "lease", name, "error", err)
		}
		if err := pause(ctx, Renewed/3); err != nil {
			return err
		}
	}
}

// pause waits between two tries for at most d, not in step with the other nodes.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d - time.Duration(rand.Int64N(int64(d/2))))
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Held counts the leases of this node by the first part of their names.
func (h *Holder) Held() map[string]int {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := map[string]int{}
	for name := range h.held {
		kind, _, _ := strings.Cut(name, "/")
		out[kind]++
	}
	return out
}

func (h *Holder) keep(name string, g *grip) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.held == nil {
		h.held = map[string]*grip{}
	}
	h.held[name] = g
	if !h.running {
		h.running = true
		go h.loop()
	}
}

func (h *Holder) drop(name string, g *grip) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.held[name] == g {
		delete(h.held, name)
	}
}

// loop renews as long as something is held.
func (h *Holder) loop() {
	tick, stop := h.ticker()
	defer stop()
	for range tick {
		h.look()
		if h.renewed != nil {
			h.renewed <- struct{}{}
		}
		h.mu.Lock()
		if len(h.held) == 0 {
			h.running = false
			h.mu.Unlock()
			return
		}
		h.mu.Unlock()
	}
}

func (h *Holder) ticker() (<-chan time.Time, func()) {
	if h.ticks != nil {
		return h.ticks()
	}
	t := time.NewTicker(step)
	return t.C, t.Stop
}

// look renews what is due and gives up what may be lost: also when the
// database does not answer nobody works beyond the end of a lease.
func (h *Holder) look() {
	start := h.clockNow()
	due, oldest := h.due(start)
	if len(due) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), max(Lost-margin-start.Sub(oldest), time.Millisecond))
	kept, err := h.renew(ctx, due)
	cancel()
	if err != nil {
		h.Log.Warn("leases were not renewed", "leases", len(due), "error", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for name, token := range due {
		g := h.held[name]
		if g == nil || g.token != token {
			continue
		}
		switch {
		case err == nil && kept[name]:
			g.good = start
		case err == nil, h.clockNow().Sub(g.good) >= Lost-margin:
			h.Log.Warn("a lease was lost", "lease", name)
			delete(h.held, name)
			g.cancel(ErrLost)
		}
	}
}

// due lists the leases that want renewal and the time at which the oldest of
// them was surely ours.
func (h *Holder) due(now time.Time) (due map[string]int64, oldest time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	due, oldest = map[string]int64{}, now
	for name, g := range h.held {
		if now.Sub(g.good) < Renewed {
			continue
		}
		due[name] = g.token
		if g.good.Before(oldest) {
			oldest = g.good
		}
	}
	return due, oldest
}
