package email

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

func TestMailThatStaysAwayLongerThanUsualRaisesAnAlarmThatEndsByItself(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, m := newDesk(t, d), newMailServer(t)
		w := k.watcher(t, k.fetchFrom(t, m, func(*inbox.IMAP) {}), "INBOX")
		p := &Pulse{DB: d, Inboxes: k.inboxes, Now: k.clock.Now, Log: slog.New(slog.DiscardHandler)}
		told := 0
		p.Quiet = func(_ context.Context, i *inbox.Inbox) (func(context.Context, *db.Tx) error, error) {
			return func(context.Context, *db.Tx) error {
				told++
				return nil
			}, nil
		}
		heard := 0
		p.Heard = func(context.Context, *db.Tx, *inbox.Inbox) error {
			heard++
			return nil
		}
		state := func(want string) {
			t.Helper()
			w.healthAt = time.Time{}
			w.succeeded(t.Context())
			if err := p.Look(context.Background()); err != nil {
				t.Fatal(err)
			}
			i, err := k.inboxes.Get(context.Background(), k.inbox.ID)
			if err != nil {
				t.Fatal(err)
			}
			h, err := ReadHealth(context.Background(), d, i, k.clock.Now())
			if err != nil || h.State != want {
				t.Errorf("at %s the state is %s, want %s (last mail %s, usual pause %s), %v", k.clock.Now(), h.State, want, h.LastMailAt, h.UsualPause, err)
			}
		}
		k.look(t, w)
		for day := range 8 { // a mail an hour by day, none at night
			for hour := range 10 {
				m.put("INBOX", numbered(day*100+hour), k.clock.Now())
				k.look(t, w)
				k.clock.Add(time.Hour)
			}
			k.clock.Add(14 * time.Hour)
		}
		state("receiving")
		k.clock.Add(7 * time.Hour)
		state("receiving")
		k.clock.Add(8 * time.Hour)
		state("quiet")
		k.clock.Add(20 * 24 * time.Hour)
		state("quiet")
		if told != 1 {
			t.Errorf("people are told %d times of one silence", told)
		}
		m.put("INBOX", numbered(9999), k.clock.Now())
		k.look(t, w)
		if heard != 0 {
			t.Errorf("mail is said to come again while it does not")
		}
		state("receiving")
		if state("receiving"); heard != 1 {
			t.Errorf("the end of the silence is told %d times", heard)
		}
	})
}

func TestASilenceLastsUntilAMail(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	// Mails by the hour, the newest so long ago.
	hours := func(n int, ago time.Duration) (out []mailHour) {
		for i := n - 1; i >= 0; i-- {
			at := now.Add(-ago - time.Duration(i)*time.Hour)
			out = append(out, mailHour{first: at, last: at, mails: 1})
		}
		return out
	}
	hour := time.Hour.Milliseconds()
	for name, c := range map[string]struct {
		before pulse
		hours  []mailHour
		want   pulse
	}{
		"as usual":                         {pulse{}, hours(60, 30*time.Minute), pulse{Usual: hour}},
		"it begins":                        {pulse{Usual: hour}, hours(60, 3*time.Hour), pulse{Usual: hour, Quiet: true}},
		"too few mails to say":             {pulse{}, hours(49, 9*time.Hour), pulse{}},
		"it has emptied the window":        {pulse{Usual: 240 * hour, Quiet: true}, nil, pulse{Usual: 240 * hour, Quiet: true}},
		"one mail came after a long one":   {pulse{Usual: hour, Quiet: true}, hours(1, time.Minute), pulse{Usual: hour}},
		"few are left of before it":        {pulse{Usual: hour, Quiet: true}, hours(20, 9*time.Hour), pulse{Usual: hour, Quiet: true}},
		"afterwards few mails say nothing": {pulse{Usual: hour}, hours(1, 9*time.Hour), pulse{}},
	} {
		if got := c.before.next(c.hours, now); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
