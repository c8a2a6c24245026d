package email

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/deskbell/deskbell/internal/mail"
)

// Captured is one mail in the outbox of the demo.
type Captured struct {
	ID      int64
	At      time.Time
	From    string
	To      []string // of the envelope
	Subject string
	Text    string
	HTML    string
	Raw     []byte
}

// Outbox is an SMTP server for the demo: it takes every mail and sends none.
// It keeps the newest thousand in memory.
type Outbox struct {
	Now func() time.Time

	mu   sync.Mutex
	last int64
	list []Captured
}

const (
	outboxMails = 1000
	outboxBytes = 32 << 20
)

// Serve takes connections until ctx ends.
func (o *Outbox) Serve(ctx context.Context, on net.Listener) error {
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &outboxSession{box: o}, nil }))
	s.Domain, s.MaxMessageBytes, s.MaxRecipients, s.MaxLineLength = "outbox", outboxBytes, maxRecipients, maxLine
	s.ReadTimeout, s.WriteTimeout = doorTimeout, doorTimeout
	s.EnableSMTPUTF8 = true
	s.ErrorLog = quiet{slog.New(slog.DiscardHandler)}
	stop := context.AfterFunc(ctx, func() { _ = s.Close() })
	defer stop()
	err := s.Serve(on)
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// List gives the mails, newest first.
func (o *Outbox) List() []Captured {
	o.mu.Lock()
	defer o.mu.Unlock()
	out := make([]Captured, 0, len(o.list))
	for n := len(o.list) - 1; n >= 0; n-- {
		out = append(out, o.list[n])
	}
	return out
}

// Get gives one mail.
func (o *Outbox) Get(id int64) (Captured, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, c := range o.list {
		if c.ID == id {
			return c, true
		}
	}
	return Captured{}, false
}

func (o *Outbox) add(c Captured) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.last++
	c.ID, c.At = o.last, o.Now()
	o.list = append(o.list, c)
	total := 0
	for n := len(o.list) - 1; n >= 0; n-- {
		if total += len(o.list[n].Raw); total > outboxBytes && n < len(o.list)-1 || len(o.list)-n > outboxMails {
			o.list = append([]Captured{}, o.list[n+1:]...)
			return
		}
	}
}

type outboxSession struct {
	box  *Outbox
	mail Captured
}

func (s *outboxSession) Mail(from string, _ *smtp.MailOptions) error {
	s.mail = Captured{From: from}
	return nil
}

func (s *outboxSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.To = append(s.mail.To, to)
	return nil
}

func (s *outboxSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mail.Raw = raw
	m, err := mail.Parse(bytes.NewReader(raw), mail.Options{})
	if err == nil {
		s.mail.Subject, s.mail.Text, s.mail.HTML = m.Subject, m.Text, m.HTML
		if m.From.Address != "" {
			s.mail.From = m.From.Address
		}
	}
	s.box.add(s.mail)
	return nil
}

func (s *outboxSession) Reset()        { s.mail = Captured{} }
func (s *outboxSession) Logout() error { return nil }
