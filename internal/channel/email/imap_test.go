package email

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/ledger"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/lease"
)

func numbered(n int) string {
	return mailText("anna@example.test", fmt.Sprintf("mail %d", n), fmt.Sprintf("%d@example.test", n))
}

func TestAMailboxWithOldMailIsConnectedWithoutFloodingTheInbox(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, m := newDesk(t, d), newMailServer(t)
		for n := range 500 {
			m.put("INBOX", numbered(n), k.clock.Now().Add(-time.Hour))
		}
		w := k.watcher(t, k.fetchFrom(t, m, nil), "INBOX")
		k.look(t, w)
		if got := k.talks.subjects(); len(got) != 0 {
			t.Fatalf("%d old mails became conversations", len(got))
		}
		m.put("INBOX", numbered(500), k.clock.Now())
		k.look(t, w)
		if got := k.talks.received; len(got) != 1 || got[0].Subject != "mail 500" || got[0].History {
			t.Fatalf("messages are %+v", got)
		}
	})
}

func TestAMailboxWaitsWhileTheDiskIsFullAndGoesOnByItself(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, m := newDesk(t, d), newMailServer(t)
		w := k.watcher(t, k.fetchFrom(t, m, nil), "INBOX")
		k.look(t, w)
		for n := range 3 {
			m.put("INBOX", numbered(n), k.clock.Now())
		}
		low := k.fillDisk()
		for range 2 * maxTries { // the disk is no fault of the mail, so none is passed over
			err := w.runOnce(context.Background())
			if err == nil {
				t.Fatal("it went on reading")
			}
			w.failed(context.Background(), err)
		}
		h, err := ReadHealth(context.Background(), d, k.inbox, k.clock.Now())
		if err != nil || h.State != "error" || h.LastError != "The disk is almost full." || h.Backlog != 3 {
			t.Errorf("%+v, %v", h, err)
		}
		low.Store(false)
		k.look(t, w)
		if got := strings.Join(k.talks.subjects(), ","); got != "mail 0,mail 1,mail 2" {
			t.Errorf("came in: %s", got)
		}
	})
}

func TestMailThatCameBeforeTheFirstConnectionButAfterItWasAskedForIsNew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, m := newDesk(t, d), newMailServer(t)
		m.put("INBOX", numbered(1), k.clock.Now().Add(-time.Hour))
		w := k.watcher(t, k.fetchFrom(t, m, nil), "INBOX")
		asked := k.clock.Now()
		k.clock.Add(3 * time.Hour) // the mail server was away
		m.put("INBOX", numbered(2), asked.Add(time.Hour))
		k.look(t, w)
		if got := k.talks.received; len(got) != 1 || got[0].Subject != "mail 2" || got[0].History {
			t.Fatalf("messages are %+v", got)
		}
	})
}

func TestMailThatCameBeforeAnybodyWatchedIsNewToo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, m := newDesk(t, d), newMailServer(t)
		m.put("INBOX", numbered(1), k.clock.Now().Add(-time.Hour))
		ws := k.fetchFrom(t, m, nil)
		m.put("INBOX", numbered(2), k.clock.Now().Add(time.Minute))
		k.clock.Add(time.Hour) // killed before the folder was opened for the first time
		k.look(t, k.watcher(t, ws, "INBOX"))
		if got := k.talks.subjects(); len(got) != 1 || got[0] != "mail 2" {
			t.Fatalf("came in: %v", got)
		}
	})
}

