package access

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/team"
)

// FirstOwner is the person who sets Deskbell up.
type FirstOwner struct {
	Name, Email, Password, Locale string
}

var (
	errOwned      = errs.New(errs.Conflict, "Deskbell is set up already. An owner can invite others.")
	errSetupToken = errs.New(errs.Forbidden, "This set-up link was used already or a newer one was made. The newest is in the program's output at its last start.")
)

// SetupNeeded tells whether nobody owns this installation yet.
func (s *Service) SetupNeeded(ctx context.Context) (bool, error) {
	if s.owned.Load() {
		return false, nil
	}
	yes, err := s.cfg.Team.OwnerExists(ctx)
	if yes {
		s.owned.Store(true)
	}
	return !yes, err
}

// SetupLink makes the link for the first owner; ok is false when there is one.
func (s *Service) SetupLink(ctx context.Context) (l Link, ok bool, err error) {
	defer errs.Wrap(&err, "make the set-up link")
	needed, err := s.SetupNeeded(ctx)
	if err != nil || !needed {
		return Link{}, false, err
	}
	err = s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		l, err = s.linkTx(ctx, tx, forSetup, "", struct{}{}, 0, setupLives)
		return err
	})
	return l, err == nil, err
}

// SetUp makes the first owner and returns their id. It is a conflict when there
// is one; of several at once one succeeds.
func (s *Service) SetUp(ctx context.Context, o FirstOwner) (id int64, err error) {
	defer errs.Wrap(&err, "set up")
	stored, err := s.prepare(ctx, &o)
	if err != nil {
		return 0, err
	}
	err = s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		id, err = s.setUpTx(ctx, tx, o, stored)
		return err
	})
	return id, err
}

// SetUpByLink is [Service.SetUp] with the token of the set-up link, and signs in.
func (s *Service) SetUpByLink(ctx context.Context, token string, o FirstOwner, c Client) (session string, id int64, err error) {
	defer errs.Wrap(&err, "set up")
	needed, err := s.SetupNeeded(ctx)
	if err != nil {
		return "", 0, err
	}
	if !needed {
		return "", 0, errSetupToken
	}
	if err := s.checkLink(ctx, forSetup, token, errSetupToken); err != nil {
		return "", 0, err
	}
	stored, err := s.prepare(ctx, &o)
	if err != nil {
		return "", 0, err
	}
	err = s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := s.useTx(ctx, tx, forSetup, token, &struct{}{}); errs.Is(err, errs.NotFound) {
			return errSetupToken
		} else if err != nil {
			return err
		}
		if id, err = s.setUpTx(ctx, tx, o, stored); err != nil {
			return err
		}
		session, err = s.openTx(ctx, tx, id, c)
		return err
	})
	return session, id, err
}

// checkLink refuses a wrong token before anything costly is done.
func (s *Service) checkLink(ctx context.Context, purpose, token string, refused error) error {
	_, err := readLink(ctx, s.cfg.DB, purpose, hashOf(token), s.cfg.Now())
	if errs.Is(err, errs.NotFound) {
		return refused
	}
	return err
}

func (s *Service) prepare(ctx context.Context, o *FirstOwner) (stored string, err error) {
	if o.Email, err = team.CheckEmail(o.Email); err != nil {
		return "", err
	}
	if o.Name, err = team.CheckName(o.Name); err != nil {
		return "", err
	}
	if o.Locale, err = team.CheckLocale(o.Locale); err != nil {
		return "", err
	}
	if err := checkPassword("body.password", o.Password, o.Email); err != nil {
		return "", err
	}
	return s.passwords.hash(ctx, o.Password)
}

func (s *Service) setUpTx(ctx context.Context, tx *db.Tx, o FirstOwner, stored string) (int64, error) {
	if err := s.cfg.Team.SeedRolesTx(ctx, tx, roles()); err != nil {
		return 0, err
	}
	owned, err := s.cfg.Team.OwnerExistsTx(ctx, tx)
	if err != nil {
		return 0, err
	}
	if owned {
		return 0, errOwned
	}
	role, err := s.cfg.Team.RoleByKeyTx(ctx, tx, team.Owner)
	if err != nil {
		return 0, err
	}
	if err := deleteLinks(ctx, tx, forSetup, ""); err != nil {
		return 0, err
	}
	return s.cfg.Team.CreateTx(ctx, tx, team.NewAgent{Email: o.Email, Name: o.Name, Role: role.ID, PasswordHash: stored, Locale: o.Locale})
}

// NewAgent is an agent made by the program itself, as in a demo.
type NewAgent struct {
	Name, Email, Password, Locale string
	Role                          string // a key such as "agent"
	Teams                         []int64
	Inboxes                       []team.InboxAccess
}

// CreateAgent adds an agent without an invitation.
func (s *Service) CreateAgent(ctx context.Context, n NewAgent) (id int64, err error) {
	defer errs.Wrap(&err, "create an agent")
	o := FirstOwner{Name: n.Name, Email: n.Email, Password: n.Password, Locale: n.Locale}
	stored, err := s.prepare(ctx, &o)
	if err != nil {
		return 0, err
	}
	err = s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.cfg.Team.SeedRolesTx(ctx, tx, roles()); err != nil {
			return err
		}
		role, err := s.cfg.Team.RoleByKeyTx(ctx, tx, n.Role)
		if err != nil {
			return err
		}
		id, err = s.cfg.Team.CreateTx(ctx, tx, team.NewAgent{Email: o.Email, Name: o.Name, Role: role.ID,
			PasswordHash: stored, Locale: o.Locale, Teams: n.Teams, Inboxes: n.Inboxes})
		return err
	})
	return id, err
}
