package email_test

import (
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/testbed"
)

func TestAnAnsweredCustomersMailIsRescuedFromARealSpamFolderAndNotDoubledWhenItIsMoved(t *testing.T) {
	if testing.Short() {
		t.Skip("starts real mail servers")
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d, testbed.DovecotOptions{}, nil, nil)
		s.until("both folders are read", func() bool { return s.count("SELECT COUNT(*) FROM mailbox WHERE last_success_at > 0") == 2 })
		s.send("Parcel", "first@post.test")
		s.until("the mail is a conversation", func() bool { return s.count("SELECT COUNT(*) FROM conversation") == 1 })
		// Nobody has answered yet, so that the sender may be anybody.
		s.dovecot.Append(testbed.Support.Address, "Junk", time.Now(), letter("Too early", "early@post.test"))
		s.until("the early mail was passed", func() bool {
			return s.count("SELECT COUNT(*) FROM mailbox WHERE folder = '\\Junk' AND next_uid = 2") == 1
		})
		s.reply(int64(s.count("SELECT MIN(id) FROM conversation")), "It is on its way.")
		late := letter("Late", "late@post.test")
		s.dovecot.Append(testbed.Support.Address, "Junk", time.Now(), strings.Replace(letter("Win", "win@post.test"), testbed.Customer.Address, "casino@post.test", 1), late)
		s.until("the customer's mail is rescued", func() bool { return s.count("SELECT COUNT(*) FROM message WHERE subject = 'Late'") == 1 })
		if n := s.count(`SELECT COUNT(*) FROM message_fact WHERE facts LIKE '%"rescued":true%'`); n != 1 {
			t.Errorf("%d messages say that they were rescued", n)
		}
		s.dovecot.Append(testbed.Support.Address, "INBOX", time.Now(), late)
		s.until("the moved one is a repeat", func() bool {
			return s.count("SELECT COUNT(*) FROM ledger WHERE state = 'dropped' AND reason = 'repeat'") == 1
		})
		if n := s.count("SELECT COUNT(*) FROM message WHERE kind = 'inbound'"); n != 2 {
			t.Errorf("%d messages came in, want 2", n)
		}
		if n := len(s.dovecot.Mails(testbed.Support.Address, "Junk")); n != 3 {
			t.Errorf("%d mails are left in the spam folder, want 3", n)
		}
		if b, err := s.ledger.Balance(t.Context(), true); err != nil || !b.Balanced || b.PendingIn != 0 {
			t.Errorf("balance is %+v, %v", b, err)
		}
	})
}
