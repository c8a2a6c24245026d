package clock

import (
	"sync"
	"time"
)

const (
	// Jump is by how much the clock must be set to be noticed: the network sets
	// it by less all the time.
	Jump = time.Minute
	// Doubted is for how long the clock is not believed after a jump.
	Doubted = 24 * time.Hour
)

// Watch compares the wall clock with the time that has run.
type Watch struct {
	wall func() time.Time
	ran  func() time.Duration

	mu      sync.Mutex
	at      time.Time // what wall and ran said when it was looked last
	after   time.Duration
	jumped  time.Duration // what ran said when a jump was noticed last
	by      time.Duration // all jumps that are doubted, added up
	doubted bool
}

// NewWatch makes a watch of a wall clock.
func NewWatch(wall func() time.Time) *Watch {
	start := time.Now()
	return newWatch(wall, func() time.Duration { return time.Since(start) })
}

func newWatch(wall func() time.Time, ran func() time.Duration) *Watch {
	w := &Watch{wall: wall, ran: ran}
	w.at, w.after = w.now()
	return w
}

// now reads both; without the reading that Go keeps beside the wall clock.
func (w *Watch) now() (time.Time, time.Duration) { return w.wall().Round(0), w.ran() }

// Look tells by how much the clock was set since the last look, 0 when it was
// by less than [Jump]. It is negative when the clock was set back.
func (w *Watch) Look() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.look()
}

func (w *Watch) look() time.Duration {
	at, after := w.now()
	by := at.Sub(w.at) - (after - w.after)
	w.at, w.after = at, after
	if by.Abs() < Jump {
		return 0
	}
	w.jumped, w.doubted = after, true
	w.by += by
	return by
}

// Doubt tells whether the clock has jumped within the last day, by how much in
// all. A clock that was set right again is not doubted.
func (w *Watch) Doubt() (by time.Duration, doubted bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.look()
	if w.doubted && (w.after-w.jumped >= Doubted || w.by.Abs() < Jump) {
		w.doubted, w.by = false, 0
	}
	return w.by, w.doubted
}
