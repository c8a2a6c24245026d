package access

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/team"
)

// A session ends when it was not used for sessionIdle, and in any case after sessionLife.
const (
	sessionIdle = 30 * 24 * time.Hour
	sessionLife = 90 * 24 * time.Hour
)

// Client is the browser behind a session.
type Client struct {
	Address   string // the address, or the network that one customer of a provider has
	UserAgent string
}

// Session is one signed-in browser.
type Session struct {
	ID         int64
	Agent      int64
	UserAgent  string
	Address    string
	CreatedAt  time.Time
	LastSeenAt time.Time
}

var errSignIn = errs.New(errs.Unauthorized, "The e-mail address or the password is wrong.")

// SignIn makes a session for an address and a password. Whether the account
// does not exist, is not active or has another password looks and costs the same.
func (s *Service) SignIn(ctx context.Context, email, password string, c Client) (token string, agent int64, err error) {
	defer errs.Wrap(&err, "sign in")
	email = team.FoldEmail(email)
	secret, found, err := s.cfg.Team.SecretByEmail(ctx, email)
	if err != nil {
		return "", 0, err
	}
	known, err := signedInFrom(ctx, s.cfg.DB, secret.Agent, c.Address)
	if err != nil {
		return "", 0, err
	}
	ok, err := s.try(ctx, c.Address, email, known, secret.PasswordHash, password)
	if err != nil {
		return "", 0, err
	}
	if !ok || !found || !secret.Active {
		s.cfg.Log.Info("a sign-in was refused", "address", c.Address)
		return "", 0, errSignIn
	}
	err = s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		token, err = s.openTx(ctx, tx, secret.Agent, c)
		return err
	})
	return token, secret.Agent, err
}

// try compares a password behind the throttles.
func (s *Service) try(ctx context.Context, address, account string, known bool, stored, password string) (bool, error) {
	back, err := s.doors.enter(address, account, known, s.cfg.Now())
	if err != nil {
		return false, err
	}
	if len(password) > 1000 {
		password = "" // never right, and never costly
	}
	ok, err := s.passwords.matches(ctx, stored, password)
	if ok || err != nil {
		back()
	}
	return ok, err
}

// openTx makes a session and returns its token, which is nowhere else.
func (s *Service) openTx(ctx context.Context, tx *db.Tx, agent int64, c Client) (string, error) {
	token := newToken()
	now := s.cfg.Now()
	_, err := insertSession(ctx, tx, agent, hashOf(token), clip(c.UserAgent, 400), c.Address, now, now.Add(sessionIdle))
	return token, err
}

func clip(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}

// SignOut ends a session of the agent; one that is not theirs is not found.
func (s *Service) SignOut(ctx context.Context, agent, session int64) (err error) {
	defer errs.Wrap(&err, "end session %d", session)
	return s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := deleteSession(ctx, tx, agent, session)
		if err == nil && n == 0 {
			err = errs.New(errs.NotFound, "There is no such session.")
		}
		tx.AfterCommit(func() { s.Forget(agent) })
		return err
	})
}

// Sessions lists the sessions of an agent that have not ended, newest first.
func (s *Service) Sessions(ctx context.Context, agent int64) (_ []Session, err error) {
	defer errs.Wrap(&err, "list sessions")
	return readSessions(ctx, s.cfg.DB, agent, s.cfg.Now())
}

// ChangePassword replaces the caller's password and ends their other sessions.
func (s *Service) ChangePassword(ctx context.Context, a *Actor, current, next string, c Client) (err error) {
	defer errs.Wrap(&err, "change the password of agent %d", a.AgentID)
	if err := checkPassword("body.new_password", next, a.Email); err != nil {
		return err
	}
	secret, _, err := s.cfg.Team.SecretByID(ctx, a.AgentID)
	if err != nil {
		return err
	}
	ok, err := s.try(ctx, c.Address, a.Email, true, secret.PasswordHash, current)
	if err != nil {
		return err
	}
	if !ok {
		return errs.InvalidField("body.current_password", "The current password is wrong.")
	}
	stored, err := s.passwords.hash(ctx, next)
	if err != nil {
		return err
	}
	return s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.cfg.Team.SetPasswordTx(ctx, tx, a.AgentID, stored); err != nil {
			return err
		}
		tx.AfterCommit(func() { s.Forget(a.AgentID) })
		return endSessions(ctx, tx, a.AgentID, a.SessionID)
	})
}
