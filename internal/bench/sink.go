package bench

import (
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Sink is a mail server that takes everything and remembers when.
type Sink struct {
	Port   int
	server *smtp.Server
	// Got is told of each mail before it is accepted; nil = nobody.
	Got func(to []string, raw []byte)

	mu    sync.Mutex
	times map[string]time.Time
	moved chan struct{}
}

// NewSink listens on a free port of this machine.
func NewSink() (*Sink, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &Sink{Port: l.Addr().(*net.TCPAddr).Port, times: map[string]time.Time{}, moved: make(chan struct{})}
	s.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{sink: s}, nil }))
	s.server.Domain, s.server.EnableSMTPUTF8 = "sink.example", true
	go func() { _ = s.server.Serve(l) }()
	return s, nil
}

// Address is HOST:PORT of the sink.
func (s *Sink) Address() string { return fmt.Sprintf("127.0.0.1:%d", s.Port) }

// Close stops listening.
func (s *Sink) Close() error { return s.server.Close() }

// Accepted is when the first mail to the address was taken; the channel closes
// with the next mail where there is none yet.
func (s *Sink) Accepted(address string) (time.Time, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.times[strings.ToLower(address)], s.moved
}

type session struct {
	sink *Sink
	to   []string
}

func (x *session) Mail(string, *smtp.MailOptions) error { x.to = nil; return nil }

func (x *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	x.to = append(x.to, to)
	return nil
}

func (x *session) Data(r io.Reader) error {
	s := x.sink
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.Got != nil {
		s.Got(x.to, raw)
	}
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, to := range x.to {
		if to = strings.ToLower(to); s.times[to].IsZero() {
			s.times[to] = now
		}
	}
	close(s.moved)
	s.moved = make(chan struct{})
	return nil
}

func (x *session) Reset()        { x.to = nil }
func (x *session) Logout() error { return nil }
