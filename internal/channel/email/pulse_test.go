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
		state("receiving")
	})
}
