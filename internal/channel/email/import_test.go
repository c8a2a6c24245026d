package email

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

func (k *desk) imports(ws *Watchers) *Imports {
	return &Imports{DB: k.db, Queue: k.queue, Receiver: k.receiver, Inboxes: k.inboxes, Dialer: ws.Dialer, Now: k.clock.Now, Log: slog.New(slog.DiscardHandler)}
}

// work runs the import's job until nothing is due.
func (k *desk) work(t *testing.T, s *Imports) {
	t.Helper()
	for range 100 {
		n, err := k.queue.RunOnce(context.Background(), s.Kind())
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
		k.clock.Add(2 * time.Second)
		k.ingest(t)
	}
	t.Fatal("the import never ends")
}

func (k *desk) begin(t *testing.T, s *Imports, folder string, days int, dry bool) Import {
	t.Helper()
	im, err := s.Begin(context.Background(), 7, Import{Inbox: k.inbox.ID, Folder: folder, Since: k.clock.Now().AddDate(0, 0, -days), Until: k.clock.Now(), DryRun: dry})
	if err != nil {
		t.Fatal(err)
	}
	return im
}

func got(t *testing.T, s *Imports, id int64) Import {
	t.Helper()
	im, err := s.Get(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	return im
}

func TestOldMailIsCountedFirstAndThenBroughtInAsHistory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, m := newDesk(t, d), newMailServer(t)
		now := k.clock.Now()
		for n := range 120 { // every third day, back to a year ago
			m.put("INBOX", numbered(n), now.AddDate(0, 0, -3*(120-n)))
		}
		ws := k.fetchFrom(t, m, func(*inbox.IMAP) {})
		k.look(t, k.watcher(t, ws, "INBOX"))
		s := k.imports(ws)
		im := k.begin(t, s, "INBOX", 200, true)
		k.work(t, s)
		if im = got(t, s, im.ID); im.State != ImportReady || im.Total != 66 || im.Bytes < 66*100 || len(k.talks.subjects()) != 0 {
			t.Fatalf("the dry run found %+v and made %d messages", im, len(k.talks.subjects()))
		}
		if _, err := s.Set(context.Background(), im.ID, ImportRunning); err != nil {
			t.Fatal(err)
		}
		k.work(t, s)
		if im = got(t, s, im.ID); im.State != ImportDone || im.Kept != 66 || im.Seen != 66 || im.Known != 0 {
			t.Fatalf("the import is %+v", im)
		}
		for _, in := range k.talks.received {
			if !in.History || in.At.Before(now.AddDate(0, 0, -200)) || in.At.After(now) {
				t.Fatalf("%s came in as history %v of %s", in.Subject, in.History, in.At)
			}
		}
		again := k.begin(t, s, "INBOX", 200, false)
		k.work(t, s)
		if again = got(t, s, again.ID); again.State != ImportDone || again.Kept != 0 || again.Known != 66 || len(k.talks.subjects()) != 66 {
			t.Errorf("the second import is %+v", again)
		}
	})
}

func TestAnImportThatIsKilledGoesOnWhereItWasAndDoublesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, m := newDesk(t, d), newMailServer(t)
		ws := k.fetchFrom(t, m, func(*inbox.IMAP) {})
		w := k.watcher(t, ws, "INBOX")
		for n := range 120 {
			m.put("INBOX", numbered(n), k.clock.Now().Add(-time.Duration(200-n)*time.Hour))
		}
		k.look(t, w)
		m.put("INBOX", numbered(500), k.clock.Now())
		k.look(t, w) // live mail, which the import meets too
		s := k.imports(ws)
		im := k.begin(t, s, "INBOX", 30, false)
		im.Until = k.clock.Now().Add(time.Hour)
		k.clock.Add(time.Minute)
		batches := 0
		m.onFetch = func(set imap.NumSet, o *imap.FetchOptions) error {
			if len(o.BodySection) == 0 {
				return nil
			}
			if batches++; batches == 2 {
				return &imap.Error{Type: imap.StatusResponseTypeNo, Text: "gone"}
			}
			return nil
		}
		if _, err := k.queue.RunOnce(context.Background(), s.Kind()); err != nil {
			t.Fatal(err)
		}
		if half := got(t, s, im.ID); half.State != ImportRunning || half.Seen != importBatch || half.LastError == "" {
			t.Fatalf("after the break: %+v", half)
		}
		k.ingest(t)
		k.clock.Add(time.Hour)
		k.work(t, s)
		im = got(t, s, im.ID)
		if im.State != ImportDone || im.Kept != 120 || len(k.talks.subjects()) != 121 || im.LastError != "" {
			t.Errorf("%+v, %d messages", im, len(k.talks.subjects()))
		}
		if b, err := k.ledger.Balance(t.Context(), false); err != nil || !b.Balanced || b.PendingIn != 0 {
			t.Errorf("balance is %+v, %v", b, err)
		}
	})
}

func TestAnImportCanBePausedAndCancelled(t *testing.T) {
	t.Parallel()
	k, m := newDesk(t, dbtest.SQLite(t)), newMailServer(t)
	ws := k.fetchFrom(t, m, func(*inbox.IMAP) {})
	for n := range 60 {
		m.put("INBOX", numbered(n), k.clock.Now().Add(-time.Duration(n+1)*time.Hour))
	}
	s := k.imports(ws)
	ctx := context.Background()
	im := k.begin(t, s, "INBOX", 30, false)
	m.onFetch = func(_ imap.NumSet, o *imap.FetchOptions) error {
		if len(o.BodySection) > 0 {
			m.mu.Lock()
			m.onFetch = nil
			m.mu.Unlock()
			if _, err := s.Set(ctx, im.ID, ImportPaused); err != nil {
				t.Error(err)
			}
		}
		return nil
	}
	k.work(t, s)
	if im = got(t, s, im.ID); im.State != ImportPaused || im.Seen != 0 {
		t.Fatalf("paused: %+v", im)
	}
	if _, err := s.Set(ctx, im.ID, ImportRunning); err != nil {
		t.Fatal(err)
	}
	k.work(t, s)
	if im = got(t, s, im.ID); im.State != ImportDone || im.Seen != 60 || len(k.talks.subjects()) != 60 {
		t.Fatalf("gone on: %+v, %d messages", im, len(k.talks.subjects()))
	}
	if _, err := s.Set(ctx, im.ID, ImportCancelled); !errs.Is(err, errs.Conflict) {
		t.Errorf("an import that is done was cancelled: %v", err)
	}
	other := k.begin(t, s, "Nowhere", 30, true)
	k.work(t, s)
	if other = got(t, s, other.ID); other.State != ImportFailed || !strings.Contains(other.LastError, "Nowhere") {
		t.Errorf("a folder that is not there: %+v", other)
	}
	if _, err := s.Set(ctx, other.ID, ImportCancelled); err != nil {
		t.Error(err)
	}
}
