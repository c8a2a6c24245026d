package realtime

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// tick notes what is due.
func (c *conn) tick(now time.Time) {
	c.mu.Lock()
	stuck := !c.writing.IsZero() && now.Sub(c.writing) >= WriteWithin
	if now.Sub(c.pinged) >= PingEvery {
		c.pinged, c.mustPing = now, true
	}
	if now.Sub(c.checked) >= RecheckEvery && c.recheck != nil {
		c.checked, c.mustAsk = now, true
	}
	due := c.mustPing || c.mustAsk
	c.mu.Unlock()
	if stuck {
		c.end(errSlow)
	}
	if due {
		c.nudge()
	}
}

// check makes the re-check due until it was answered.
func (c *conn) check() {
	c.mu.Lock()
	c.mustAsk = c.recheck != nil
	c.doubted = c.mustAsk
	c.mu.Unlock()
	c.nudge()
}

// askIfDue does the re-check.
func (c *conn) askIfDue() error {
	c.mu.Lock()
	ask, doubted := c.mustAsk, c.doubted
	c.mustAsk, c.doubted = false, false
	c.mu.Unlock()
	if !ask {
		return nil
	}
	err := c.ask()
	if doubted && c.failures > 0 { // not in a minute: at the next tick
		c.mu.Lock()
		c.mustAsk, c.doubted = true, true
		c.mu.Unlock()
	}
	return err
}

// duties does what is due.
func (c *conn) duties() error {
	c.mu.Lock()
	ping := c.mustPing
	c.mustPing = false
	c.mu.Unlock()
	if err := c.askIfDue(); err != nil {
		return err
	}
	if !ping {
		return nil
	}
	c.pings.Go(func() {
		ctx, cancel := context.WithTimeout(c.io, WriteWithin)
		defer cancel()
		if c.ws.Ping(ctx) != nil {
			c.end(errSilent)
		}
	})
	if c.pos == c.told { // otherwise much that the client may not see has passed
		return nil
	}
	c.told = c.pos
	return c.write(encode(frame{ID: c.pos.String(), Type: "cursor"}))
}

// ask looks whether the session still holds and what it may see now.
func (c *conn) ask() error {
	sight, err := c.recheck(c.ctx)
	switch {
	case err == nil:
	case errs.Is(err, errs.Unauthorized), errs.Is(err, errs.Forbidden), errs.Is(err, errs.NotFound):
		return errSignedOut
	default:
		if c.failures++; c.failures >= 3 {
			return errTrouble
		}
		c.hub.cfg.Log.WarnContext(c.ctx, "a realtime session could not be checked", "error", err)
		return nil
	}
	c.failures = 0
	c.mu.Lock()
	changed := sight.Key != c.sight.Key
	c.sight, c.may = sight, map[int64]bool{}
	c.mu.Unlock()
	if !changed {
		return nil
	}
	return c.startAt(c.pos, "reset")
}
