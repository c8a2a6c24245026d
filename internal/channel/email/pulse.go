package email

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// How the usual pause between two mails is judged.
const (
	pulseWindow = 14 * 24 * time.Hour
	// pulseMails are needed before anything counts as usual.
	pulseMails = 50
	// pulseLeast is a pause that is never worth an alarm.
	pulseLeast = 2 * time.Hour
)

// pulse is how often mail comes to an inbox, kept as a setting.
type pulse struct {
	Usual int64 `json:"usual_ms"` // the longest pause of the window, 0 = unknown
	Quiet bool  `json:"quiet"`    // as last looked at
	Error bool  `json:"error"`    // nothing could be fetched, as last looked at
}

func pulseSetting(id inbox.ID) string { return fmt.Sprintf("email_pulse_%d", id) }

// tooQuiet is the rule: nothing came for half again as long as the longest pause of
// two weeks, nights and weekends included.
func tooQuiet(usual time.Duration, last, now time.Time) bool {
	if usual == 0 || last.IsZero() {
		return false
	}
	return now.Sub(last) > max(usual+usual/2, pulseLeast)
}

// longestPause finds it among the first and last mails of hours, ascending, and
// the number of mails.
func longestPause(hours []mailHour) (usual time.Duration, mails int64) {
	var before time.Time
	for _, h := range hours {
		if !before.IsZero() {
			usual = max(usual, h.first.Sub(before))
		}
		before = h.last
		mails += h.mails
	}
	return usual, mails
}

// next is the pulse after a look at the hours of the window, ascending.
func (p pulse) next(hours []mailHour, now time.Time) (next pulse) {
	usual, mails := longestPause(hours)
	if mails >= pulseMails {
		next.Usual = usual.Milliseconds()
	}
	silent := func(usual int64) bool {
		return len(hours) > 0 && tooQuiet(time.Duration(usual)*time.Millisecond, hours[len(hours)-1].last, now)
	}
	next.Quiet = silent(next.Usual)
	// A quiet time must not become usual while it lasts, and it ends with a mail.
	if p.Quiet && (next.Quiet || mails < pulseMails) {
		next.Usual, next.Quiet = p.Usual, len(hours) == 0 || silent(p.Usual)
	}
	return next
}

// Pulse looks now and then whether mail comes in as usual, and tells when that
// has changed.
type Pulse struct {
	DB      *db.DB
	Inboxes *inbox.Service
	// Quiet prepares to tell people that an inbox is quiet; what it returns runs in
	// the transaction that notes it, so that they are told once. It may be nil.
	Quiet func(ctx context.Context, i *inbox.Inbox) (tell func(ctx context.Context, tx *db.Tx) error, err error)
	// Heard tells, in the transaction that notes it, that mail comes again. It may be nil.
	Heard func(ctx context.Context, tx *db.Tx, i *inbox.Inbox) error
	Now   func() time.Time
	Log   *slog.Logger
}

// Look goes over all inboxes that are fetched.
func (p *Pulse) Look(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "look whether mail comes in as usual")
	all, err := p.Inboxes.List(ctx, false)
	if err != nil {
		return err
	}
	for _, i := range all {
		if !i.IMAP.Set() {
			continue
		}
		if err := p.lookAt(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

func (p *Pulse) lookAt(ctx context.Context, i *inbox.Inbox) error {
	now := p.Now()
	before, err := loadPulse(ctx, p.DB, i.ID)
	if err != nil {
		return err
	}
	hours, err := mailHours(ctx, p.DB, i.ID, now.Add(-pulseWindow))
	if err != nil {
		return err
	}
	next := before.next(hours, now)
	h, err := ReadHealth(ctx, p.DB, i, now)
	if err != nil {
		return err
	}
	next.Error = h.State == "error"
	return p.store(ctx, i, before, next)
}

func (p *Pulse) store(ctx context.Context, i *inbox.Inbox, before, next pulse) (err error) {
	if before == next {
		return nil
	}
	tell := func(context.Context, *db.Tx) error { return nil }
	if next.Quiet && !before.Quiet {
		p.Log.Warn("no mail has come to an inbox for longer than usual", "inbox", int64(i.ID))
		if p.Quiet != nil {
			if tell, err = p.Quiet(ctx, i); err != nil {
				return err
			}
		}
	}
	if before.Quiet && !next.Quiet && p.Heard != nil {
		tell = func(ctx context.Context, tx *db.Tx) error { return p.Heard(ctx, tx, i) }
	}
	return p.DB.Write(ctx, func(tx *db.Tx) error {
		if err := savePulse(ctx, tx, i.ID, next); err != nil || before.Quiet == next.Quiet && before.Error == next.Error {
			return err
		}
		if err := p.Inboxes.ToldTx(ctx, tx, i.ID); err != nil {
			return err
		}
		return tell(ctx, tx)
	})
}
