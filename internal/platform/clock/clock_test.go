package clock

import (
	"testing"
	"time"
)

// hands are the wall clock and the time that runs.
type hands struct {
	at  time.Time
	ran time.Duration
}

func (h *hands) pass(d time.Duration) { h.at, h.ran = h.at.Add(d), h.ran+d }

func newHands() (*hands, *Watch) {
	h := &hands{at: time.UnixMilli(1_700_000_000_000)}
	return h, newWatch(func() time.Time { return h.at }, func() time.Duration { return h.ran })
}

func TestAClockThatRunsOnlyIsNotDoubted(t *testing.T) {
	t.Parallel()
	h, w := newHands()
	for range 100 {
		h.pass(time.Hour)
		h.at = h.at.Add(time.Second) // set by the network
		if by := w.Look(); by != 0 {
			t.Fatalf("jumped by %s", by)
		}
	}
	if by, doubted := w.Doubt(); doubted {
		t.Errorf("doubted, %s", by)
	}
}

func TestAJumpIsNoticedOnceAndDoubtedForADay(t *testing.T) {
	t.Parallel()
	for _, jump := range []time.Duration{400 * 24 * time.Hour, -2 * time.Hour} {
		h, w := newHands()
		h.pass(time.Hour)
		h.at = h.at.Add(jump)
		if by := w.Look(); by != jump {
			t.Errorf("jumped by %s, noticed %s", jump, by)
		}
		if by := w.Look(); by != 0 {
			t.Errorf("noticed again: %s", by)
		}
		h.pass(Doubted - time.Second)
		if by, doubted := w.Doubt(); !doubted || by != jump {
			t.Errorf("%t, %s", doubted, by)
		}
		h.pass(time.Second)
		if by, doubted := w.Doubt(); doubted {
			t.Errorf("still doubted: %s", by)
		}
	}
}

func TestAClockThatIsSetRightAgainIsBelievedAtOnce(t *testing.T) {
	t.Parallel()
	h, w := newHands()
	h.at = h.at.Add(24 * time.Hour)
	if _, doubted := w.Doubt(); !doubted {
		t.Error("not noticed")
	}
	h.pass(time.Hour)
	h.at = h.at.Add(-24 * time.Hour)
	if by, doubted := w.Doubt(); doubted {
		t.Errorf("doubted: %s", by)
	}
}
