package email_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/channel/email"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/testbed"
)

func TestTheHistoryOfARealMailboxComesInClosedWithItsAnswers(t *testing.T) {
	if testing.Short() {
		t.Skip("starts real mail servers")
	}
	t.Parallel()
	old := time.Now().AddDate(0, 0, -40)
	s := newShop(t, dbtest.SQLite(t), testbed.DovecotOptions{}, func(d *testbed.Dovecot) {
		for n := range 80 {
			d.Append(testbed.Support.Address, "INBOX", old, letter(fmt.Sprintf("Order %d", n), fmt.Sprintf("q%d@post.test", n)))
		}
		// The first answers a mail above, the second began an exchange of its own.
		d.Append(testbed.Support.Address, "Sent", old.Add(time.Hour), fromProgram("a1@desk.test", "q1@post.test"), fromProgram("a2@desk.test", "unknown@post.test"))
	}, nil)
	s.connected()
	for _, folder := range []string{"INBOX", "Sent"} {
		im, err := s.channel.Imports.Begin(t.Context(), 7, email.Import{Inbox: s.inbox, Folder: folder, Since: old.AddDate(0, 0, -1), Until: s.now()})
		if err != nil {
			t.Fatal(err)
		}
		s.until(folder+" is brought in", func() bool {
			now, err := s.channel.Imports.Get(t.Context(), im.ID)
			return err == nil && now.State == email.ImportDone
		})
	}
	s.until("all is read", func() bool { return s.count("SELECT COUNT(*) FROM message") == 82 })
	if n := s.count("SELECT COUNT(*) FROM conversation WHERE status = 'closed'"); n != 81 || s.count("SELECT COUNT(*) FROM conversation") != 81 {
		t.Errorf("%d closed conversations, want 81", n)
	}
	if n := s.count("SELECT COUNT(*) FROM message WHERE kind = 'outbound' AND author_name = 'Anna' AND created_at < ?", time.Now().AddDate(0, 0, -39).UnixMilli()); n != 2 {
		t.Errorf("%d answers with their own dates, want 2", n)
	}
	if n := s.count("SELECT COUNT(*) FROM conversation WHERE waiting_since < 9007199254740991"); n != 0 {
		t.Errorf("%d conversations wait for an answer", n)
	}
	if n := s.count("SELECT COUNT(*) FROM conversation WHERE last_inbound_id > read_floor"); n != 0 {
		t.Errorf("%d conversations are unread", n)
	}
	s.send("Order 5 again", "new@post.test", "In-Reply-To: <q5@post.test>")
	s.until("live mail joins its history", func() bool { return s.count("SELECT COUNT(*) FROM conversation WHERE status = 'open'") == 1 })
	if b, err := s.ledger.Balance(t.Context(), false); err != nil || !b.Balanced {
		t.Errorf("balance is %+v, %v", b, err)
	}
}
