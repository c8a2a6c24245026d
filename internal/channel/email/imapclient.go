package email

import (
	"context"
	"net"
	"sync/atomic"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"

	"github.com/deskbell/deskbell/internal/inbox"
)

const (
	stallTime = 90 * time.Second // without a byte from the server
	idleRound = compareTime      // IDLE is begun anew, before routers forget the connection
)

// patient is a connection on which each read has its own deadline, so that a
// server that stands still is noticed whatever the library does.
type patient struct {
	net.Conn
	allow atomic.Int64 // of one read
}

func (p *patient) Read(b []byte) (int, error) {
	_ = p.Conn.SetReadDeadline(time.Now().Add(time.Duration(p.allow.Load()))) // a deadline of the network
	return p.Conn.Read(b)
}

// patience sets how long a read may take from now on, the running one included.
func (p *patient) patience(d time.Duration) {
	p.allow.Store(int64(d))
	_ = p.Conn.SetReadDeadline(time.Now().Add(d)) // a deadline of the network
}

// SetReadDeadline ignores the library, which knows no deadline between answers.
func (p *patient) SetReadDeadline(time.Time) error { return nil }

func (p *patient) SetDeadline(t time.Time) error { return p.Conn.SetWriteDeadline(t) }

// imapSession is a signed-in connection.
type imapSession struct {
	*imapclient.Client
	wire  *patient
	news  chan struct{} // something happened in the folder
	close func()
}

// imapClient connects and signs in. The session ends with ctx.
func (d *Dialer) imapClient(ctx context.Context, c *inbox.Connection) (_ *imapSession, err error) {
	s := c.IMAP.Server
	conn, err := d.connectIMAP(ctx, s)
	if err != nil {
		return nil, err
	}
	out := &imapSession{wire: conn, news: make(chan struct{}, 1)}
	options := &imapclient.Options{TLSConfig: d.tls(s.Host), UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(m *imapclient.UnilateralDataMailbox) {
			if m.NumMessages == nil {
				return
			}
			select {
			case out.news <- struct{}{}:
			default:
			}
		},
	}}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	if s.TLS == inbox.TLSStartTLS {
		if out.Client, err = imapclient.NewStartTLS(conn, options); err != nil {
			stop()
			return nil, err
		}
	} else {
		out.Client = imapclient.New(conn, options)
	}
	out.close = func() {
		stop()
		out.Client.Close()
	}
	if err := out.WaitGreeting(); err != nil {
		out.close()
		return nil, err
	}
	if err := out.signIn(ctx, d, c); err != nil {
		out.close()
		return nil, atSignIn{err}
	}
	return out, nil
}

func (d *Dialer) connectIMAP(ctx context.Context, s inbox.Server) (*patient, error) {
	dialed := s
	if s.TLS != inbox.TLSDirect {
		dialed.TLS = inbox.TLSNone
	}
	conn, err := d.connect(ctx, dialed)
	if err != nil {
		return nil, err
	}
	p := &patient{Conn: conn}
	p.allow.Store(int64(stallTime))
	return p, nil
}

func (s *imapSession) signIn(ctx context.Context, d *Dialer, c *inbox.Connection) error {
	server, password := c.IMAP.Server, c.IMAPPassword
	if server.ByMailboxConsent() {
		return s.byConsent(ctx, d, c)
	}
	if server.Username == "" || s.State() == imap.ConnStateAuthenticated {
		return nil
	}
	if s.Caps().Has(imap.AuthCap(sasl.Plain)) {
		return signIn(server.Host, s.Authenticate(sasl.NewPlainClient("", server.Username, password)))
	}
	return signIn(server.Host, s.Login(server.Username, password).Wait())
}
