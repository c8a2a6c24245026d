package access

import (
	"fmt"
	"testing"
	"time"
)

func TestAStormOfGuessesFromEverywhereLocksNobodyOut(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	d := newDoors()
	passed := 0
	for i := range 1000 {
		if _, err := d.enter(fmt.Sprintf("198.51.%d.%d", i/250, i%250), "olga", false, now); err == nil {
			passed++
		}
	}
	if passed != 60 {
		t.Errorf("%d guesses at one account passed", passed)
	}
	if _, err := d.enter("203.0.113.5", "olga", true, now); err != nil {
		t.Errorf("the address that the owner uses is locked out: %v", err)
	}
	if _, err := d.enter("203.0.113.9", "ann", false, now); err != nil {
		t.Errorf("another account is locked out: %v", err)
	}
	if _, err := d.enter("203.0.113.77", "olga", false, now.Add(30*time.Second)); err != nil {
		t.Errorf("a new address must wait longer than half a minute: %v", err)
	}
}

func TestOnePasswordTriedOnManyAccountsIsThrottledByAddress(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	d := newDoors()
	passed := 0
	for i := range 200 {
		if _, err := d.enter("198.51.100.1", fmt.Sprint("account", i), false, now); err == nil {
			passed++
		}
	}
	if passed != 50 {
		t.Errorf("%d accounts could be tried", passed)
	}
}

func TestASuccessGivesEveryTryBack(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	d := newDoors()
	for range 500 {
		back, err := d.enter("203.0.113.5", "olga", false, now)
		if err != nil {
			t.Fatal(err)
		}
		back()
	}
}

func TestTheMemoryOfGuessesIsBounded(t *testing.T) {
	t.Parallel()
	th := newThrottle(5, time.Second)
	for i := range 3 * maxBuckets {
		th.take(fmt.Sprint(i), time.Time{}.Add(time.Hour))
	}
	if n := len(th.now) + len(th.old); n > 2*maxBuckets {
		t.Errorf("%d buckets are kept", n)
	}
}
