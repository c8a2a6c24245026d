package email

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/mail/auth"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Limits of the doors.
const (
	maxRecipients  = 100
	maxPerAddress  = 20 // connections
	doorTimeout    = 5 * time.Minute
	maxLine        = 1 << 20 // bytes; far above RFC 5321, as broken senders are
	maxReceivedLen = 100     // Received fields before a mail counts as looping
)

// Listener is the SMTP or LMTP door. It never relays: who is no inbox of ours
// is refused at RCPT. 250 is said only after the mail is durable.
type Listener struct {
	Receiver *Receiver
	Inboxes  interface {
		ByAddress(ctx context.Context, address string) (inbox.ID, error)
	}
	LMTP     bool
	Hostname string      // in the greeting and in Received
	TLS      *tls.Config // offers STARTTLS, nil = none
	// Resolver is asked who really sent a mail; nil = nobody is asked.
	Resolver auth.Resolver
	Log      *slog.Logger
}

// Serve takes connections until ctx ends, and then lets running ones finish for a few seconds.
func (l *Listener) Serve(ctx context.Context, on net.Listener) error {
	s := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &session{ctx: context.WithoutCancel(ctx), door: l, conn: c}, nil
	}))
	s.LMTP, s.Domain, s.TLSConfig = l.LMTP, l.Hostname, l.TLS
	s.MaxRecipients, s.MaxMessageBytes, s.MaxLineLength = maxRecipients, MaxMail, maxLine
	s.ReadTimeout, s.WriteTimeout = doorTimeout, doorTimeout
	s.EnableSMTPUTF8 = true
	s.ErrorLog = quiet{l.Log}
	done := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(done)
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if s.Shutdown(end) != nil {
			_ = s.Close() // already closing
		}
	})
	err := s.Serve(newLimited(on, maxPerAddress))
	if !stop() {
		<-done
		return nil
	}
	return err
}

// quiet puts what the library logs at debug: it may quote what strangers sent.
type quiet struct{ log *slog.Logger }

func (q quiet) Printf(format string, v ...any) {
	q.log.Debug("mail door", "detail", fmt.Sprintf(format, v...))
}
func (q quiet) Println(v ...any) { q.log.Debug("mail door", "detail", fmt.Sprint(v...)) }

// session is one connection.
type session struct {
	ctx  context.Context
	door *Listener
	conn *smtp.Conn
	from string
	to   []recipient
}

type recipient struct {
	address string
	inbox   inbox.ID
}

func refuse(code int, enhanced smtp.EnhancedCode, text string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: text}
}

var errTemporary = refuse(451, smtp.EnhancedCode{4, 3, 0}, "This cannot be stored right now, please try again")

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.door.Receiver.room() != nil {
		return refuse(452, smtp.EnhancedCode{4, 3, 1}, "Not enough room on the disk, please try again later")
	}
	s.Reset()
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	id, err := s.door.Inboxes.ByAddress(s.ctx, to)
	if errs.Is(err, errs.NotFound) {
		return refuse(550, smtp.EnhancedCode{5, 1, 1}, "There is no such mailbox here")
	}
	if err != nil {
		s.door.Log.Warn("a recipient could not be looked up", "error", err)
		return errTemporary
	}
	s.to = append(s.to, recipient{to, id})
	return nil
}

func (s *session) Reset() { s.from, s.to = "", nil }

func (s *session) Logout() error { return nil }

func (s *session) Data(r io.Reader) error {
	var first error
	for _, err := range s.deliver(r) {
		if err != nil {
			first = err
		}
	}
	return first
}

// LMTPData answers for each recipient (RFC 2033).
func (s *session) LMTPData(r io.Reader, status smtp.StatusCollector) error {
	byInbox := s.deliver(r)
	for _, to := range s.to {
		status.SetStatus(to.address, byInbox[to.inbox])
	}
	return nil
}

// deliver keeps the mail once for each inbox.
func (s *session) deliver(r io.Reader) map[inbox.ID]error {
	var ids []inbox.ID
	names := map[inbox.ID][]string{}
	for _, to := range s.to {
		if names[to.inbox] == nil {
			ids = append(ids, to.inbox)
		}
		names[to.inbox] = append(names[to.inbox], to.address)
	}
	door := DoorSMTP
	if s.door.LMTP {
		door = DoorLMTP
	}
	results := map[inbox.ID]error{}
	mail, err := s.take(r, door)
	if err != nil {
		for _, id := range ids {
			results[id] = s.answer(err)
		}
		return results
	}
	defer mail.drop()
	results = s.door.Receiver.keepFor(s.ctx, door, ids, func(id inbox.ID) (io.ReadCloser, Envelope, error) {
		raw, err := mail.open(id, s.trace())
		return raw, Envelope{From: s.from, To: names[id], Remote: remoteIP(s.conn.Conn())}, err
	})
	for id, err := range results {
		results[id] = s.answer(err)
	}
	return results
}

// answer puts a failure into the words of SMTP.
func (s *session) answer(err error) error {
	var own *smtp.SMTPError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &own):
		return own
	case errs.Is(err, errs.TooLarge):
		return smtp.ErrDataTooLarge
	case errors.Is(err, smtp.ErrTooLongLine):
		return refuse(554, smtp.EnhancedCode{5, 6, 0}, "A line of this mail is too long")
	}
	s.door.Log.Warn("a mail was not kept", "error", err)
	return errTemporary
}

// trace is what this hop writes on top (RFC 5321, section 4.4).
func (s *session) trace() string {
	with := "ESMTP"
	if s.door.LMTP {
		with = "LMTP"
	}
	if _, secure := s.conn.TLSConnectionState(); secure {
		with += "S"
	}
	return fmt.Sprintf("Return-Path: <%s>\r\nReceived: from %s ([%s])\r\n\tby %s with %s;\r\n\t%s\r\n",
		header(s.from), header(s.conn.Hostname()), remoteIP(s.conn.Conn()), s.door.Hostname, with,
		s.door.Receiver.Now().UTC().Format(time.RFC1123Z))
}

// header leaves only what cannot break out of a header field.
func header(s string) string {
	return clip(strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f || strings.ContainsRune("<>()\"\\", r) {
			return -1
		}
		return r
	}, s), 320)
}

func remoteIP(c net.Conn) string {
	host, _, err := net.SplitHostPort(c.RemoteAddr().String())
	if err != nil {
		return "unknown"
	}
	return host
}
