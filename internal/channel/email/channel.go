package email

import (
	"context"
	"crypto/tls"
	"log/slog"
	"time"

	"github.com/deskbell/deskbell/internal/channel/email/consent"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/mail/auth"
	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/job"
	"github.com/deskbell/deskbell/internal/platform/web"
	"github.com/deskbell/deskbell/internal/sender"
)

// Config is what the channel needs of the program.
type Config struct {
	DB            *db.DB
	Queue         *job.Queue
	Blobs         *blob.Store
	Inboxes       *inbox.Service
	Ledger        Ledger
	Conversations Conversations
	Senders       *sender.Service // nil = no lists and rules
	Leases        Leases
	Consents      *consent.Service // nil = no sign-in by mailbox consent
	Hostname      string           // in greetings, EHLO and Received
	TLS           *tls.Config      // of the SMTP and LMTP doors, nil = no STARTTLS
	// Trust replaces the authorities by which mail servers are checked; nil = the computer's.
	Trust *tls.Config
	// Resolver is asked who really sent a mail and whether our own signatures
	// can be checked; nil = nobody is asked.
	Resolver auth.Resolver
	Secrets  Sealer // of signing keys, nil = nothing is signed
	// Room says in words why nothing more can be taken in, such as a full disk; nil = there is always room.
	Room   func() error
	Outbox *Outbox // of the demo
	// Answers posts what agents answer from their mailbox; nil = nobody does. The
	// channel fills in what it has itself.
	Answers *Answers
	// LinkKeys signs links to large files and PublicURL is what they begin with;
	// without them every file goes along.
	LinkKeys  LinkKeys
	PublicURL string
	Now       func() time.Time
	Log       *slog.Logger
}

// Channel is the whole of the channel, put together.
type Channel struct {
	Receiver *Receiver
	Ingester *Ingester
	Sender   *Sender
	Watchers *Watchers
	API      *API
	Pulse    *Pulse
	Imports  *Imports
	Signing  *Signing // nil = nothing is signed
	cfg      Config
	links    *Links
}

// New puts the channel together; nothing runs yet.
func New(c Config) *Channel {
	var links *Links
	if c.LinkKeys != nil && c.PublicURL != "" {
		links = &Links{Keys: c.LinkKeys, URL: c.PublicURL, Conversations: c.Conversations, Blobs: c.Blobs, Now: c.Now, Log: c.Log}
	}
	dialer := &Dialer{Hostname: c.Hostname, TLS: c.Trust}
	if c.Consents != nil {
		dialer.Tokens = c.Consents
	}
	r := &Receiver{DB: c.DB, Ledger: c.Ledger, Queue: c.Queue, Blobs: c.Blobs, Room: c.Room, Now: c.Now, Log: c.Log}
	var signing *Signing
	if c.Resolver != nil && c.Secrets != nil && c.Outbox == nil { // the demo sends nothing
		signing = &Signing{DB: c.DB, Queue: c.Queue, Secrets: c.Secrets, Resolver: c.Resolver, Now: c.Now, Log: c.Log}
	}
	if a := c.Answers; a != nil {
		a.DB, a.Ledger, a.Queue, a.Blobs, a.Now, a.Log = c.DB, c.Ledger, c.Queue, c.Blobs, c.Now, c.Log
	}
	return &Channel{
		cfg:      c,
		links:    links,
		Imports:  &Imports{DB: c.DB, Queue: c.Queue, Receiver: r, Inboxes: c.Inboxes, Dialer: dialer, Now: c.Now, Log: c.Log},
		Pulse:    &Pulse{DB: c.DB, Inboxes: c.Inboxes, Now: c.Now, Log: c.Log},
		Signing:  signing,
		Receiver: r,
		Ingester: &Ingester{DB: c.DB, Ledger: c.Ledger, Queue: c.Queue, Blobs: c.Blobs, Conversations: c.Conversations, Inboxes: c.Inboxes,
			Senders: c.Senders, Answers: c.Answers, Now: c.Now, Log: c.Log},
		Sender: &Sender{DB: c.DB, Queue: c.Queue, Blobs: c.Blobs, Inboxes: c.Inboxes, Conversations: c.Conversations,
			Dialer: dialer, Signing: signing, Links: links, Now: c.Now, Log: c.Log},
		Watchers: &Watchers{DB: c.DB, Receiver: r, Inboxes: c.Inboxes, Dialer: dialer, Leases: c.Leases,
			Known: c.Conversations.Known, Senders: c.Senders, Now: c.Now, Log: c.Log},
		API: &API{DB: c.DB, Receiver: r, Inboxes: c.Inboxes, Dialer: dialer, Outbox: c.Outbox, Signing: signing, Resolver: c.Resolver, Messages: c.Conversations, Now: c.Now},
	}
}

// Kinds are the channel's jobs.
func (c *Channel) Kinds() []job.Kind {
	kinds := []job.Kind{c.Ingester.Kind(), c.Sender.Kind(), c.Sender.AppendKind(), c.Imports.Kind()}
	if c.cfg.Answers != nil {
		kinds = append(kinds, c.cfg.Answers.Kind())
	}
	if c.Signing != nil {
		kinds = append(kinds, c.Signing.Kind())
	}
	return kinds
}

// Run watches the mailboxes until ctx ends.
func (c *Channel) Run(ctx context.Context) error {
	defer c.Sender.Close()
	return c.Watchers.Run(ctx)
}

// Listener is the SMTP door, or the LMTP door.
func (c *Channel) Listener(lmtp bool) *Listener {
	return &Listener{Receiver: c.Receiver, Inboxes: c.cfg.Inboxes, LMTP: lmtp, Hostname: c.cfg.Hostname, TLS: c.cfg.TLS, Resolver: c.cfg.Resolver,
		Log: c.cfg.Log}
}

// ForgetTx empties the mails of a conversation that is deleted, those that came
// by their rows in the ledger and those that were sent by their messages.
func (c *Channel) ForgetTx(ctx context.Context, tx *db.Tx, ledger, messages []int64) error {
	if err := forget(ctx, tx, ledger); err != nil {
		return err
	}
	return forgetSent(ctx, tx, messages)
}

// Register adds the channel's operations.
func (c *Channel) Register(api *web.API) {
	Register(api, c.API)
	registerImports(api, c.Imports)
	c.links.register(api)
	c.registerMbox(api)
	if c.cfg.Consents != nil {
		consent.Register(api, c.cfg.Consents)
	}
}
