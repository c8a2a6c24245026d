package email_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/channel/email"
	"github.com/deskbell/deskbell/internal/channel/email/consent"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/ledger"
	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/event"
	"github.com/deskbell/deskbell/internal/platform/job"
	"github.com/deskbell/deskbell/internal/platform/lease"
	"github.com/deskbell/deskbell/internal/testbed"
)

type sealed struct{}

func (sealed) Seal(_, _ string, _ int64, p []byte) []byte          { return p }
func (sealed) Open(_, _ string, _ int64, s []byte) ([]byte, error) { return s, nil }

// shop is the channel with everything behind it and real mail servers around it.
type shop struct {
	t       *testing.T
	db      *db.DB
	ahead   atomic.Int64 // how far its clock is ahead of the wall's
	moved   chan struct{}
	talks   *conversation.Service
	ledger  *ledger.Service
	queue   *job.Queue
	dovecot *testbed.Dovecot
	postfix *testbed.Postfix
	inbox   inbox.ID
	inboxes *inbox.Service
	consent *consent.Service // with an identity provider
	channel *email.Channel
}

func (s *shop) now() time.Time { return time.Now().UTC().Add(time.Duration(s.ahead.Load())) }

func newShop(t *testing.T, d *db.DB, dovecot testbed.DovecotOptions, prepare func(*testbed.Dovecot), change func(*inbox.Inbox)) *shop {
	t.Helper()
	return newShopWith(t, d, dovecot, testbed.PostfixOptions{RequireSignIn: true}, prepare, change)
}

func newShopWith(t *testing.T, d *db.DB, dovecot testbed.DovecotOptions, postfix testbed.PostfixOptions,
	prepare func(*testbed.Dovecot), change func(*inbox.Inbox),
) *shop {
	t.Helper()
	s := &shop{t: t, db: d, moved: make(chan struct{}, 1)}
	s.dovecot = testbed.StartDovecot(t, dovecot)
	s.postfix = testbed.StartPostfix(t, s.dovecot, postfix)
	if prepare != nil {
		prepare(s.dovecot)
	}
	log := slog.New(slog.DiscardHandler)
	s.ledger = &ledger.Service{DB: d, Now: s.now}
	feed := &event.Feed{Now: s.now, Reactions: s.ledger.Reactions(), Moved: func() {
		select {
		case s.moved <- struct{}{}:
		default:
		}
	}}
	s.queue = &job.Queue{DB: d, Now: s.now, Log: log}
	inboxes := &inbox.Service{DB: d, Feed: feed, Secrets: sealed{}, Now: s.now}
	s.talks = &conversation.Service{DB: d, Feed: feed, Jobs: s.queue, Now: s.now, Customers: &customer.Service{DB: d, Feed: feed, Now: s.now},
		Inbox: func(ctx context.Context, q db.Queryer, id int64) (conversation.InboxSettings, error) {
			i, err := inboxes.SettingsTx(ctx, q, inbox.ID(id))
			return conversation.InboxSettings{Channel: i.Channel, Address: i.Address, AfterReply: conversation.Status(i.AfterReply),
				ReopenDays: i.ReopenDays, Archived: i.Archived, ReplyToken: i.ReplyToken}, err
		}}
	s.inboxes = inboxes
	s.seed(inboxes, change)
	leases := &lease.Holder{DB: d, Node: "one", Log: log}
	if id := dovecot.Identity; id != nil {
		s.consent = &consent.Service{DB: d, Secrets: sealed{}, Inboxes: inboxes, Leases: leases, Redirect: id.Redirect, Now: s.now, Log: log}
	}
	channel := email.New(email.Config{DB: d, Queue: s.queue, Blobs: blob.Memory(s.now), Inboxes: inboxes, Ledger: s.ledger, Conversations: s.talks,
		Consents: s.consent, Leases: leases, Hostname: "desk.test", Now: s.now, Log: log})
	s.channel = channel
	s.queue.Kinds = channel.Kinds()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 2)
	go func() { done <- channel.Run(ctx) }()
	go func() { done <- s.queue.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		for range 2 {
			if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		}
	})
	return s
}

