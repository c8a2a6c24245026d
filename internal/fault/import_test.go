package fault

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/testbed"
)

const (
	oldMails    = 1500
	importKills = 4 // after each the job is free once its lease is over
)

func TestKillingTheProgramDuringAnImportLosesAndDoublesNothingOnSQLite(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the program while it brings in old mail")
	}
	t.Parallel()
	killImport(t, "")
}

func TestKillingTheProgramDuringAnImportLosesAndDoublesNothingOnPostgres(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the program while it brings in old mail")
	}
	t.Parallel()
	killImport(t, dbtest.PostgresURL(t))
}

// importing is what the program says of an import.
type importing struct {
	ID                               int64
	State                            string
	Total, Seen, Kept, Known, Missed int
}

func killImport(t *testing.T, databaseURL string) {
	ctx, cancel := context.WithTimeout(context.Background(), 6*time.Minute)
	defer cancel()
	dovecot := testbed.StartDovecot(t, testbed.DovecotOptions{})
	old := time.Now().AddDate(0, 0, -40)
	var raws []string
	for n := range oldMails {
		raws = append(raws, fmt.Sprintf("From: Customer %d <c%d@customers.example>\nTo: %s\nSubject: Old %d\nMessage-ID: <old%d@customers.example>\nDate: %s\n\nWhere is my parcel?\n",
			n, n, testbed.Support.Address, n, n, old.Format(time.RFC1123Z)))
	}
	dovecot.Append(testbed.Support.Address, "INBOX", old, raws...)
	p := newProgram(t, databaseURL)
	t.Cleanup(p.kill)
	if err := p.start(ctx); err != nil {
		t.Fatal(err)
	}
	s := &two{shop: newShop(t, ctx, p), dovecot: dovecot} // for its mailbox
	s.connectInbox(s.sink.addr, fmt.Sprintf(`,"imap":{%s,"tls":"none","username":%q,"password":%q}`,
		hostPort(dovecot.IMAPAddr), testbed.Support.Address, testbed.Support.Password))
	im := s.beginImport(old)
	for range importKills {
		from := im.Seen
		for im = s.imported(im.ID); im.State != "done" && im.Seen == from; im = s.imported(im.ID) {
			if pause(ctx, 5*time.Millisecond) != nil {
				t.Fatalf("the import stands still: %+v\n%s", im, p.logged())
			}
		}
		if im.State == "done" {
			break
		}
		_ = pause(ctx, rand.N(150*time.Millisecond))
		p.kill()
		s.breaks++
		s.post(fmt.Sprintf("new%d@customers.example", s.breaks)) // while nobody reads
		if err := p.start(ctx); err != nil {
			t.Fatal(err)
		}
	}
	for im = s.imported(im.ID); im.State != "done"; im = s.imported(im.ID) {
		if pause(ctx, 50*time.Millisecond) != nil {
			t.Fatalf("the import did not end: %+v\n%s", im, p.logged())
		}
	}
	s.settleImport(im)
}

func (s *two) beginImport(old time.Time) (im importing) {
	body := fmt.Sprintf(`{"folder":"INBOX","since":%q,"dry_run":false}`, old.AddDate(0, 0, -1).UTC().Format(time.RFC3339))
	if err := s.p.insist(s.ctx, "POST", fmt.Sprintf("/inboxes/%d/imports", s.inbox), "application/json", "import", []byte(body), &im); err != nil {
		s.t.Fatal(err)
	}
	return im
}

func (s *two) imported(id int64) importing {
	var out struct{ Items []importing }
	if err := s.p.insist(s.ctx, "GET", fmt.Sprintf("/inboxes/%d/imports", s.inbox), "", "", nil, &out); err != nil {
		s.t.Fatal(err)
	}
	for _, im := range out.Items {
		if im.ID == id {
			return im
		}
	}
	s.t.Fatal("the import is gone")
	return importing{}
}

// settleImport waits for the last mail and looks at all of them: each once, the
// old ones closed, the new ones open.
func (s *two) settleImport(im importing) {
	if im.Total != oldMails || im.Kept+im.Known != oldMails || im.Missed != 0 {
		s.t.Errorf("the import says %+v", im)
	}
	subjects := map[string]int{}
	for want := oldMails + len(s.posted); len(subjects) < want; {
		if pause(s.ctx, 200*time.Millisecond) != nil {
			s.t.Fatalf("%d conversations, want %d\n%s", len(subjects), want, s.p.logged())
		}
		clear(subjects)
		for status, n := range map[string]int{"closed": oldMails, "open": len(s.posted)} {
			if got := s.subjects(status, subjects); got > n {
				s.t.Fatalf("%d %s conversations, want %d", got, status, n)
			}
		}
	}
	for subject, n := range subjects {
		if n != 1 {
			s.t.Errorf("%q is there %d times", subject, n)
		}
	}
	var b balance
	if err := s.p.insist(s.ctx, "GET", "/ledger/balance", "", "", nil, &b); err != nil {
		s.t.Fatal(err)
	}
	if want := int64(oldMails + len(s.posted)); !b.Balanced || len(b.Gaps) > 0 || b.Counts["received"] != want {
		s.t.Errorf("the ledger says %+v, want %d received", b, want)
	}
	s.t.Logf("%d kills, %d old mails, %d new ones, %+v", s.breaks, oldMails, len(s.posted), im)
}

// subjects counts the conversations of a status by their subjects.
func (s *two) subjects(status string, into map[string]int) (n int) {
	for cursor := ""; ; {
		var page struct {
			Items []struct{ Subject string }
			Next  string
		}
		path := "/conversations?limit=100&status=" + status + "&cursor=" + url.QueryEscape(cursor)
		if err := s.p.insist(s.ctx, "GET", path, "", "", nil, &page); err != nil {
			s.t.Fatal(err)
		}
		for _, c := range page.Items {
			into[c.Subject]++
			n++
		}
		if cursor = page.Next; cursor == "" {
			return n
		}
	}
}
