package email_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/channel/email"
	"github.com/deskbell/deskbell/internal/channel/email/notice"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/testbed"
)

func TestMailOfTheInstallationLeavesThroughAnInboxThatIsUsedByMailboxConsent(t *testing.T) {
	if testing.Short() {
		t.Skip("starts real mail servers")
	}
	t.Parallel()
	ctx := context.Background()
	s, id := newConsentShop(t, dbtest.SQLite(t))
	s.connect(id)
	n := &notice.Service{DB: s.db, Queue: s.queue, Inboxes: s.inboxes, Dialer: &email.Dialer{Tokens: s.consent}, Secrets: sealed{},
		PublicURL: "https://desk.test", Now: s.now, Log: slog.New(slog.DiscardHandler)}
	set := notice.Settings{Inbox: int64(s.inbox)}
	if ok, steps, err := n.Test(ctx, set, nil, testbed.Customer.Address, "en"); err != nil || !ok {
		t.Fatalf("the test says %+v, %v", steps, err)
	}
	if _, err := n.Save(ctx, set, nil); err != nil {
		t.Fatal(err)
	}
	send := func() {
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			return n.SendTx(ctx, tx, access.Notice{Kind: access.NoticePasswordChanged, To: testbed.Customer.Address, Name: "Carl", Locale: "en"})
		})
		if err == nil {
			_, err = s.queue.RunOnce(ctx, n.Kind())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	send()
	if n := s.count("SELECT COUNT(*) FROM notice WHERE state = 'sent'"); n != 1 {
		t.Fatalf("%d mails left", n)
	}
	s.dovecot.Await(testbed.Customer.Address, "INBOX", func(m testbed.Mail) bool {
		return strings.Contains(m.Header("From"), testbed.Support.Address) && strings.Contains(strings.ToLower(m.Header("Subject")), "password")
	})
	id.Revoke(testbed.Support.Address)
	send()
	var state, why string
	if err := s.db.QueryRow(ctx, "SELECT state, last_error FROM job WHERE kind = 'notice.send'").Scan(&state, &why); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(why, "taken back") {
		t.Errorf("the job is %s: %s", state, why)
	}
}
