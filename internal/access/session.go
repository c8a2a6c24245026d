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
	Code      string // of the second step, "" = none was given yet
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

var (
	errSignIn    = errs.New(errs.Unauthorized, "The e-mail address or the password is wrong.")
	errNoSession = errs.New(errs.NotFound, "There is no such session.")
)

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
	doors := tries(c.Address, email, known)
	ok, err := s.try(ctx, doors, secret.PasswordHash, password)
	if err != nil {
		return "", 0, err
	}
	if !ok || !found || !secret.Active {
		s.cfg.Log.Info("a sign-in was refused", "address", c.Address)
		return "", 0, errSignIn
	}
	if err := s.stepTry(ctx, secret.Agent, c.Code); err != nil {
		s.back(ctx, doors...)
		return "", 0, err
	}
	err = s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.stepTx(ctx, tx, secret.Agent, c.Code); err != nil {
			return err
		}
		if err := backTx(ctx, tx, doors...); err != nil {
			return err
		}
		token, err = s.openTx(ctx, tx, secret.Agent, c)
		return err
	})
	return token, secret.Agent, err
}

// try compares a password behind the doors. Who is right gives the tries back.
func (s *Service) try(ctx context.Context, doors []try, stored, password string) (bool, error) {
	if err := s.enter(ctx, doors...); err != nil {
		return false, err
	}
	if len(password) > 1000 {
		password = "" // never right, and never costly
	}
	ok, err := s.passwords.matches(ctx, stored, password)
	if err != nil {
		s.back(ctx, doors...)
	}
	return ok, err
}

// confirmPassword asks somebody who is signed in for their password again.
func (s *Service) confirmPassword(ctx context.Context, a *Actor, password string, c Client) error {
	secret, _, err := s.cfg.Team.SecretByID(ctx, a.AgentID)
	if err != nil {
		return err
	}
	doors := tries(c.Address, a.Email, true)
	ok, err := s.try(ctx, doors, secret.PasswordHash, password)
	if err != nil {
		return err
	}
	if !ok {
		return errs.InvalidField("body.current_password", "The current password is wrong.")
	}
	s.back(ctx, doors...)
	return nil
}

// openTx makes a session and returns its token, which is nowhere else.
func (s *Service) openTx(ctx context.Context, tx *db.Tx, agent int64, c Client) (string, error) {
	token := newToken()
	now := s.cfg.Now()
	if _, err := insertSession(ctx, tx, agent, hashOf(token), clip(c.UserAgent, 400), c.Address, now, now.Add(sessionIdle)); err != nil {
		return "", err
	}
	return token, s.cfg.Team.SeenTx(ctx, tx, agent, now)
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
		if err != nil {
			return err
		}
		if n == 0 {
			return errNoSession
		}
		return s.endedTx(ctx, tx, agent)
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
	if err := s.confirmPassword(ctx, a, current, c); err != nil {
		return err
	}
	stored, err := s.passwords.hash(ctx, next)
	if err != nil {
		return err
	}
	return s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.cfg.Team.SetPasswordTx(ctx, tx, a.AgentID, stored); err != nil {
			return err
		}
		if err := s.endedTx(ctx, tx, a.AgentID); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, a.AgentID, a.SessionID); err != nil {
			return err
		}
		return s.passwordChangedTx(ctx, tx, a.AgentID)
	})
}
