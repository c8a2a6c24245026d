package email

import (
	"bytes"
	"context"
	"io"
	"log"
	"log/slog"
	"net"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"github.com/deskbell/deskbell/internal/inbox"
)

// mailServer is an IMAP server in memory whose folders can be made anew.
type mailServer struct {
	t    *testing.T
	addr string

	mu      sync.Mutex
	server  *imapserver.Server
	memory  *imapmemserver.Server
	user    *imapmemserver.User
	onFetch func(uids imap.NumSet, options *imap.FetchOptions) error
	noMove  bool
	idling  chan struct{} // told about each IDLE
}

func newMailServer(t *testing.T) *mailServer {
	t.Helper()
	m := &mailServer{t: t, idling: make(chan struct{}, 100)}
	m.reset()
	m.start(ownAddress())
	t.Cleanup(m.stop)
	return m
}

// reset forgets all mail; the folder gets another UIDVALIDITY.
func (m *mailServer) reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.memory = imapmemserver.New()
	old := m.user
	m.user = imapmemserver.NewUser("support", "secret")
	if old != nil { // the next number
		m.must(m.user.Create("Spare", nil))
	}
	m.must(m.user.Create("INBOX", nil))
	m.must(m.user.Create("Sent", nil))
	m.memory.AddUser(m.user)
}

func (m *mailServer) must(err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

func (m *mailServer) start(addr string) {
	m.t.Helper()
	on, err := net.Listen("tcp", addr)
	m.must(err)
	m.addr = on.Addr().String()
	m.server = imapserver.New(&imapserver.Options{
		InsecureAuth: true,
		Caps:         imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapMove: {}},
		Logger:       log.New(io.Discard, "", 0),
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			m.mu.Lock()
			defer m.mu.Unlock()
			return &mailSession{Session: m.memory.NewSession(), m: m}, nil, nil
		},
	})
	go m.server.Serve(on) // ends with stop
}

func (m *mailServer) stop() { m.server.Close() }

// put files a mail as if it had arrived at the time.
func (m *mailServer) put(folder, raw string, at time.Time) {
	m.t.Helper()
	_, err := m.user.Append(folder, literal{bytes.NewReader([]byte(raw))}, &imap.AppendOptions{Time: at})
	m.must(err)
}

type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

type mailSession struct {
	imapserver.Session
	m *mailServer
}

func (s *mailSession) Fetch(w *imapserver.FetchWriter, set imap.NumSet, o *imap.FetchOptions) error {
	s.m.mu.Lock()
	check := s.m.onFetch
	s.m.mu.Unlock()
	if check != nil {
		if err := check(set, o); err != nil {
			return err
		}
	}
	return s.Session.Fetch(w, set, o)
}

func (s *mailSession) Move(w *imapserver.MoveWriter, set imap.NumSet, dest string) error {
	s.m.mu.Lock()
	refused := s.m.noMove
	s.m.mu.Unlock()
	if refused {
		return &imap.Error{Type: imap.StatusResponseTypeNo, Text: "not now"}
	}
	return s.Session.(imapserver.SessionMove).Move(w, set, dest)
}

func (s *mailSession) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	s.m.idling <- struct{}{}
	return s.Session.Idle(w, stop)
}

// fetchFrom makes the inbox use the server and gives its watchers.
func (k *desk) fetchFrom(t *testing.T, m *mailServer, change func(*inbox.IMAP)) *Watchers {
	t.Helper()
	host, port, err := net.SplitHostPort(m.addr)
	m.must(err)
	number, err := strconv.Atoi(port)
	m.must(err)
	password := "secret"
	k.inbox, err = k.inboxes.Update(context.Background(), 0, k.inbox.ID, 0, inbox.Passwords{IMAP: &password}, func(i *inbox.Inbox) error {
		i.IMAP.Server = inbox.Server{Host: host, Port: number, TLS: inbox.TLSNone, Username: "support"}
		if change != nil {
			change(&i.IMAP)
		}
		return nil
	})
	m.must(err)
	return &Watchers{DB: k.db, Receiver: k.receiver, Inboxes: k.inboxes, Dialer: &Dialer{}, Now: k.clock.Now, Log: slog.New(slog.DiscardHandler)}
}

func (k *desk) watcher(t *testing.T, w *Watchers, folder string) *Watcher {
	t.Helper()
	one, err := w.open(context.Background(), k.inbox.ID, folder)
	if err != nil {
		t.Fatal(err)
	}
	return one
}

// look reads once and turns what came into messages.
func (k *desk) look(t *testing.T, w *Watcher) {
	t.Helper()
	if err := w.runOnce(context.Background()); err != nil {
		t.Fatal(err)
	}
	k.ingest(t)
}
