package team

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Config connects the service.
type Config struct {
	DB  *db.DB
	Now func() time.Time
	// SetInboxesTx replaces the rows of one agent among the members of inboxes,
	// which belong to package inbox. It refuses an inbox that does not exist.
	SetInboxesTx func(ctx context.Context, tx *db.Tx, agent int64, inboxes []InboxAccess) error
}

// Service is what can be done with agents, teams and roles.
type Service struct {
	cfg     Config
	changed []func(ctx context.Context, tx *db.Tx, agent int64) error
	revoke  []func(ctx context.Context, tx *db.Tx, agent int64) error
	left    []func(ctx context.Context, tx *db.Tx, agent int64) error
}

// New makes the service.
func New(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Service{cfg: cfg}
}

// OnChange runs f in the transaction that changes an agent's role, teams or
// profile; 0 means any agent's. Call it before the first request.
func (s *Service) OnChange(f func(ctx context.Context, tx *db.Tx, agent int64) error) {
	s.changed = append(s.changed, f)
}

// OnRevoke runs f in the transaction that deactivates an agent or gives them
// another role: they must sign in anew. Call it before the first request.
func (s *Service) OnRevoke(f func(ctx context.Context, tx *db.Tx, agent int64) error) {
	s.revoke = append(s.revoke, f)
}

// OnLeave runs f in the transaction that deactivates an agent. Call it before
// the first request.
func (s *Service) OnLeave(f func(ctx context.Context, tx *db.Tx, agent int64) error) {
	s.left = append(s.left, f)
}

func (s *Service) tellTx(ctx context.Context, tx *db.Tx, agent int64) error {
	for _, f := range s.changed {
		if err := f(ctx, tx, agent); err != nil {
			return err
		}
	}
	return nil
}

var (
	errNoAgent = errs.New(errs.NotFound, "There is no such agent.")
	errNoTeam  = errs.New(errs.NotFound, "There is no such team.")
	errNoRole  = errs.New(errs.NotFound, "There is no such role.")
)

// SeedRolesTx adds the roles whose keys are missing and leaves the others as
// they are, but for the owner's: it has every permission that there is.
func (s *Service) SeedRolesTx(ctx context.Context, tx *db.Tx, roles []Role) error {
	for _, r := range roles {
		if err := insertRole(ctx, tx, r); err != nil {
			return err
		}
		if r.Key != Owner {
			continue
		}
		if err := setOwnerRole(ctx, tx, r); err != nil {
			return err
		}
	}
	return nil
}

// GrantTx gives a permission to each role that has another one.
func (s *Service) GrantTx(ctx context.Context, tx *db.Tx, having, permission string) error {
	list, err := readRoles(ctx, tx)
	if err != nil {
		return err
	}
	for _, r := range list {
		if !r.May(having) || r.May(permission) {
			continue
		}
		r.Permissions = append(r.Permissions, permission)
		if err := saveRole(ctx, tx, r); err != nil {
			return err
		}
	}
	return nil
}

// Roles lists all roles.
func (s *Service) Roles(ctx context.Context) (_ []Role, err error) {
	defer errs.Wrap(&err, "list roles")
	return readRoles(ctx, s.cfg.DB)
}

// RoleTx reads one role.
func (s *Service) RoleTx(ctx context.Context, q db.Queryer, id int64) (Role, error) {
	roles, err := readRoles(ctx, q)
	if err != nil {
		return Role{}, err
	}
	for _, r := range roles {
		if r.ID == id {
			return r, nil
		}
	}
	return Role{}, errs.InvalidField("body.role_id", "There is no such role.")
}

// RoleByKeyTx reads one role by its key.
func (s *Service) RoleByKeyTx(ctx context.Context, q db.Queryer, key string) (Role, error) {
	roles, err := readRoles(ctx, q)
	if err != nil {
		return Role{}, err
	}
	for _, r := range roles {
		if r.Key == key {
			return r, nil
		}
	}
	return Role{}, errs.Newf(errs.Invalid, "There is no role %q.", key)
}

// Agent reads one agent, active or not.
func (s *Service) Agent(ctx context.Context, id int64) (_ Agent, err error) {
	defer errs.Wrap(&err, "read agent %d", id)
	return s.AgentTx(ctx, s.cfg.DB, id)
}

// AgentTx is [Service.Agent] inside a transaction.
func (s *Service) AgentTx(ctx context.Context, q db.Queryer, id int64) (Agent, error) {
	list, err := readAgents(ctx, q, "a.id = ?", []any{id}, 1)
	if err != nil {
		return Agent{}, err
	}
	if len(list) == 0 {
		return Agent{}, errNoAgent
	}
	return list[0], nil
}

// ByEmail finds an agent by address, in any spelling.
func (s *Service) ByEmail(ctx context.Context, q db.Queryer, email string) (Agent, error) {
	list, err := readAgents(ctx, q, "a.email = ?", []any{FoldEmail(email)}, 1)
	if err != nil {
		return Agent{}, err
	}
	if len(list) == 0 {
		return Agent{}, errs.Newf(errs.NotFound, "There is no agent with the address %s.", FoldEmail(email))
	}
	return list[0], nil
}

// Agents lists agents with ids above after, at most limit.
func (s *Service) Agents(ctx context.Context, after int64, limit int) (_ []Agent, err error) {
	defer errs.Wrap(&err, "list agents")
	return readAgents(ctx, s.cfg.DB, "a.id > ?", []any{after}, limit)
}

// Secret is what sign-in compares: the stored password hash, "" when there is none.
type Secret struct {
	Agent        int64
	PasswordHash string
	Active       bool
}

// SecretByEmail finds what sign-in needs; found is false for an unknown address.
func (s *Service) SecretByEmail(ctx context.Context, email string) (secret Secret, found bool, err error) {
	defer errs.Wrap(&err, "read a password hash")
	return readSecret(ctx, s.cfg.DB, "email = ?", FoldEmail(email))
}

// SecretByID is [Service.SecretByEmail] for a known agent.
func (s *Service) SecretByID(ctx context.Context, id int64) (secret Secret, found bool, err error) {
	defer errs.Wrap(&err, "read a password hash")
	return readSecret(ctx, s.cfg.DB, "id = ?", id)
}

// SeenTx notes when an agent used a session last.
func (s *Service) SeenTx(ctx context.Context, tx *db.Tx, agent int64, at time.Time) error {
	return touchAgent(ctx, tx, agent, at)
}

// SetPasswordTx stores a password hash.
func (s *Service) SetPasswordTx(ctx context.Context, tx *db.Tx, agent int64, hash string) error {
	return updateAgent(ctx, tx, agent, "password_hash", hash)
}

// OwnerExistsTx tells whether set-up was done. In a transaction on PostgreSQL
// it waits for others that make or unmake an owner.
func (s *Service) OwnerExistsTx(ctx context.Context, tx *db.Tx) (bool, error) {
	if err := lockOwners(ctx, tx); err != nil {
		return false, err
	}
	return ownerExists(ctx, tx)
}

// OwnerExists is [Service.OwnerExistsTx] without a lock.
func (s *Service) OwnerExists(ctx context.Context) (bool, error) { return ownerExists(ctx, s.cfg.DB) }
