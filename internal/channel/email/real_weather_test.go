package email_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"github.com/deskbell/deskbell/internal/channel/email"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/testbed"
)

func skipShort(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("starts real mail servers")
	}
	t.Parallel()
}

// asked is the first conversation, of a customer who has just written.
func (s *shop) asked() int64 {
	s.t.Helper()
	s.connected()
	s.send("Parcel", "first@post.test")
	s.until("the mail is a conversation", func() bool { return s.count("SELECT COUNT(*) FROM conversation") == 1 })
	return int64(s.count("SELECT MIN(id) FROM conversation"))
}

func TestARealIMAPOutageIsToldAndSurvived(t *testing.T) {
	skipShort(t)
	s := newShop(t, dbtest.SQLite(t), testbed.DovecotOptions{}, nil, nil)
	s.asked()
	s.dovecot.Stop()
	s.until("the outage is told", func() bool { h := s.health(); return h.State == "error" && h.LastError != "" })
	s.dovecot.Start()
	s.dovecot.Append(testbed.Support.Address, "INBOX", time.Now(), letter("During the outage", "second@post.test"))
	s.until("what came meanwhile is here", func() bool { return s.count("SELECT COUNT(*) FROM conversation") == 2 })
	s.until("the health is good again", func() bool { return s.health().State == "receiving" })
}

func TestAMailboxWithoutIDLEIsPolledOnARealServer(t *testing.T) {
	skipShort(t)
	s := newShop(t, dbtest.SQLite(t), testbed.DovecotOptions{NoIdle: true}, nil, nil)
	s.asked()
	h := s.health()
	if len(h.Folders) != 2 || h.Folders[0].Idle {
		t.Errorf("folders are %+v", h.Folders)
	}
}

func TestExpungeWhileFetchingLosesAndInventsNothing(t *testing.T) {
	skipShort(t)
	s := newShop(t, dbtest.SQLite(t), testbed.DovecotOptions{}, nil, nil)
	s.connected()
	var raws []string
	for n := range 400 {
		raws = append(raws, letter(fmt.Sprintf("Mail %d", n), fmt.Sprintf("m%d@post.test", n))+strings.Repeat("x", 2000)+"\r\n")
	}
	s.dovecot.Append(testbed.Support.Address, "INBOX", time.Now(), raws...)
	other := s.dovecot.Client(testbed.Support.Address)
	if _, err := other.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	for range 20 { // somebody deletes from the end while we read
		n := uint32(s.dovecotCount(other))
		if n < 10 {
			break
		}
		set := imap.SeqSet{}
		set.AddRange(n-9, n)
		if err := other.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagDeleted}}, nil).Close(); err != nil {
			t.Fatal(err)
		}
		if err := other.Expunge().Close(); err != nil {
			t.Fatal(err)
		}
	}
	left := s.dovecotCount(other)
	s.until("all that stayed is here", func() bool {
		b, err := s.ledger.Balance(t.Context(), false)
		return err == nil && b.PendingIn == 0 && b.Counts["threaded"] >= int64(left)
	})
	s.send("After it", "after@post.test")
	s.until("new mail comes in as before", func() bool { return s.count("SELECT COUNT(*) FROM message WHERE rfc_id = 'after@post.test'") == 1 })
	if n, doubled := s.count("SELECT COUNT(*) FROM message"), s.count("SELECT COUNT(*) - COUNT(DISTINCT rfc_id) FROM message"); n < left || doubled != 0 {
		t.Errorf("%d messages of %d mails, %d doubled", n, left, doubled)
	}
	if b, err := s.ledger.Balance(t.Context(), false); err != nil || !b.Balanced {
		t.Errorf("balance is %+v, %v", b, err)
	}
}

// dovecotCount asks how many mails the folder holds.
func (s *shop) dovecotCount(c *imapclient.Client) int {
	s.t.Helper()
	if err := c.Noop().Wait(); err != nil {
		s.t.Fatal(err)
	}
	return int(c.Mailbox().NumMessages)
}

// slowWire hands bytes on in drops.
type slowWire struct {
	on net.Listener
	to string
}

func newSlowWire(t *testing.T, to string) *slowWire {
	t.Helper()
	on, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &slowWire{on: on, to: to}
	t.Cleanup(func() { on.Close() })
	go w.serve()
	return w
}

func (w *slowWire) serve() {
	for {
		c, err := w.on.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", w.to)
		if err != nil {
			c.Close()
			continue
		}
		go func() { _, _ = io.Copy(server, c); server.Close() }()
		go w.drip(c, server)
	}
}

// drip hands on 64 bytes each millisecond.
func (w *slowWire) drip(to, from net.Conn) {
	defer to.Close()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	buf := make([]byte, 64)
	for range tick.C {
		n, err := from.Read(buf)
		if err != nil {
			return
		}
		if _, err := to.Write(buf[:n]); err != nil {
			return
		}
	}
}

func TestASlowServerIsReadToItsEnd(t *testing.T) {
	skipShort(t)
	var wire *slowWire
	s := newShop(t, dbtest.SQLite(t), testbed.DovecotOptions{}, func(d *testbed.Dovecot) { wire = newSlowWire(t, d.IMAPAddr) }, func(i *inbox.Inbox) {
		i.IMAP.Server = server(t, wire.on.Addr().String())
	})
	s.connected()
	large := letter("Large", "large@post.test") + strings.Repeat(strings.Repeat("y", 76)+"\r\n", 1500)
	s.dovecot.Append(testbed.Support.Address, "INBOX", time.Now(), large, letter("Small", "small@post.test"))
	s.until("both mails are here", func() bool { return s.count("SELECT COUNT(*) FROM message WHERE kind = 'inbound'") == 2 })
	if n := s.count("SELECT COUNT(*) FROM inbound WHERE size > 110000"); n != 1 {
		t.Error("the large mail did not come in whole")
	}
}

