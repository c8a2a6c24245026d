package notice

import (
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Settings say from where the installation sends.
type Settings struct {
	Inbox       int64  // sends with the server of this inbox; 0 = with SMTP
	Address     string // ignored with an inbox, which has its own
	Name        string
	SMTP        inbox.Server
	PasswordSet bool
	Version     int64

	LastSuccessAt time.Time
	LastError     string // a sentence, "" = the last mail went out
	LastErrorAt   time.Time
}

// Set tells whether there is something to send with.
func (s Settings) Set() bool { return s.Inbox != 0 || s.SMTP.Set() }

// check fills in what was left open and says what is wrong.
func (s *Settings) check() error {
	s.Name = strings.TrimSpace(s.Name)
	if len([]rune(s.Name)) > 100 || strings.ContainsFunc(s.Name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return errs.InvalidField("body.name", "The sender's name is one line of at most 100 characters.")
	}
	if s.Inbox != 0 {
		s.Address, s.SMTP = "", inbox.Server{}
		return nil
	}
	if !s.SMTP.Set() {
		return errs.InvalidField("body.smtp.host", "Name the server that takes the mail, or choose an inbox.")
	}
	i := inbox.Inbox{Address: strings.TrimSpace(s.Address), SMTP: s.SMTP}
	if err := i.CheckServers(); err != nil {
		return err
	}
	s.Address, s.SMTP = i.Address, i.SMTP
	return nil
}

// mustEnterAgain never lets a stored password go to another server than the one
// it was entered for.
func mustEnterAgain(before, after Settings, password *string) error {
	was, is := before.SMTP, after.SMTP
	weaker := is.TLS == inbox.TLSNone && was.TLS != inbox.TLSNone
	if !before.PasswordSet || password != nil || !is.Set() ||
		was.Host == is.Host && was.Port == is.Port && was.Username == is.Username && !weaker {
		return nil
	}
	return errs.InvalidField("body.smtp.password", "Enter the password again, because it was entered for another server or user.")
}
