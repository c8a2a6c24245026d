package realtime

import (
	"context"
	"sync"
	"time"
)

const (
	maxWaiting = 1024                 // hints not yet sent
	maxAtOnce  = 100                  // hints that are sent together
	maxBytes   = 256 << 10            // of data that is sent together
	sendGap    = 5 * time.Millisecond // hints that come closer go together
)

// hint is one message of a bus.
type hint struct{ subject, data string }

// outgoing are the hints of this node that wait to be sent, each only once. When
// there are too many, new ones are dropped: the others poll.
type outgoing struct {
	mu      sync.Mutex
	waiting []hint
	queued  map[hint]bool
	bell    chan struct{}
}

func newOutgoing() *outgoing {
	return &outgoing{queued: map[hint]bool{}, bell: make(chan struct{}, 1)}
}

// add puts a hint in line and never waits.
func (o *outgoing) add(subject string, data []byte) {
	if len(data) > MaxHint {
		return
	}
	one := hint{subject, string(data)}
	o.mu.Lock()
	if len(o.waiting) < maxWaiting && !o.queued[one] {
		o.queued[one] = true
		o.waiting = append(o.waiting, one)
	}
	o.mu.Unlock()
	select {
	case o.bell <- struct{}{}:
	default:
	}
}

func (o *outgoing) take() []hint {
	o.mu.Lock()
	defer o.mu.Unlock()
	n, size := 0, 0
	for n < min(len(o.waiting), maxAtOnce) && (n == 0 || size+len(o.waiting[n].data) <= maxBytes) {
		size += len(o.waiting[n].data)
		n++
	}
	list := o.waiting[:n:n]
	o.waiting = o.waiting[n:]
	for _, one := range list {
		delete(o.queued, one)
	}
	return list
}

// run hands what is waiting to send until ctx ends. What send cannot send is gone.
func (o *outgoing) run(ctx context.Context, send func(ctx context.Context, list []hint)) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-o.bell:
		}
		for list := o.take(); len(list) > 0; list = o.take() {
			send(ctx, list)
		}
		wait(ctx, sendGap)
	}
}

// health remembers whether a bus is up, and since when.
type health struct {
	mu    sync.Mutex
	up    bool
	since time.Time
}

// set notes the state and reports whether it is new.
func (h *health) set(up bool) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.up == up && !h.since.IsZero() {
		return false
	}
	h.up, h.since = up, time.Now()
	return true
}

func (h *health) status(via string) Status {
	h.mu.Lock()
	defer h.mu.Unlock()
	return Status{Via: via, Up: h.up, Since: h.since}
}

func wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
