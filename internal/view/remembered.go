package view

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/event"
)

// remembered holds what was made, at most so much of it.
type remembered[K comparable, V any] struct {
	mu   sync.Mutex
	made map[K]V
}

func (r *remembered[K, V]) get(k K) (v V, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok = r.made[k]
	return v, ok
}

// keep forgets all where there is more than most.
func (r *remembered[K, V]) keep(k K, v V, most int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.made == nil || len(r.made) > most {
		r.made = map[K]V{}
	}
	r.made[k] = v
}

// counts are remembered, and how long they took.
type counts struct {
	remembered[countKey, madeCount]
	spend sync.Mutex
	debt  time.Duration // what counting all anew took beyond its share of the time
	at    time.Time     // when the debt was that
	turns [64]sync.Mutex
}

// countKey is one view as one agent sees it; agent 0 is everybody who sees
// everything, of a view that does not speak of "me".
type countKey struct {
	view, version, agent int64
	scope                string // what the agent sees, "" = everything
}

type madeCount struct {
	Counted
	looked time.Time    // when it was found to be right last
	whole  time.Time    // when all was counted
	seen   event.Cursor // of the feed, taken before
	ids    []int64      // what was counted
}

func keyOf(a *access.Actor, v *Saved) countKey {
	key := countKey{view: v.ID, version: v.Version, agent: a.AgentID}
	switch {
	case !conversation.SeesEverything(a):
		key.scope = fmt.Sprint(a.Scope.Inboxes, slices.Sorted(slices.Values(a.Scope.Teams)))
	case !v.Conditions.personal():
		key.agent = 0
	}
	return key
}

// turn lets one at a time count what is the same, and returns what ends the turn.
func (c *counts) turn(k countKey) func() {
	mu := &c.turns[uint64(k.view*31+k.agent)%uint64(len(c.turns))]
	mu.Lock()
	return mu.Unlock
}

// busy tells whether counting all anew has taken more than its share of the time.
func (c *counts) busy(now time.Time) bool {
	c.spend.Lock()
	defer c.spend.Unlock()
	c.repay(now)
	return c.debt > countBurst
}

// spent adds what counting all took.
func (c *counts) spent(now time.Time, took time.Duration) {
	c.spend.Lock()
	defer c.spend.Unlock()
	c.repay(now)
	c.debt = min(c.debt+took, maxDebt)
}

func (c *counts) repay(now time.Time) {
	if !c.at.IsZero() {
		c.debt = max(0, c.debt-now.Sub(c.at)/countShare)
	}
	c.at = now
}
