package access

import (
	"context"
	"crypto/sha256"
	"math"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// door is a bucket of tries that refills, kept in the database so that it holds
// over all nodes and restarts. What is stored is only when the bucket is full
// again; a row that is not there is a full bucket.
type door struct {
	name  string
	burst int           // tries at once
	every time.Duration // one more try
}

// The three doors of sign-in. Address with account is the one that stops
// guessing. The account alone is slow and does not stop an address from which
// the agent has signed in before, so that nobody can lock them out. The address
// alone stops trying one password on many accounts.
var (
	pairDoor    = door{"pair", 5, 30 * time.Second}
	accountDoor = door{"account", 60, 30 * time.Second}
	addressDoor = door{"address", 50, 5 * time.Second}
)

// codeDoor is in front of the second step, which is reached only with the right password.
var codeDoor = door{"code", 5, 30 * time.Second}

// Asking for a new password: by address, and how many mails one agent gets.
var (
	forgotDoor = door{"forgot", 10, time.Minute}
	mailDoor   = door{"mail", 3, 20 * time.Minute}
)

// try is one try at a door; who is an address, an account or both.
type try struct {
	door door
	who  string
}

func (t try) key() []byte {
	h := sha256.Sum256([]byte(t.door.name + "\x00" + t.who))
	return h[:]
}

func tries(address, account string, known bool) []try {
	list := []try{{pairDoor, address + " " + account}, {addressDoor, address}}
	if !known {
		list = append(list, try{accountDoor, account})
	}
	return list
}

// enter takes one try at each door, or none when one of them is shut.
func (s *Service) enter(ctx context.Context, list ...try) error {
	now := s.cfg.Now()
	for _, t := range list { // most of a storm is turned away without a write
		full, err := readThrottle(ctx, s.cfg.DB, t.key())
		if err != nil {
			return err
		}
		if wait := t.door.wait(full, now); wait > 0 {
			return tooMany(wait)
		}
	}
	return s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := enterTx(ctx, tx, now, list...)
		return err
	})
}

// enterTx is [Service.enter] inside a transaction that ends with the error.
func enterTx(ctx context.Context, tx *db.Tx, now time.Time, list ...try) (ok bool, err error) {
	for _, t := range list {
		wait, err := t.takeTx(ctx, tx, now)
		if err != nil {
			return false, err
		}
		if wait > 0 {
			return false, tooMany(wait)
		}
	}
	return true, nil
}

func (t try) takeTx(ctx context.Context, tx *db.Tx, now time.Time) (wait time.Duration, err error) {
	taken, err := takeThrottle(ctx, tx, t.key(), now.UnixMilli(), t.door.every.Milliseconds(), t.door.limit(now))
	if err != nil || taken {
		return 0, err
	}
	full, err := readThrottle(ctx, tx, t.key())
	return max(t.door.wait(full, now), time.Millisecond), err
}

// limit is when a bucket with no try left would be full again. What is later was
// written by a clock that ran ahead and has been set right: it does not count.
func (d door) limit(now time.Time) int64 {
	return now.UnixMilli() + int64(d.burst)*d.every.Milliseconds()
}

// wait is how long until there is a try, not positive when there is one.
func (d door) wait(full int64, now time.Time) time.Duration {
	if full > d.limit(now) {
		return 0
	}
	return time.Duration(full+d.every.Milliseconds()-d.limit(now)) * time.Millisecond
}

func tooMany(wait time.Duration) error {
	e := errs.New(errs.TooMany, "Too many failed tries. Wait a little and try again.")
	e.RetryAfter = int(math.Ceil(wait.Seconds()))
	return e
}

// back returns the tries of somebody who turned out to be right.
func (s *Service) back(ctx context.Context, list ...try) {
	err := s.cfg.DB.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error { return backTx(ctx, tx, list...) })
	if err != nil {
		s.cfg.Log.Warn("a try of a sign-in was not given back", "error", err)
	}
}

func backTx(ctx context.Context, tx *db.Tx, list ...try) error {
	for _, t := range list {
		if err := giveThrottle(ctx, tx, t.key(), t.door.every.Milliseconds()); err != nil {
			return err
		}
	}
	return nil
}