func (s *shop) seed(inboxes *inbox.Service, change func(*inbox.Inbox)) {
	s.t.Helper()
	ctx := context.Background()
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		for _, text := range []string{
			"INSERT INTO brand (id, name, created_at) VALUES (1, 'Shop', 0)",
			"INSERT INTO role (id, role_key, name, permissions) VALUES (1, 'agent', 'Agent', '[]')",
			"INSERT INTO agent (id, email, name, role_id, created_at) VALUES (7, 'anna@desk.test', 'Anna', 1, 0)",
		} {
			if _, err := tx.Exec(ctx, text); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	i := inbox.Inbox{Brand: 1, Channel: inbox.Email, Name: "Shop", Address: testbed.Support.Address, ReopenDays: -1, Footer: "Shop Ltd, 1 Market Street"}
	i.IMAP.Server, i.SMTP = server(s.t, s.dovecot.IMAPAddr), server(s.t, s.postfix.SMTPAddr)
	if change != nil {
		change(&i)
	}
	password := testbed.Support.Password
	made, err := inboxes.Create(ctx, 0, i, inbox.Passwords{IMAP: &password, SMTP: &password})
	if err != nil {
		s.t.Fatal(err)
	}
	s.inbox = made.ID
}

func server(t *testing.T, addr string) inbox.Server {
	t.Helper()
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return inbox.Server{Host: host, Port: n, Username: testbed.Support.Address, TLS: inbox.TLSNone}
}

// until waits for something to become true, looking whenever the feed moves.
func (s *shop) until(what string, is func() bool) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond) // not every change is an event
	defer tick.Stop()
	for !is() {
		select {
		case <-s.moved:
		case <-tick.C:
		case <-ctx.Done():
			s.t.Fatalf("waited in vain: %s\n%s\n%s", what, s.postfix.Log(), s.dovecot.Log())
		}
	}
}

