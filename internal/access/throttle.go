package access

import (
	"math"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// throttle counts failed sign-ins in buckets that refill. A bucket that is not
// remembered is full, so forgetting is harmless and memory is bounded.
type throttle struct {
	burst float64
	every time.Duration // one more try

	mu       sync.Mutex
	now, old map[string]bucket
}

type bucket struct {
	tokens float64
	at     time.Time
}

const maxBuckets = 10_000

func newThrottle(burst float64, every time.Duration) *throttle {
	return &throttle{burst: burst, every: every, now: map[string]bucket{}}
}

// take asks for one try and says how long to wait when there is none.
func (t *throttle) take(name string, at time.Time) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	b := t.read(name, at)
	if b.tokens < 1 {
		return time.Duration(math.Ceil((1 - b.tokens) * float64(t.every)))
	}
	b.tokens--
	t.write(name, b)
	return 0
}

// give returns the try of a sign-in that succeeded.
func (t *throttle) give(name string, at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	b := t.read(name, at)
	b.tokens = min(t.burst, b.tokens+1)
	t.write(name, b)
}

func (t *throttle) read(name string, at time.Time) bucket {
	b, ok := t.now[name]
	if !ok {
		b, ok = t.old[name]
	}
	if !ok {
		return bucket{t.burst, at}
	}
	b.tokens = min(t.burst, b.tokens+float64(at.Sub(b.at))/float64(t.every))
	b.at = at
	return b
}

func (t *throttle) write(name string, b bucket) {
	if len(t.now) >= maxBuckets {
		t.old, t.now = t.now, map[string]bucket{}
	}
	t.now[name] = b
}

// doors are the three throttles of sign-in. Address with account is the one
// that stops guessing. The account alone is slow and does not stop an address
// from which the agent has signed in before, so that nobody can lock them out.
// The address alone stops trying one password on many accounts.
type doors struct{ pair, account, address *throttle }

func newDoors() doors {
	return doors{
		pair:    newThrottle(5, 30*time.Second),
		account: newThrottle(60, 30*time.Second),
		address: newThrottle(50, 5*time.Second),
	}
}

// enter asks for one try; back gives it back after a success.
func (d doors) enter(address, account string, known bool, at time.Time) (back func(), err error) {
	type door struct {
		t    *throttle
		name string
	}
	list := []door{{d.pair, address + " " + account}, {d.address, address}}
	if !known {
		list = append(list, door{d.account, account})
	}
	for i, o := range list {
		wait := o.t.take(o.name, at)
		if wait == 0 {
			continue
		}
		for _, before := range list[:i] {
			before.t.give(before.name, at)
		}
		e := errs.New(errs.TooMany, "Too many failed tries. Wait a little and try again.")
		e.RetryAfter = int(math.Ceil(wait.Seconds()))
		return nil, e
	}
	return func() {
		for _, o := range list {
			o.t.give(o.name, at)
		}
	}, nil
}
