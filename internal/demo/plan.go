package demo

import (
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
)

// plan is what one conversation will be before it is told.
type plan struct {
	at     time.Time
	status conversation.Status
	long   bool // a thread of many turns
	junk   bool // nobody asked for this mail
}

// plan spreads the year: old conversations are closed, the newest are at work.
func (f *filler) plan() []plan {
	rnd := f.t.Rand()
	out := make([]plan, f.o.Conversations)
	for i, at := range moments(rnd, f.o.Now, len(out)) {
		out[i] = plan{at: at, status: conversation.Closed, long: rnd.IntN(120) == 0}
	}
	// About the last hundred are not finished: sixty open ones, and some that wait.
	open, recent := min(64, len(out)/20+1), min(len(out), 130)
	tail := out[len(out)-recent:]
	for i := range tail {
		switch left := recent - i; {
		case left <= open*3/4 || open > 0 && rnd.IntN(recent) < open/2:
			tail[i].status = conversation.Open
		case rnd.IntN(100) < 45:
			tail[i].status = conversation.Pending
		case rnd.IntN(100) < 25:
			tail[i].status = conversation.Snoozed
		}
		// Nothing is left waiting for weeks, however quiet the season.
		if age := f.o.Now.Sub(tail[i].at); age > 12*24*time.Hour && tail[i].status == conversation.Open {
			tail[i].at = f.o.Now.Add(-time.Duration(rnd.Int64N(int64(9 * 24 * time.Hour))))
		}
	}
	for range len(out) / 120 {
		p := &out[rnd.IntN(len(out))]
		p.junk, p.status = true, conversation.Spam
	}
	slices.SortFunc(out, func(a, b plan) int { return a.at.Compare(b.at) })
	if len(out) > 50 {
		out[len(out)-9].long, out[len(out)-30].long = true, true
	}
	return out
}