func (s *shop) count(text string, args ...any) (n int) {
	s.t.Helper()
	if err := s.db.QueryRow(context.Background(), text, args...).Scan(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}

// connected waits for the first look into the mailbox.
func (s *shop) connected() {
	s.t.Helper()
	s.until("the mailbox is read", func() bool { return s.count("SELECT COUNT(*) FROM mailbox WHERE last_success_at > 0") > 0 })
}

func agent() context.Context {
	all := map[access.Permission]bool{}
	for _, p := range access.All {
		all[p] = true
	}
	return access.With(context.Background(), &access.Actor{AgentID: 7, Name: "Anna", Permissions: all, Scope: access.Scope{Everything: true, Agent: 7}})
}

func (s *shop) reply(id int64, text string, to ...string) conversation.Message {
	s.t.Helper()
	n := conversation.NewReply{Text: text}
	for _, a := range to {
		n.To = append(n.To, conversation.Person{Address: a})
	}
	m, err := s.talks.Reply(agent(), id, n, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

func (s *shop) message(id int64) conversation.Message {
	s.t.Helper()
	m, err := s.talks.Message(agent(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

func (s *shop) send(subject, id string, more ...string) {
	s.t.Helper()
	raw := letter(subject, id, more...)
	user := testbed.Customer
	if err := s.postfix.Send(&user, raw, testbed.Customer.Address, testbed.Support.Address); err != nil {
		s.t.Fatal(err)
	}
}

func letter(subject, id string, more ...string) string {
	return fmt.Sprintf("From: Carl <%s>\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <%s>\r\nDate: Fri, 28 Nov 2025 08:00:00 +0000\r\n%s\r\nWhere is my parcel?\r\n",
		testbed.Customer.Address, testbed.Support.Address, subject, id, strings.Join(append(more, ""), "\r\n"))
}

func TestACustomerIsAnsweredThroughRealServersInOneThread(t *testing.T) {
	if testing.Short() {
		t.Skip("starts real mail servers")
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d, testbed.DovecotOptions{}, nil, nil)
		s.connected()
		s.send("Parcel", "first@post.test")
		s.until("the mail is a conversation", func() bool { return s.count("SELECT COUNT(*) FROM message WHERE kind = 'inbound'") == 1 })
		id := int64(s.count("SELECT MIN(id) FROM conversation"))
		m := s.reply(id, "It is on its way.")
		got := s.dovecot.Await(testbed.Customer.Address, "INBOX", testbed.HeaderIs("Message-ID", "<"+m.RFCID+">"))
		for name, want := range map[string]string{"In-Reply-To": "<first@post.test>", "References": "<first@post.test>", "Subject": "Re: Parcel"} {
			if got.Header(name) != want {
				t.Errorf("%s is %q, want %q", name, got.Header(name), want)
			}
		}
		if from := strings.ReplaceAll(got.Header("From"), `"`, ""); from != "Anna from Shop <support@desk.test>" || !strings.Contains(string(got.Raw), "1 Market Street") {
			t.Errorf("from %s", from)
		}
		s.dovecot.Await(testbed.Support.Address, "Sent", testbed.HeaderIs("Message-ID", "<"+m.RFCID+">"))
		s.until("the message is sent", func() bool { return s.message(m.ID).Delivery.State == conversation.Sent })
		s.send("Re: Parcel", "second@post.test", "In-Reply-To: <"+m.RFCID+">")
		s.until("the answer is here", func() bool { return s.count("SELECT COUNT(*) FROM message WHERE kind = 'inbound'") == 2 })
		if n := s.count("SELECT COUNT(*) FROM conversation"); n != 1 {
			t.Errorf("%d conversations", n)
		}
		b, err := s.ledger.Balance(context.Background(), false)
		if err != nil || !b.Balanced || b.PendingIn != 0 {
			t.Errorf("balance is %+v, %v", b, err)
		}
	})
}

func TestARealBounceIsShownOnTheMessageThatBounced(t *testing.T) {
	if testing.Short() {
		t.Skip("starts real mail servers")
	}
	t.Parallel()
	s := newShop(t, dbtest.SQLite(t), testbed.DovecotOptions{}, nil, nil)
	s.connected()
	s.send("Parcel", "first@post.test")
	s.until("the mail is a conversation", func() bool { return s.count("SELECT COUNT(*) FROM conversation") == 1 })
	m := s.reply(int64(s.count("SELECT MIN(id) FROM conversation")), "It is on its way.", testbed.Ghost)
	s.until("the bounce has arrived", func() bool { return s.message(m.ID).Delivery.State == conversation.Failed })
	if n := s.count("SELECT COUNT(*) FROM conversation"); n != 1 {
		t.Errorf("the bounce made a conversation of its own: %d", n)
	}
	if d := s.message(m.ID).Delivery; d.Error == "" || d.Recipients[0].State != conversation.Failed {
		t.Errorf("delivery is %+v", d)
	}
	gone := s.reply(int64(s.count("SELECT MIN(id) FROM conversation")), "Once more.", testbed.Refused)
	s.until("the refusal is noted", func() bool { return s.message(gone.ID).Delivery.State == conversation.Failed })
}

func TestARealOutageOfTheSendingServerIsSurvived(t *testing.T) {
	if testing.Short() {
		t.Skip("starts real mail servers")
	}
	t.Parallel()
	s := newShop(t, dbtest.SQLite(t), testbed.DovecotOptions{}, nil, nil)
	s.connected()
	s.send("Parcel", "first@post.test")
	s.until("the mail is a conversation", func() bool { return s.count("SELECT COUNT(*) FROM conversation") == 1 })
	s.postfix.Stop()
	m := s.reply(int64(s.count("SELECT MIN(id) FROM conversation")), "It is on its way.")
	s.until("the outage is noted", func() bool { return s.message(m.ID).Delivery.Error != "" })
	s.postfix.Start()
	s.ahead.Add(int64(time.Minute))
	s.dovecot.Await(testbed.Customer.Address, "INBOX", testbed.HeaderIs("Message-ID", "<"+m.RFCID+">"))
	s.until("the message is sent", func() bool { return s.message(m.ID).Delivery.State == conversation.Sent })
	if s.message(m.ID).Delivery.MaybeTwice {
		t.Error("a message that was never handed in counts as sent twice")
	}
}

func TestARealMailboxIsConnectedPolledAndNumberedAnew(t *testing.T) {
	if testing.Short() {
		t.Skip("starts real mail servers")
	}
	t.Parallel()
	s := newShop(t, dbtest.SQLite(t), testbed.DovecotOptions{}, func(d *testbed.Dovecot) {
		var old []string
		for n := range 500 {
			old = append(old, letter(fmt.Sprintf("old %d", n), fmt.Sprintf("old%d@post.test", n)))
		}
		d.Append(testbed.Support.Address, "INBOX", time.Now().Add(-48*time.Hour), old...)
	}, nil)
	s.connected()
	if n := s.count("SELECT COUNT(*) FROM conversation"); n != 0 {
		t.Fatalf("%d old mails flooded the inbox", n)
	}
	s.send("New", "new@post.test")
	s.until("the new mail is here", func() bool { return s.count("SELECT COUNT(*) FROM conversation") == 1 })
	s.dovecot.Rebuild(testbed.Support.Address, "INBOX")
	s.send("Newer", "newer@post.test")
	s.until("the mailbox is read again", func() bool { return s.count("SELECT COUNT(*) FROM ledger WHERE state = 'dropped'") >= 501 })
	s.until("the newer mail is here", func() bool { return s.count("SELECT COUNT(*) FROM conversation") == 2 })
	if n := s.count("SELECT COUNT(*) FROM message WHERE kind = 'inbound'"); n != 2 {
		t.Errorf("%d messages, want 2", n)
	}
}