func TestGreylistingDelaysAReplyAndLosesNothing(t *testing.T) {
	skipShort(t)
	var mu sync.Mutex
	tries := 0
	s := newShopWith(t, dbtest.SQLite(t), testbed.DovecotOptions{}, testbed.PostfixOptions{RequireSignIn: true, Policy: func(a map[string]string) string {
		if a["sender"] != testbed.Support.Address {
			return "DUNNO"
		}
		mu.Lock()
		defer mu.Unlock()
		if tries++; tries <= 2 {
			return "450 4.7.1 Greylisted, please try again in a moment"
		}
		return "DUNNO"
	}}, nil, nil)
	m := s.reply(s.asked(), "It is on its way.")
	s.until("the delay is told in words", func() bool {
		return strings.Contains(s.message(m.ID).Delivery.Error, "tried again") || strings.Contains(s.message(m.ID).Delivery.Error, "rules")
	})
	if d := s.message(m.ID).Delivery; d.State != conversation.Queued {
		t.Errorf("a greylisted reply is %s", d.State)
	}
	s.until("the reply is sent in the end", func() bool {
		s.ahead.Add(int64(time.Minute))
		return s.message(m.ID).Delivery.State == conversation.Sent
	})
	s.dovecot.Await(testbed.Customer.Address, "INBOX", testbed.HeaderIs("Message-ID", "<"+m.RFCID+">"))
	if s.message(m.ID).Delivery.MaybeTwice {
		t.Error("a reply that was never handed in counts as sent twice")
	}
}

func TestA5xxOfARealServerIsFinalForItsRecipientAlone(t *testing.T) {
	skipShort(t)
	s := newShopWith(t, dbtest.SQLite(t), testbed.DovecotOptions{}, testbed.PostfixOptions{RequireSignIn: true, Policy: func(a map[string]string) string {
		switch a["recipient"] {
		case "gone@post.test":
			return "550 5.1.1 there is no such person"
		case "later@post.test":
			return "451 4.3.0 not now"
		}
		return "DUNNO"
	}}, nil, nil)
	m := s.reply(s.asked(), "It is on its way.", testbed.Customer.Address, "gone@post.test", "later@post.test")
	of := func(address string) conversation.RecipientDelivery {
		for _, r := range s.message(m.ID).Delivery.Recipients {
			if r.Address == address {
				return r
			}
		}
		return conversation.RecipientDelivery{}
	}
	s.until("each recipient has a state of their own", func() bool {
		return of(testbed.Customer.Address).State == conversation.Sent && of("gone@post.test").State == conversation.Failed
	})
	if r := of("gone@post.test"); !strings.Contains(r.Error, "does not exist") {
		t.Errorf("the one who is gone: %+v", r)
	}
	if r := of("later@post.test"); r.State == conversation.Failed || r.Error == "" {
		t.Errorf("the one who is busy: %+v", r)
	}
	s.ahead.Add(int64(49 * time.Hour))
	s.until("after two days it is given up", func() bool { return s.message(m.ID).Delivery.State == conversation.Failed })
	if r := of("later@post.test"); !strings.Contains(r.Error, "Given up after two days") || of(testbed.Customer.Address).State != conversation.Sent {
		t.Errorf("given up as %+v", s.message(m.ID).Delivery)
	}
}

func TestASelfSignedCertificateIsToldInWordsForTLSAndSTARTTLS(t *testing.T) {
	skipShort(t)
	d := testbed.StartDovecot(t, testbed.DovecotOptions{TLS: true})
	p := testbed.StartPostfix(t, d, testbed.PostfixOptions{RequireSignIn: true})
	for name, c := range map[string]struct {
		imap, smtp string
		tls        inbox.TLS
	}{"TLS": {d.IMAPSAddr, p.SMTPSAddr, inbox.TLSDirect}, "STARTTLS": {d.IMAPAddr, p.SMTPAddr, inbox.TLSStartTLS}} {
		conn := &inbox.Connection{IMAPPassword: testbed.Support.Password, SMTPPassword: testbed.Support.Password}
		conn.Address = testbed.Support.Address
		conn.IMAP.Server, conn.IMAP.Folders, conn.SMTP = server(t, c.imap), []string{"INBOX"}, server(t, c.smtp)
		conn.IMAP.TLS, conn.SMTP.TLS = c.tls, c.tls
		ok, steps := (&email.Dialer{}).Check(context.Background(), conn, time.Now)
		if ok || len(steps) != 2 {
			t.Fatalf("%s: an unknown certificate passes: %+v", name, steps)
		}
		for _, step := range steps {
			if step.Code != "certificate_untrusted" || !strings.Contains(step.Sentence, "authority") {
				t.Errorf("%s: %+v", name, step)
			}
		}
		trusting := &email.Dialer{TLS: &tls.Config{RootCAs: d.Roots, MinVersion: tls.VersionTLS12}}
		if ok, steps := trusting.Check(context.Background(), conn, time.Now); !ok {
			t.Errorf("%s, with the authority known: %+v", name, steps)
		}
	}
}
