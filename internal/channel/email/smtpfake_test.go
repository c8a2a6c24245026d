package email

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/job"
)

// provider is a sending server that does what a test asks for.
type provider struct {
	t    *testing.T
	addr string

	mu       sync.Mutex
	server   *smtp.Server
	on       net.Listener
	mails    []taken
	sessions int
	signedIn int
	password string
	onMail   func(from string) error
	onRcpt   func(to string) error
	onData   func(n int) error // after the bytes, n counts mails from 1
	hangUp   bool              // after the bytes, without an answer
}

type taken struct {
	from string
	to   []string
	raw  string
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	p := &provider{t: t}
	p.start(ownAddress())
	t.Cleanup(p.stop)
	return p
}

var addressCount atomic.Int64

// ownAddress is a loopback address that no other test listens on, so that a
// server that is down stays down.
func ownAddress() string {
	n := addressCount.Add(1)
	return fmt.Sprintf("127.7.%d.%d:0", n/200, n%200+1)
}

func (p *provider) start(addr string) {
	p.t.Helper()
	on, err := net.Listen("tcp", addr)
	if err != nil {
		p.t.Fatal(err)
	}
	p.on, p.addr = on, on.Addr().String()
	s := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.sessions++
		return &providerSession{p: p, conn: c}, nil
	}))
	s.AllowInsecureAuth = true
	s.ErrorLog = quiet{slog.New(slog.DiscardHandler)}
	p.server = s
	go s.Serve(on) // ends with stop
}

// stop closes the port even when the server has not come to listen yet.
func (p *provider) stop() {
	p.on.Close()
	p.server.Close()
}

func (p *provider) taken() []taken {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]taken{}, p.mails...)
}

func (p *provider) set(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
}

type providerSession struct {
	p    *provider
	conn *smtp.Conn
	now  taken
}

func (s *providerSession) AuthMechanisms() []string {
	if s.p.password == "" {
		return nil
	}
	return []string{sasl.Plain}
}

func (s *providerSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, _, password string) error {
		s.p.mu.Lock()
		defer s.p.mu.Unlock()
		if password != s.p.password {
			return smtp.ErrAuthFailed
		}
		s.p.signedIn++
		return nil
	}), nil
}

func (s *providerSession) Mail(from string, _ *smtp.MailOptions) error {
	s.now = taken{from: from}
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	if s.p.onMail != nil {
		return s.p.onMail(from)
	}
	return nil
}

func (s *providerSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	if s.p.onRcpt != nil {
		if err := s.p.onRcpt(to); err != nil {
			return err
		}
	}
	s.now.to = append(s.now.to, to)
	return nil
}

func (s *providerSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	s.now.raw = string(raw)
	if s.p.onData != nil {
		if err := s.p.onData(len(s.p.mails) + 1); err != nil {
			return err
		}
	}
	s.p.mails = append(s.p.mails, s.now)
	if s.p.hangUp {
		s.conn.Close()
		return errors.New("gone")
	}
	return nil
}

func (s *providerSession) Reset()        {}
func (s *providerSession) Logout() error { return nil }

func reply(code int) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 0, 0}, Message: "said by a test"}
}

// sendThrough makes the inbox use the provider and gives a sender.
// point makes a server the one for outgoing mail of the inbox.
func (k *desk) point(t *testing.T, p *provider, passwords ...string) {
	t.Helper()
	password := strings.Join(passwords, "")
	host, port, err := net.SplitHostPort(p.addr)
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	user := ""
	if password != "" {
		user = "support"
	}
	k.inbox, err = k.inboxes.Update(context.Background(), 0, k.inbox.ID, 0, inbox.Passwords{SMTP: &password}, func(i *inbox.Inbox) error {
		i.SMTP = inbox.Server{Host: host, Port: number, TLS: inbox.TLSNone, Username: user}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (k *desk) sendThrough(t *testing.T, p *provider, password string) *Sender {
	t.Helper()
	k.point(t, p, password)
	s := &Sender{DB: k.db, Queue: k.queue, Blobs: k.blobs, Inboxes: k.inboxes, Conversations: k.talks,
		Dialer: &Dialer{Hostname: "desk.test"}, Now: k.clock.Now, Log: slog.New(slog.DiscardHandler)}
	t.Cleanup(s.Close)
	return s
}

// queueMessage puts an answer in line.
func (k *desk) queueMessage(t *testing.T, id int64, to ...string) {
	t.Helper()
	o := conversation.Outgoing{
		Message: id, Conversation: 1, Inbox: int64(k.inbox.ID), AgentID: 7, AgentName: "Anna", Subject: "Re: Parcel",
		Text: "It is on its way.", RFCID: "db.token" + strconv.FormatInt(id, 10) + "@shop.test", InReplyTo: "q@example.test",
		References: []string{"first@example.test", "q@example.test"}, At: k.clock.Now(),
		Quote: &conversation.Quote{From: conversation.Person{Name: "Carl", Address: "carl@example.test"}, At: k.clock.Now(), Text: "Where is it?"},
	}
	for _, a := range to {
		o.To = append(o.To, conversation.Person{Address: a})
	}
	if k.talks.out == nil {
		k.talks.out = map[int64]conversation.Outgoing{}
	}
	k.talks.out[id] = o
	k.insertMessage(t, id)
	k.enqueue(t, job.New{Kind: conversation.DeliverKind, UniqueKey: "m" + strconv.FormatInt(id, 10), Payload: conversation.DeliverPayload{Message: id}})
}

// deliver runs what is due and reports how many jobs there were.
func (k *desk) deliver(t *testing.T, s *Sender) int {
	t.Helper()
	n, err := k.queue.RunOnce(context.Background(), s.Kind())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func field(raw, name string) string {
	for _, l := range strings.Split(raw, "\r\n") {
		if v, ok := strings.CutPrefix(l, name+": "); ok {
			return v
		}
	}
	return ""
}
