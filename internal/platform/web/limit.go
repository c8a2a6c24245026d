package web

import (
	"context"
	"errors"
	"math"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// maxLimiters bounds the memory: two generations of this many.
const maxLimiters = 20_000

// limiters hold one token bucket per name. When too many names were seen, those
// not seen since the last turn are forgotten.
type limiters struct {
	rate  rate.Limit
	burst int

	mu       sync.Mutex
	now, old map[string]*rate.Limiter
}

func newLimiters(perSecond float64, burst int) *limiters {
	return &limiters{rate: rate.Limit(perSecond), burst: burst, now: map[string]*rate.Limiter{}}
}

// take asks for one request of the name; the error says when to come again.
func (l *limiters) take(name string, at time.Time) error {
	b := l.bucket(name)
	if b.AllowN(at, 1) {
		return nil
	}
	e := errs.New(errs.TooMany, "Too many requests. Wait a moment and repeat.")
	e.RetryAfter = max(1, int(math.Ceil((1-b.TokensAt(at))/float64(l.rate))))
	return e
}

func (l *limiters) bucket(name string) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.now[name]
	if b != nil {
		return b
	}
	if b = l.old[name]; b == nil {
		b = rate.NewLimiter(l.rate, l.burst)
	}
	if len(l.now) >= maxLimiters {
		l.old, l.now = l.now, map[string]*rate.Limiter{}
	}
	l.now[name] = b
	return b
}

// Few lets each caller do something costly some times at once, and once more
// whenever a while has passed.
type Few struct{ callers *limiters }

// NewFew allows n at once, and so many in each period.
func NewFew(n int, period time.Duration) *Few {
	return &Few{newLimiters(float64(n)/period.Seconds(), n)}
}

// Take is one try of the caller; beyond what is allowed it is refused with the sentence.
func (f *Few) Take(ctx context.Context, at time.Time, refusal errs.Text) error {
	return f.TakeAs(Caller(ctx).ID, at, refusal)
}

// TakeAs is one try of a stranger, who goes by another name, such as that of their network.
func (f *Few) TakeAs(name string, at time.Time, refusal errs.Text) error {
	err := f.callers.take(name, at)
	var busy *errs.Error
	if !errors.As(err, &busy) {
		return err
	}
	e := errs.Said(errs.TooMany, refusal)
	e.RetryAfter = busy.RetryAfter
	return e
}

// addressGroup is the address, or the /64 that one customer of an IPv6 provider has.
func addressGroup(ip netip.Addr) string {
	if ip.Is6() && !ip.Is4In6() {
		if p, err := ip.Prefix(64); err == nil {
			return p.String()
		}
	}
	return ip.Unmap().String()
}
