package access

import (
	"context"
	"strconv"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// The kinds of mail that the installation sends to its people.
const (
	NoticeInvitation      = "invitation"
	NoticeReset           = "reset"
	NoticePasswordChanged = "password_changed"
	NoticeStepRemoved     = "second_step_removed"
	NoticeInboxQuiet      = "inbox_quiet"
)

// Notice is one mail to one person.
type Notice struct {
	Kind       string
	To         string
	Name       string // of the person, may be empty
	Locale     string
	By         string // who or which inbox caused it, may be empty
	Role       string // of an invitation
	Link       string // "" = none. It is a secret
	ExpiresAt  time.Time
	Invitation int64
	NotBefore  time.Time // zero = at once
}

// MailState says how far the mail of an invitation got.
type MailState struct {
	State string // queued, sent, failed
	Error string
	At    time.Time
}

// Mailer is the system mail sender.
type Mailer interface {
	// Ready tells whether there is an account to send from.
	Ready(ctx context.Context, q db.Queryer) (bool, error)
	// SendTx queues a mail; without an account it does nothing.
	SendTx(ctx context.Context, tx *db.Tx, n Notice) error
	// InvitationMails is how far the mails of these invitations got.
	InvitationMails(ctx context.Context, q db.Queryer, ids []int64) (map[int64]MailState, error)
}

// Use connects the system mail sender. Call it before the first request.
func (s *Service) Use(m Mailer) { s.mail = m }

// MailReady tells whether the installation can send mail.
func (s *Service) MailReady(ctx context.Context, q db.Queryer) (bool, error) {
	if s.mail == nil {
		return false, nil
	}
	return s.mail.Ready(ctx, q)
}

func (s *Service) noticeTx(ctx context.Context, tx *db.Tx, n Notice) error {
	if s.mail == nil {
		return nil
	}
	return s.mail.SendTx(ctx, tx, n)
}

// passwordChangedTx tells the agent, who did not do it if somebody stole the session.
func (s *Service) passwordChangedTx(ctx context.Context, tx *db.Tx, agent int64) error {
	m, err := s.cfg.Team.AgentTx(ctx, tx, agent)
	if err != nil {
		return err
	}
	if err := deleteLinks(ctx, tx, forReset, strconv.FormatInt(agent, 10)); err != nil {
		return err
	}
	return s.noticeTx(ctx, tx, Notice{Kind: NoticePasswordChanged, To: m.Email, Name: m.Name, Locale: m.Locale})
}
