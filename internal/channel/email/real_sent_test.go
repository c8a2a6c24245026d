package email_test

import (
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/testbed"
)

func fromProgram(id, answers string) string {
	return "From: Anna <support@desk.test>\r\nTo: Carl <customer@post.test>\r\nSubject: Re: Parcel\r\nMessage-ID: <" + id + ">\r\n" +
		"In-Reply-To: <" + answers + ">\r\nDate: " + time.Now().UTC().Format(time.RFC1123Z) + "\r\n\r\nI looked into it myself.\r\n"
}

func TestAnswersFromAMailProgramAreReadFromSentAndOurOwnCopiesAreNotDoubled(t *testing.T) {
	if testing.Short() {
		t.Skip("starts real mail servers")
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d, testbed.DovecotOptions{}, nil, func(i *inbox.Inbox) { i.IMAP.ReadSent = true })
		s.until("all folders are read", func() bool { return s.count("SELECT COUNT(*) FROM mailbox WHERE last_success_at > 0") == 3 })
		// The answer is found before the mail that it answers.
		s.dovecot.Append(testbed.Support.Address, "Sent", time.Now(), fromProgram("own1@desk.test", "first@post.test"))
		s.until("the answer is kept", func() bool { return s.count("SELECT COUNT(*) FROM inbound") == 1 })
		s.send("Parcel", "first@post.test")
		s.until("the mail is a conversation", func() bool { return s.count("SELECT COUNT(*) FROM conversation") == 1 })
		s.ahead.Add(int64(30 * time.Second))
		s.until("the answer is shown", func() bool {
			return s.count("SELECT COUNT(*) FROM message WHERE kind = 'outbound' AND author_id = 7 AND author_name = 'Anna'") == 1
		})
		m := s.reply(int64(s.count("SELECT MIN(id) FROM conversation")), "And this one is written in Deskbell.")
		s.until("our own copy was recognised", func() bool {
			return s.count("SELECT COUNT(*) FROM ledger WHERE state = 'dropped' AND reason = 'own message'") == 1
		})
		// A provider that gave our mail another Message-ID.
		copied := string(s.dovecot.Await(testbed.Support.Address, "Sent", testbed.HeaderIs("Message-ID", "<"+m.RFCID+">")).Raw)
		s.dovecot.Append(testbed.Support.Address, "Sent", time.Now(), strings.Replace(copied, m.RFCID, "another-id@provider.test", 1))
		s.dovecot.Append(testbed.Support.Address, "Sent", time.Now(), strings.Replace(fromProgram("own2@desk.test", ""), "In-Reply-To: <>\r\n", "", 1))
		s.until("all are accounted for", func() bool { return s.count("SELECT COUNT(*) FROM ledger WHERE state = 'dropped'") == 3 })
		if n := s.count("SELECT COUNT(*) FROM message WHERE kind = 'outbound'"); n != 2 {
			t.Errorf("%d outbound messages, want 2", n)
		}
		if n := s.count("SELECT COUNT(*) FROM conversation"); n != 1 {
			t.Errorf("%d conversations, want 1", n)
		}
		if b, err := s.ledger.Balance(t.Context(), false); err != nil || !b.Balanced || b.PendingIn != 0 {
			t.Errorf("balance is %+v, %v", b, err)
		}
	})
}
