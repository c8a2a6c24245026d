package email

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/mail/auth"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Post is a rendered mail to one person that belongs to no conversation.
type Post struct {
	From string // of the envelope
	To   string
	Raw  []byte
}

// Refused says in words why a server did not take a mail.
type Refused struct {
	Text  errs.Text
	Final bool // another try would be refused as well
	err   error
}

func (r *Refused) Error() string { return r.Text.String() + ": " + r.err.Error() }

// InWords is the sentence, for [errs.Told].
func (r *Refused) InWords() errs.Text { return r.Text }

func (r *Refused) Unwrap() error { return r.err }

// postTime bounds the sending of one short mail.
const postTime = 2 * time.Minute

// Send hands one mail to the server for outgoing mail of via, which may be an inbox
// or a server without one, on a connection of its own. The error is a [Refused].
func (d *Dialer) Send(ctx context.Context, via *inbox.Connection, p Post) error {
	ctx, cancel := context.WithTimeout(ctx, postTime)
	defer cancel()
	c, err := d.smtpClient(ctx, via)
	if err == nil {
		stop := context.AfterFunc(ctx, func() { c.Close() })
		defer stop()
		defer c.Close()
		if err = c.SendMail(p.From, []string{p.To}, bytes.NewReader(p.Raw)); err == nil {
			_ = c.Quit() // it has the mail already
			return nil
		}
	}
	err = timely(ctx, err)
	var signIn atSignIn
	return &Refused{Text: explain(via.SMTP.Host, err).Text, Final: final(err) && !errors.As(err, &signIn), err: err}
}

// Try sends one mail as [Dialer.Send] does and tells the steps in words.
func (d *Dialer) Try(ctx context.Context, via *inbox.Connection, p Post, now func() time.Time) (ok bool, steps []Step) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	k := &checker{dialer: d, now: now, steps: []Step{}}
	k.begin()
	s := via.SMTP
	c, err := d.smtpClient(ctx, via)
	if !k.connected("smtp", s, timely(ctx, err)) {
		return false, k.steps
	}
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	if err := c.SendMail(p.From, []string{p.To}, bytes.NewReader(p.Raw)); err != nil {
		k.bad("smtp_send", s.Host, timely(ctx, err))
		return false, k.steps
	}
	_ = c.Quit() // it has the mail already
	k.good("smtp_send", "test_sent", errs.Say("A test mail to %s is on its way.", p.To), map[string]string{"host": s.Host, "address": p.To})
	return true, k.steps
}

// SignBytes puts a signature on top of a short mail, if the sender's domain can sign.
func (s *Signing) SignBytes(ctx context.Context, from string, raw []byte) ([]byte, error) {
	if s == nil {
		return raw, nil
	}
	key, err := s.key(ctx, auth.DomainOf(from))
	if err != nil || key == nil {
		return raw, err
	}
	field, err := key.Sign(bytes.NewReader(raw))
	if err != nil {
		return raw, err
	}
	return append([]byte(strings.Clone(field)), raw...), nil
}
