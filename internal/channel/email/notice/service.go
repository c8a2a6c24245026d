package notice

import (
	"context"
	"crypto/rand"
	"log/slog"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/channel/email"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/job"
)

// Service is the system mail sender.
type Service struct {
	DB      *db.DB
	Queue   *job.Queue
	Inboxes *inbox.Service
	Dialer  *email.Dialer
	Signing *email.Signing // nil = nothing is signed
	Secrets access.Sealer
	// PublicURL stands in every mail, so that people know which Deskbell it is.
	PublicURL string
	Now       func() time.Time
	Log       *slog.Logger
}

var errNone = errs.New(errs.Conflict, "There is no system mail sender.")

// Get reads the settings; without any they are not Set.
func (s *Service) Get(ctx context.Context) (_ Settings, err error) {
	defer errs.Wrap(&err, "read the system mail sender")
	out, _, err := load(ctx, s.DB, "")
	return out, err
}

// Ready implements [access.Mailer].
func (s *Service) Ready(ctx context.Context, q db.Queryer) (bool, error) {
	set, _, err := load(ctx, q, "")
	if err != nil || set.Inbox == 0 {
		return set.SMTP.Set(), err
	}
	i, err := s.Inboxes.SettingsTx(ctx, q, inbox.ID(set.Inbox))
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	return err == nil && !i.Archived, err
}

// Save replaces the settings. A nil password leaves the one that is set.
func (s *Service) Save(ctx context.Context, next Settings, password *string) (out Settings, err error) {
	defer errs.Wrap(&err, "save the system mail sender")
	if err := next.check(); err != nil {
		return out, err
	}
	if next.Inbox != 0 {
		if _, err := s.usable(ctx, next.Inbox); err != nil {
			return out, err
		}
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		before, _, err := load(ctx, tx, tx.Dialect.ForUpdate())
		if err != nil {
			return err
		}
		if err := mustEnterAgain(before, next, password); err != nil {
			return err
		}
		if err := save(ctx, tx, next); err != nil {
			return err
		}
		if err := s.sealTx(ctx, tx, next, password); err != nil {
			return err
		}
		if out, _, err = load(ctx, tx, ""); err != nil {
			return err
		}
		return s.auditTx(ctx, tx, before, out, password != nil && *password != "")
	})
	return out, err
}

// usable reads an inbox that can send.
func (s *Service) usable(ctx context.Context, id int64) (*inbox.Connection, error) {
	c, err := s.Inboxes.Connection(ctx, inbox.ID(id))
	if errs.Is(err, errs.NotFound) || err == nil && c.Archived() {
		return nil, errs.InvalidField("body.inbox_id", "There is no such inbox.")
	}
	if err == nil && !c.SMTP.Set() {
		return nil, errs.InvalidField("body.inbox_id", "This inbox has no server for sending.")
	}
	return c, err
}

func (s *Service) sealTx(ctx context.Context, tx *db.Tx, next Settings, password *string) error {
	switch {
	case next.Inbox != 0, password != nil && *password == "":
		return setSecret(ctx, tx, nil)
	case password == nil:
		return nil
	case len(*password) > 4096:
		return errs.InvalidField("body.smtp.password", "This password is too long.")
	}
	return setSecret(ctx, tx, s.Secrets.Seal("mail_sender", "smtp_secret", 1, []byte(*password)))
}

// Remove takes the sender away; invitations are links to copy again.
func (s *Service) Remove(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "remove the system mail sender")
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		before, _, err := load(ctx, tx, tx.Dialect.ForUpdate())
		if err != nil || !before.Set() {
			return err
		}
		if err := remove(ctx, tx); err != nil {
			return err
		}
		return s.auditTx(ctx, tx, before, Settings{}, false)
	})
}

// audited is what the audit log keeps of the settings.
type audited struct {
	Inbox    int64        `json:"inbox_id"`
	Address  string       `json:"address"`
	Name     string       `json:"name"`
	SMTP     inbox.Server `json:"smtp"`
	Password bool         `json:"password_entered"`
}

func (s *Service) auditTx(ctx context.Context, tx *db.Tx, before, after Settings, entered bool) error {
	return audit.RecordTx(ctx, tx, s.Now(), audit.Entry{Action: "settings.mail_sender", Subject: "settings", Name: after.Address,
		Before: audited{before.Inbox, before.Address, before.Name, before.SMTP, false},
		After:  audited{after.Inbox, after.Address, after.Name, after.SMTP, entered}})
}

// account is what a mail leaves from.
type account struct {
	via     *inbox.Connection // an inbox, or no more than a server
	address string
	name    string
}

// account opens the settings; given replaces what is stored, for a test before saving.
func (s *Service) account(ctx context.Context, set Settings, sealed []byte, password *string) (account, error) {
	if set.Inbox != 0 {
		c, err := s.usable(ctx, set.Inbox)
		if err != nil {
			return account{}, err
		}
		name := set.Name
		if name == "" {
			name = c.ShopName()
		}
		return account{c, c.Address, name}, nil
	}
	a := account{via: &inbox.Connection{}, address: set.Address, name: set.Name}
	a.via.SMTP = set.SMTP
	if a.name == "" {
		a.name = "Deskbell"
	}
	if password != nil {
		a.via.SMTPPassword = *password
		return a, nil
	}
	if sealed == nil {
		return a, nil
	}
	plain, err := s.Secrets.Open("mail_sender", "smtp_secret", 1, sealed)
	if err != nil {
		return a, errs.New(errs.Unavailable, "The stored password of the system mail sender cannot be read with this key. Enter it again.").Because(err)
	}
	a.via.SMTPPassword = string(plain)
	return a, nil
}

// Test sends a mail to somebody with the given settings and says in words what
// works and what does not. Nothing is saved.
func (s *Service) Test(ctx context.Context, next Settings, password *string, to, locale string) (ok bool, steps []email.Step, err error) {
	defer errs.Wrap(&err, "test the system mail sender")
	if err := next.check(); err != nil {
		return false, nil, err
	}
	before, sealed, err := load(ctx, s.DB, "")
	if err != nil {
		return false, nil, err
	}
	if err := mustEnterAgain(before, next, password); err != nil {
		return false, nil, err
	}
	from, err := s.account(ctx, next, sealed, password)
	if err != nil {
		return false, nil, err
	}
	raw, err := s.render(ctx, from, row{kind: kindTest, to: to, locale: locale, rfcID: messageID(from.address), createdAt: s.Now()}, "")
	if err != nil {
		return false, nil, err
	}
	ok, steps = s.Dialer.Try(ctx, from.via, email.Post{From: from.address, To: to, Raw: raw}, s.Now)
	return ok, steps, nil
}

func messageID(address string) string {
	return strings.ToLower(rand.Text()) + "@" + address[strings.LastIndexByte(address, '@')+1:]
}
