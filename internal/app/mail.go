package app

import (
	"context"
	"os"

	"github.com/deskbell/deskbell/internal/channel/email"
	"github.com/deskbell/deskbell/internal/platform/disk"
	"github.com/deskbell/deskbell/internal/platform/job"
)

// Mail is the e-mail channel.
type Mail struct {
	Receiver *email.Receiver
	Ingester *email.Ingester
	a        *App
}

func (a *App) mail() {
	m := &Mail{a: a}
	m.Receiver = &email.Receiver{DB: a.DB, Ledger: a.Ledger, Queue: a.Jobs, Blobs: a.Blobs, Now: a.Now, Log: a.Log}
	m.Ingester = &email.Ingester{DB: a.DB, Ledger: a.Ledger, Queue: a.Jobs, Blobs: a.Blobs, Conversations: a.Conversations, Now: a.Now, Log: a.Log}
	a.Email = m
}

// Kinds are the channel's jobs.
func (m *Mail) Kinds() []job.Kind { return []job.Kind{m.Ingester.Kind()} }

// Run watches the mailboxes until ctx ends.
func (m *Mail) Run(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

// Door is the SMTP or LMTP listener.
func (m *Mail) Door(lmtp bool) *email.Listener {
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	return &email.Listener{Receiver: m.Receiver, Inboxes: m.a.Inboxes, LMTP: lmtp, Hostname: host, Log: m.a.Log,
		DiskLow: func() bool { return disk.Low(m.a.Data) }}
}
