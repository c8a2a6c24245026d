package realtime

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// NATS is a bus over NATS. While the server is away hints are dropped and the
// connection is tried again each second.
type NATS struct {
	local  Local
	out    *outgoing
	health health
	cfg    NATSConfig

	patience time.Duration // how long the server may take to confirm

	turning    sync.Mutex
	subscribed bool
}

// NATSConfig says where NATS is.
type NATSConfig struct {
	URL   string // nats:// or tls://, several with commas; may hold user and password
	Creds string // a file of NATS credentials, "" = none
	Space string // tells installations apart that share one NATS
	Log   *slog.Logger
}

const natsTimeout = 5 * time.Second

// NewNATS makes the bus; it connects while [NATS.Run] runs.
func NewNATS(cfg NATSConfig) *NATS { return &NATS{cfg: cfg, out: newOutgoing(), patience: natsTimeout} }

// Publish implements [Bus]: this node at once, the others a moment later.
func (n *NATS) Publish(subject string, data []byte) {
	n.local.Publish(subject, data)
	n.out.add(subject, data)
}

// Subscribe implements [Bus].
func (n *NATS) Subscribe(subject string, f func([]byte)) func() {
	return n.local.Subscribe(subject, f)
}

// Status implements [Bus].
func (n *NATS) Status() Status { return n.health.status("nats") }

// Run sends and listens until ctx ends. Whatever is wrong with NATS is logged and
// tried again: the feed is polled meanwhile.
func (n *NATS) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := n.serve(ctx); err != nil && n.health.set(false) {
			n.cfg.Log.Warn("NATS cannot be used, the feed is polled", "error", err)
		}
		wait(ctx, time.Second)
	}
	return nil
}

func (n *NATS) serve(ctx context.Context) error {
	conn, err := n.cfg.connect(
		nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1), nats.ReconnectWait(time.Second),
		nats.ReconnectBufSize(-1),   // a hint from before is worth nothing after
		nats.IgnoreAuthErrorAbort(), // the password may be put right on the server
		nats.ConnectHandler(func(c *nats.Conn) { n.turned(ctx, c, nil) }),
		nats.ReconnectHandler(func(c *nats.Conn) { n.turned(ctx, c, nil) }),
		nats.DisconnectErrHandler(func(c *nats.Conn, err error) { n.turned(ctx, c, err) }),
		nats.ReconnectErrHandler(func(c *nats.Conn, err error) { n.turned(ctx, c, err) }),
		nats.ErrorHandler(n.trouble))
	if err != nil {
		return err
	}
	defer n.close(conn)
	prefix := "deskbell." + n.cfg.Space + "."
	heard, err := conn.Subscribe(prefix+"*", func(m *nats.Msg) {
		if len(m.Data) <= MaxHint {
			n.local.Publish(strings.TrimPrefix(m.Subject, prefix), m.Data)
		}
	})
	if err == nil {
		err = heard.SetPendingLimits(maxWaiting*16, 16<<20)
	}
	if err != nil {
		return err
	}
	n.confirm(ctx, conn)
	var wg sync.WaitGroup
	wg.Go(func() {
		n.out.run(ctx, func(_ context.Context, list []hint) {
			for _, one := range list {
				_ = conn.Publish(prefix+one.subject, []byte(one.data)) // when the server is away, turned has said so
			}
		})
	})
	n.watch(ctx, conn)
	wg.Wait()
	return nil
}

// watch asks a server again that was too busy to confirm in time: no callback
// tells when it is back, because the connection never broke.
func (n *NATS) watch(ctx context.Context, conn *nats.Conn) {
	for ctx.Err() == nil {
		if wait(ctx, time.Second); conn.IsConnected() && !n.Status().Up {
			n.turned(ctx, conn, conn.LastError())
		}
	}
}

func (n *NATS) close(conn *nats.Conn) {
	conn.Close()
	n.turning.Lock()
	defer n.turning.Unlock()
	n.subscribed = false
}

// turned notes whether the connection came or went, unless we are stopping. It is
// up when the server has confirmed that it knows what we want to hear. The text
// of an error names addresses and never what stands before the @ of the URL.
func (n *NATS) turned(ctx context.Context, conn *nats.Conn, err error) {
	n.turning.Lock() // each call looks anew, so that the last one is right
	defer n.turning.Unlock()
	up := conn.IsConnected() && n.subscribed && conn.FlushTimeout(n.patience) == nil
	if ctx.Err() != nil || !n.health.set(up) {
		return
	}
	if up {
		n.cfg.Log.Info("hints between nodes go through NATS")
		return
	}
	n.cfg.Log.Warn("NATS does not answer, the feed is polled", "error", err)
}

// confirm is turned once the subscription is made.
func (n *NATS) confirm(ctx context.Context, conn *nats.Conn) {
	n.turning.Lock()
	n.subscribed = true
	n.turning.Unlock()
	n.turned(ctx, conn, conn.LastError())
}

// trouble is what NATS says beside coming and going, such as hints that were
// dropped because they came too fast.
func (n *NATS) trouble(_ *nats.Conn, _ *nats.Subscription, err error) {
	if !errors.Is(err, nats.ErrSlowConsumer) {
		n.cfg.Log.Warn("NATS reports trouble", "error", err)
	}
}

// connect opens a connection that does not hear itself.
func (c NATSConfig) connect(more ...nats.Option) (*nats.Conn, error) {
	options := append([]nats.Option{
		nats.Name("deskbell"), nats.NoEcho(), nats.Timeout(natsTimeout),
		nats.PingInterval(natsTimeout), nats.MaxPingsOutstanding(2), // gone without a word: noticed after 15 s
	}, more...)
	if c.Creds != "" {
		options = append(options, nats.UserCredentials(c.Creds))
	}
	return nats.Connect(c.URL, options...)
}

// Probe connects once and tells, in words, what is wrong.
func (c NATSConfig) Probe() error {
	conn, err := c.connect()
	switch {
	case err == nil:
		conn.Close()
		return nil
	case errors.Is(err, nats.ErrAuthorization):
		return errs.New(errs.Unavailable, "NATS refuses the user, password or credentials.").Because(err)
	}
	return errs.New(errs.Unavailable, "NATS does not answer at the address of --nats-url.").Because(err)
}