func TestHistoryComesInAsHistoryWithItsOwnDates(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, m := newDesk(t, d), newMailServer(t)
		now := k.clock.Now()
		for n, days := range []int{400, 29, 45, 2} {
			m.put("INBOX", numbered(n), now.AddDate(0, 0, -days))
		}
		w := k.watcher(t, k.fetchFrom(t, m, func(i *inbox.IMAP) { i.HistoryDays = 30 }), "INBOX")
		k.look(t, w)
		if got := strings.Join(k.talks.subjects(), ","); got != "mail 1,mail 3" {
			t.Fatalf("history is %s", got)
		}
		for n, days := range []int{29, 2} {
			if in := k.talks.received[n]; !in.History || !in.At.Equal(now.AddDate(0, 0, -days)) {
				t.Errorf("%s: history %v, at %s", in.Subject, in.History, in.At)
			}
		}
		m.put("INBOX", numbered(9), now)
		k.look(t, w)
		if in := k.talks.received[2]; in.History {
			t.Error("a new mail came in as history")
		}
	})
}

func TestPitfallAfterADowntimeEverythingIsReadOnceWhateverItsDate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, m := newDesk(t, d), newMailServer(t)
		ws := k.fetchFrom(t, m, nil)
		k.look(t, k.watcher(t, ws, "INBOX"))
		for n := range 130 {
			m.put("INBOX", numbered(n), k.clock.Now().Add(time.Duration(n)*time.Minute))
		}
		k.clock.Add(4 * 24 * time.Hour)
		for range 2 { // as another program would after a restart
			k.look(t, k.watcher(t, ws, "INBOX"))
		}
		got := k.talks.subjects()
		if len(got) != 130 || got[0] != "mail 0" || got[129] != "mail 129" {
			t.Errorf("%d messages", len(got))
		}
	})
}

func TestWhenUIDValidityChangesNothingIsLostDoubledOrFlooded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, m := newDesk(t, d), newMailServer(t)
		old := k.clock.Now().AddDate(0, -1, 0)
		m.put("INBOX", numbered(1), old)
		ws := k.fetchFrom(t, m, nil)
		k.look(t, k.watcher(t, ws, "INBOX"))
		k.clock.Add(time.Hour)
		m.put("INBOX", numbered(2), k.clock.Now())
		k.look(t, k.watcher(t, ws, "INBOX"))
		k.clock.Add(time.Hour)
		m.reset()
		m.put("INBOX", numbered(1), old)
		m.put("INBOX", numbered(2), k.clock.Now().Add(-time.Hour))
		m.put("INBOX", numbered(3), k.clock.Now())
		k.look(t, k.watcher(t, ws, "INBOX"))
		if got := strings.Join(k.talks.subjects(), ","); got != "mail 2,mail 3" {
			t.Fatalf("messages are %s", got)
		}
		b, err := k.ledger.Balance(context.Background(), false)
		if err != nil || b.Counts["received"] != 4 || b.Counts["dropped"] != 2 || b.Counts["threaded"] != 2 || !b.Balanced {
			t.Errorf("balance is %+v, %v", b, err)
		}
	})
}

func TestReadingChangesNoFlag(t *testing.T) {
	t.Parallel()
	k, m := newDesk(t, dbtest.SQLite(t)), newMailServer(t)
	w := k.watcher(t, k.fetchFrom(t, m, nil), "INBOX")
	k.look(t, w)
	m.put("INBOX", numbered(1), k.clock.Now())
	k.look(t, w)
	status, err := m.user.Status("INBOX", &imap.StatusOptions{NumUnseen: true})
	if err != nil || *status.NumUnseen != 1 {
		t.Errorf("unseen %v, %v", status, err)
	}
}

