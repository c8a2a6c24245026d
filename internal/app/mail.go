package app

import (
	"context"
	"crypto/tls"
	"net"
	"os"

	"github.com/deskbell/deskbell/internal/channel/email"
	"github.com/deskbell/deskbell/internal/channel/email/sender"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/disk"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// mail puts the e-mail channel together.
func (a *App) mail() error {
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	if a.Demo {
		a.Outbox = &email.Outbox{Now: a.Now}
	}
	starttls, err := a.certificate()
	if err != nil {
		return err
	}
	a.Email = email.New(email.Config{
		DB: a.DB, Queue: a.Jobs, Blobs: a.Blobs, Inboxes: a.Inboxes, Ledger: a.Ledger, Conversations: a.Conversations, Leases: a.Leases,
		Hostname: host, TLS: starttls, Outbox: a.Outbox, Resolver: net.DefaultResolver, Secrets: a.Keys, Now: a.Now, Log: a.Log,
		DiskLow: func() bool { return disk.Low(a.Data) },
	})
	a.Inboxes.Changed = func() { a.Access.Forget(0) }
	a.Ledger.Compare = a.Email.Watchers.Compare
	return nil
}

// sender is the account from which the installation itself sends.
func (a *App) sender() {
	a.Sender = &sender.Service{DB: a.DB, Queue: a.Jobs, Inboxes: a.Inboxes, Dialer: a.Email.API.Dialer, Signing: a.Email.Signing,
		Secrets: a.Keys, PublicURL: a.URL(), Now: a.Now, Log: a.Log}
	a.Access.Use(a.Sender)
}

// certificate is that of the console, offered by the mail doors too.
func (a *App) certificate() (*tls.Config, error) {
	if a.TLSCert == "" {
		return nil, nil
	}
	pair, err := tls.LoadX509KeyPair(a.TLSCert, a.TLSKey)
	if err != nil {
		return nil, errs.New(errs.Invalid, "The certificate of --tls-cert or its key cannot be read.").Because(err)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}}, nil
}

// Health is how an inbox receives and sends.
func (a *App) Health(ctx context.Context, i *inbox.Inbox) (email.Health, error) {
	return email.ReadHealth(ctx, a.DB, i, a.Now())
}
