package email

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Limits of connections to sending servers.
const (
	dialTime     = 30 * time.Second
	commandTime  = time.Minute
	dataTime     = 5 * time.Minute // a slow scanner behind the final dot
	idleTime     = 4 * time.Minute // servers hang up after five
	perInbox     = 3
	perConnecton = 100 // messages
)

// Dialer opens connections to the mail servers of inboxes.
type Dialer struct {
	Hostname string      // said in EHLO
	TLS      *tls.Config // nil = the authorities that the computer trusts
	Tokens   Tokens      // of mailboxes whose owner consented; nil = none
}

func (d *Dialer) tls(host string) *tls.Config {
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if d.TLS != nil {
		c = d.TLS.Clone()
	}
	c.ServerName = host
	return c
}

func address(s inbox.Server) string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// connect dials and protects the connection; with STARTTLS that is left to the protocol.
func (d *Dialer) connect(ctx context.Context, s inbox.Server) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTime)
	defer cancel()
	nd := &net.Dialer{}
	if s.TLS != inbox.TLSDirect {
		return nd.DialContext(ctx, "tcp", address(s))
	}
	return (&tls.Dialer{NetDialer: nd, Config: d.tls(s.Host)}).DialContext(ctx, "tcp", address(s))
}

// smtpClient opens a session and signs in.
func (d *Dialer) smtpClient(ctx context.Context, of *inbox.Connection) (c *smtp.Client, err error) {
	s := of.SMTP
	conn, err := d.connect(ctx, s)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	defer func() {
		if err != nil {
			conn.Close()
		}
	}()
	c = smtp.NewClient(conn)
	if s.TLS == inbox.TLSStartTLS {
		if c, err = d.startTLS(conn, s); err != nil {
			return nil, err
		}
	}
	c.CommandTimeout, c.SubmissionTimeout = commandTime, dataTime
	// After STARTTLS too: only now the certificate is looked at.
	if err := c.Hello(d.hello()); err != nil {
		return nil, err
	}
	if s.Username == "" {
		return c, nil
	}
	if s.ByMailboxConsent() {
		err = d.byConsent(ctx, of, s, c.SupportsAuth, c.Auth)
	} else {
		err = signIn(s.Host, smtpSignIn(c, s, of.SMTPPassword))
	}
	if err != nil {
		return nil, atSignIn{err}
	}
	return c, nil
}

func (d *Dialer) startTLS(conn net.Conn, s inbox.Server) (*smtp.Client, error) {
	_ = conn.SetDeadline(time.Now().Add(commandTime)) // a deadline of the network, not of the product
	c, err := smtp.NewClientStartTLS(conn, d.tls(s.Host))
	if err != nil {
		return nil, err
	}
	return c, conn.SetDeadline(time.Time{})
}

func (d *Dialer) hello() string {
	if d.Hostname == "" {
		return "localhost"
	}
	return d.Hostname
}

var errNoAuth = errors.New("no common way to sign in")

func smtpSignIn(c *smtp.Client, s inbox.Server, password string) error {
	switch {
	case c.SupportsAuth(sasl.Plain):
		return c.Auth(sasl.NewPlainClient("", s.Username, password))
	case c.SupportsAuth(sasl.Login):
		return c.Auth(sasl.NewLoginClient(s.Username, password))
	}
	return &trouble{"no_sign_in", errs.Say("%s offers no sign-in with a password on this connection. Leave the user name empty, or choose TLS or STARTTLS.", s.Host),
		map[string]string{"host": s.Host}, errNoAuth}
}

// pool keeps a few open sessions per inbox, so that a reply leaves within milliseconds.
type pool struct {
	dialer *Dialer

	mu   sync.Mutex
	idle map[string][]*line
	busy map[inbox.ID]int
}

// line is one session that may be used again.
type line struct {
	*smtp.Client
	key   string
	sent  int
	fresh bool // never used before
	timer *time.Timer
}

// enter takes one of the few places of an inbox.
func (p *pool) enter(id inbox.ID) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.busy == nil {
		p.busy = map[inbox.ID]int{}
	}
	if p.busy[id] >= perInbox {
		return false
	}
	p.busy[id]++
	return true
}

func (p *pool) leave(id inbox.ID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.busy[id]--; p.busy[id] <= 0 {
		delete(p.busy, id)
	}
}

// key is another one whenever the settings are.
func lineKey(c *inbox.Connection) string {
	return strings.Join([]string{strconv.FormatInt(int64(c.ID), 10), strconv.FormatInt(c.Version, 10)}, "/")
}

// get gives an idle session, or a new one.
func (p *pool) get(ctx context.Context, c *inbox.Connection, mayReuse bool) (*line, error) {
	key := lineKey(c)
	if c.SMTP.ByMailboxConsent() && p.dialer.Tokens != nil { // an open session outlives a consent that was taken back
		if _, err := p.dialer.Tokens.Token(ctx, c.ID, ""); err != nil {
			return nil, asTrouble(err)
		}
	}
	if mayReuse {
		if l := p.takeIdle(key); l != nil {
			return l, nil
		}
	}
	client, err := p.dialer.smtpClient(ctx, c)
	if err != nil {
		return nil, err
	}
	return &line{Client: client, key: key, fresh: true}, nil
}

func (p *pool) takeIdle(key string) *line {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.idle[key]) > 0 {
		n := len(p.idle[key]) - 1
		l := p.idle[key][n]
		p.idle[key] = p.idle[key][:n]
		if l.timer.Stop() {
			return l
		}
	}
	delete(p.idle, key)
	return nil
}

// put keeps a session whose last transaction ended well.
func (p *pool) put(l *line) {
	l.fresh = false
	if l.sent++; l.sent >= perConnecton {
		go p.quit(l)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.idle == nil {
		p.idle = map[string][]*line{}
	}
	l.timer = time.AfterFunc(idleTime, func() { p.expire(l) })
	p.idle[l.key] = append(p.idle[l.key], l)
}

func (p *pool) expire(l *line) {
	p.mu.Lock()
	list := p.idle[l.key]
	for n, other := range list {
		if other == l {
			p.idle[l.key] = append(list[:n:n], list[n+1:]...)
			break
		}
	}
	p.mu.Unlock()
	p.quit(l)
}

func (p *pool) quit(l *line) {
	l.CommandTimeout = 5 * time.Second
	if l.Quit() != nil {
		l.Close()
	}
}

// close ends all idle sessions.
func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, list := range p.idle {
		for _, l := range list {
			if l.timer.Stop() {
				l.Close()
			}
		}
	}
	p.idle = nil
}