func TestTwoWatchersOfOneFolderKeepEachMailOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, m := newDesk(t, d), newMailServer(t)
		ws := k.fetchFrom(t, m, nil)
		k.look(t, k.watcher(t, ws, "INBOX"))
		for n := range 120 {
			m.put("INBOX", numbered(n), k.clock.Now())
		}
		var wg sync.WaitGroup
		for range 3 {
			w := k.watcher(t, ws, "INBOX")
			wg.Go(func() {
				for {
					err := w.runOnce(context.Background())
					if err == nil {
						return
					}
					if !errors.Is(err, errMoved) {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		k.ingest(t)
		var kept int
		if err := d.QueryRow(context.Background(), "SELECT COUNT(*) FROM inbound").Scan(&kept); err != nil || kept != 120 || len(k.talks.received) != 120 {
			t.Errorf("%d mails kept, %d messages, %v", kept, len(k.talks.received), err)
		}
	})
}

func TestAMailThatItsServerWithholdsIsAGapAndTheOthersGoOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, m := newDesk(t, d), newMailServer(t)
		w := k.watcher(t, k.fetchFrom(t, m, nil), "INBOX")
		k.look(t, w)
		for n := range 3 {
			m.put("INBOX", numbered(n), k.clock.Now())
		}
		m.onFetch = func(set imap.NumSet, o *imap.FetchOptions) error {
			uids := set.(imap.UIDSet)
			if len(o.BodySection) > 0 && uids.Contains(2) {
				return &imap.Error{Type: imap.StatusResponseTypeNo, Text: "damaged"}
			}
			return nil
		}
		for range maxTries + 2 {
			_ = w.runOnce(context.Background()) // fails until the mail is passed over
		}
		k.ingest(t)
		if got := strings.Join(k.talks.subjects(), ","); got != "mail 0,mail 2" {
			t.Fatalf("messages are %s", got)
		}
		b, err := k.ledger.Balance(context.Background(), false)
		if err != nil || len(b.Gaps) != 1 || b.Gaps[0].UID != 2 || b.Gaps[0].Stage != string(ledger.Dead) {
			t.Errorf("gaps are %+v, %v", b.Gaps, err)
		}
	})
}

func TestProblemsAreSaidInPlainWordsAndEndByThemselves(t *testing.T) {
	t.Parallel()
	k, m := newDesk(t, dbtest.SQLite(t)), newMailServer(t)
	ws := k.fetchFrom(t, m, nil)
	for _, c := range []struct {
		name, code string
		breakIt    func(*Watcher)
	}{
		{"wrong password", "wrong_password", func(w *Watcher) { w.conn.IMAPPassword = "wrong" }},
		{"missing folder", "folder_missing", func(w *Watcher) { w.box.folder = "Nowhere" }},
		{"no TLS", "no_tls", func(w *Watcher) { w.conn.IMAP.TLS = inbox.TLSDirect }},
		{"no STARTTLS", "", func(w *Watcher) { w.conn.IMAP.TLS = inbox.TLSStartTLS }},
		{"unreachable", "refused", func(w *Watcher) { w.conn.IMAP.Port = 1 }},
	} {
		w := k.watcher(t, ws, "INBOX")
		c.breakIt(w)
		err := w.runOnce(context.Background())
		if err == nil {
			t.Errorf("%s: no error", c.name)
			continue
		}
		got := w.failed(context.Background(), err)
		if c.code != "" && got.Code != c.code || got.Text.IsZero() || w.box.lastError != got.Text.String() {
			t.Errorf("%s: %+v (%v)", c.name, got, err)
		}
	}
}

func TestMailIsReadFromSeveralFoldersAsItArrives(t *testing.T) {
	t.Parallel()
	k, m := newDesk(t, dbtest.SQLite(t)), newMailServer(t)
	m.must(m.user.Create("Orders", nil))
	ws := k.fetchFrom(t, m, func(i *inbox.IMAP) { i.Folders = []string{"INBOX", "Orders"} })
	ws.Leases = &lease.Holder{DB: k.db, Node: "one", Log: ws.Log}
	kept := make(chan struct{}, 10)
	k.queue.Woke = func(string) { kept <- struct{}{} }
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- ws.Run(ctx) }()
	for n, folder := range []string{"INBOX", "Orders", "INBOX"} {
		<-m.idling // both folders, then the one that was read
		if n == 0 {
			<-m.idling
		}
		m.put(folder, numbered(n), k.clock.Now())
		<-kept
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	k.ingest(t)
	if got := strings.Join(k.talks.subjects(), ","); got != "mail 0,mail 1,mail 2" {
		t.Errorf("messages are %s", got)
	}
}

