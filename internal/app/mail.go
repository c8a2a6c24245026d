package app

import (
	"context"
	"crypto/tls"
	"os"

	"github.com/deskbell/deskbell/internal/channel/email"
	"github.com/deskbell/deskbell/internal/channel/email/consent"
	"github.com/deskbell/deskbell/internal/channel/email/notice"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/notification"
	"github.com/deskbell/deskbell/internal/platform/db"
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
	// The mail doors offer the certificate of the console.
	var starttls *tls.Config
	if a.TLSCert != "" {
		if a.certificate, err = openCertificate(a.TLSCert, a.TLSKey, a.Now, a.Log); err != nil {
			return err
		}
		starttls = a.certificate.config()
	}
	a.Consents = &consent.Service{
		DB: a.DB, Secrets: a.Keys, Inboxes: a.Inboxes, Leases: a.Leases, Redirect: a.URL() + "/settings/inboxes/connected", Now: a.Now, Log: a.Log,
	}
	a.Email = email.New(email.Config{
		Consents: a.Consents, LinkKeys: a.Keys, PublicURL: a.PublicURL,
		DB: a.DB, Queue: a.Jobs, Blobs: a.Blobs, Inboxes: a.Inboxes, Ledger: a.Ledger, Conversations: a.Conversations,
		Senders: a.Senders, Leases: a.Leases,
		Answers: &email.Answers{Told: a.Notifications, Conversations: a.Conversations, Agent: a.Access.Agent,
			Post: func(ctx context.Context, m mail.Outgoing) error { return a.Notifications.Mail.Post(ctx, m) }},
		Hostname: host, TLS: starttls, Outbox: a.Outbox, Resolver: a.resolver, Secrets: a.Keys, Now: a.Now, Log: a.Log,
		Room: a.room,
	})
	a.Inboxes.Changed = func() { a.tellEnded(0) }
	a.Ledger.Compare = a.Email.Watchers.Compare
	return nil
}

// notices leave from the account of the installation itself.
func (a *App) notices() {
	a.Notices = &notice.Service{DB: a.DB, Queue: a.Jobs, Inboxes: a.Inboxes, Dialer: a.Email.API.Dialer, Signing: a.Email.Signing,
		Secrets: a.Keys, PublicURL: a.URL(), Now: a.Now, Log: a.Log}
	a.Access.Use(a.Notices)
	a.Email.Pulse.Quiet, a.Email.Pulse.Heard = a.tellQuiet, a.tellHeard
	n := a.Notifications
	n.MailDelay, n.Log = a.NotificationDelay, a.Log
	n.Push.Contact = a.URL()
	n.Agent, n.Jobs, n.Mail, n.Marks, n.Secrets, n.PublicURL, n.Inbox = a.Access.Agent, a.Jobs, a.Notices, a.Keys, a.Keys, a.URL(), a.answerDoor
}

// room says in words when the disk that the data is on takes nothing more.
func (a *App) room() error { return disk.Room(a.Data, a.Blobs.Dir()) }

// Health is how an inbox receives and sends.
func (a *App) Health(ctx context.Context, i *inbox.Inbox) (email.Health, error) {
	return email.ReadHealth(ctx, a.DB, i, a.Now())
}

// answerDoor is where agents' answers about the conversations of an inbox arrive.
func (a *App) answerDoor(ctx context.Context, q db.Queryer, id int64) (notification.Door, bool, error) {
	i, err := a.Inboxes.SettingsTx(ctx, q, inbox.ID(id))
	if errs.Is(err, errs.NotFound) {
		return notification.Door{}, false, nil
	}
	return notification.Door{Address: i.Address, Name: i.Name, Plus: i.ReplyToken}, err == nil && !i.Archived && i.Channel == "email", err
}