func TestAServerWithoutIDLEIsAskedNowAndThen(t *testing.T) {
	t.Parallel()
	k, m := newDesk(t, dbtest.SQLite(t)), newMailServer(t)
	ws := k.fetchFrom(t, m, nil)
	ws.poll = time.Millisecond
	w := k.watcher(t, ws, "INBOX")
	ctx := context.Background()
	if err := w.connect(ctx); err != nil {
		t.Fatal(err)
	}
	defer w.im.close()
	m.put("INBOX", numbered(1), k.clock.Now())
	idle, err := w.wait(ctx, false)
	if err != nil || idle {
		t.Fatalf("idle %v, %v", idle, err)
	}
	if err := w.catchUp(ctx); err != nil {
		t.Fatal(err)
	}
	k.ingest(t)
	if got := k.talks.subjects(); len(got) != 1 {
		t.Errorf("messages are %v", got)
	}
}

func TestAServerThatStandsStillIsNoticed(t *testing.T) {
	t.Parallel()
	k, m := newDesk(t, dbtest.SQLite(t)), newMailServer(t)
	w := k.watcher(t, k.fetchFrom(t, m, nil), "INBOX")
	release := make(chan struct{})
	m.onFetch = func(imap.NumSet, *imap.FetchOptions) error { <-release; return nil }
	ctx := context.Background()
	if err := w.connect(ctx); err != nil {
		t.Fatal(err)
	}
	defer w.im.close()
	defer close(release)
	m.put("INBOX", numbered(1), k.clock.Now())
	w.im.wire.patience(50 * time.Millisecond)
	err := w.catchUp(ctx)
	if got := explain("mail.test", err); err == nil || got.Code != "timeout" {
		t.Errorf("got %v", err)
	}
}

func TestAMailThatWasPassedOverIsFoundAndBroughtIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, m := newDesk(t, d), newMailServer(t)
		ws := k.fetchFrom(t, m, nil)
		k.look(t, k.watcher(t, ws, "INBOX"))
		for n := range 3 {
			m.put("INBOX", numbered(n), k.clock.Now())
		}
		k.write(t, func(tx *db.Tx) error { // as if the server had shown the third mail first
			_, err := tx.Exec(context.Background(), "UPDATE mailbox SET next_uid = 3")
			return err
		})
		k.look(t, k.watcher(t, ws, "INBOX"))
		if got := k.talks.subjects(); len(got) != 3 {
			t.Fatalf("messages are %v", got)
		}
		gaps, at, err := ws.Compare(context.Background(), true)
		if err != nil || len(gaps) != 0 || !at.Equal(k.clock.Now()) {
			t.Errorf("gaps %+v at %s, %v", gaps, at, err)
		}
		k.ingest(t)
		if got := k.talks.subjects(); len(got) != 3 {
			t.Errorf("a comparison doubled mails: %v", got)
		}
		m.put("INBOX", numbered(4), k.clock.Now())
		k.look(t, k.watcher(t, ws, "INBOX"))
		m.onFetch = func(_ imap.NumSet, o *imap.FetchOptions) error {
			if len(o.BodySection) > 0 {
				return errors.New("withheld")
			}
			return nil
		}
		k.write(t, func(tx *db.Tx) error {
			_, err := tx.Exec(context.Background(), "DELETE FROM inbound WHERE ledger_id IN (SELECT id FROM ledger WHERE uid = 2)")
			return err
		})
		one := k.watcher(t, ws, "INBOX")
		if err := one.connect(context.Background()); err != nil {
			t.Fatal(err)
		}
		defer one.im.close()
		if missing, err := one.missing(context.Background()); err != nil || len(missing) != 1 || missing[0] != 2 {
			t.Errorf("missing %v, %v", missing, err)
		}
	})
}
