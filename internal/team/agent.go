package team

import (
	"context"
	"slices"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// NewAgent is somebody to be added.
type NewAgent struct {
	Email        string
	Name         string
	Role         int64
	PasswordHash string
	Locale       string
	Teams        []int64
	Inboxes      []InboxAccess
}

// CreateTx adds an agent. Teams that do not exist are an error.
func (s *Service) CreateTx(ctx context.Context, tx *db.Tx, n NewAgent) (id int64, err error) {
	defer errs.Wrap(&err, "create an agent")
	if n.Email, err = CheckEmail(n.Email); err != nil {
		return 0, err
	}
	if n.Name, err = CheckName(n.Name); err != nil {
		return 0, err
	}
	if n.Locale, err = CheckLocale(n.Locale); err != nil {
		return 0, err
	}
	id, err = insertAgent(ctx, tx, n, s.cfg.Now())
	if err != nil {
		return 0, err
	}
	if id == 0 {
		return 0, errs.InvalidField("body.email", "Somebody with this address is an agent already.")
	}
	if err := s.setTeamsTx(ctx, tx, id, n.Teams); err != nil {
		return 0, err
	}
	if err := s.setInboxesTx(ctx, tx, id, n.Inboxes); err != nil {
		return 0, err
	}
	if err := s.tellTx(ctx, tx, id); err != nil {
		return 0, err
	}
	made, err := s.AgentTx(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	return id, s.auditAgent(ctx, tx, nil, &made)
}

func (s *Service) setTeamsTx(ctx context.Context, tx *db.Tx, agent int64, teams []int64) error {
	unknown, err := saveTeamsOf(ctx, tx, agent, teams)
	if err == nil && unknown != 0 {
		err = errs.InvalidField("body.team_ids", "One of these teams does not exist.")
	}
	return err
}

func (s *Service) setInboxesTx(ctx context.Context, tx *db.Tx, agent int64, inboxes []InboxAccess) error {
	if s.cfg.SetInboxesTx == nil {
		if len(inboxes) > 0 {
			return errs.New(errs.Unavailable, "Inboxes cannot be given here.")
		}
		return nil
	}
	return s.cfg.SetInboxesTx(ctx, tx, agent, inboxes)
}

// Change is what others may change of an agent; nil = as it is.
type Change struct {
	Name    *string
	Role    *int64
	Active  *bool
	Teams   *[]int64
	Inboxes *[]InboxAccess
}

// UpdateTx changes an agent. Another role or deactivation ends their sessions.
// The last active owner keeps role and account.
func (s *Service) UpdateTx(ctx context.Context, tx *db.Tx, id int64, c Change) (_ Agent, err error) {
	defer errs.Wrap(&err, "change agent %d", id)
	if err := lockOwners(ctx, tx); err != nil {
		return Agent{}, err
	}
	before, err := s.AgentTx(ctx, tx, id)
	if err != nil {
		return Agent{}, err
	}
	if err := s.applyTx(ctx, tx, before, c); err != nil {
		return Agent{}, err
	}
	after, err := s.AgentTx(ctx, tx, id)
	if err != nil {
		return Agent{}, err
	}
	if err := s.auditAgent(ctx, tx, &before, &after); err != nil {
		return Agent{}, err
	}
	if before.isOwner() && !after.isOwner() {
		if some, err := ownerExists(ctx, tx); err != nil {
			return Agent{}, err
		} else if !some {
			return Agent{}, errs.New(errs.Conflict, "This is the last owner. Make somebody else an owner first.")
		}
	}
	if err := s.endedTx(ctx, tx, before, after); err != nil {
		return Agent{}, err
	}
	return after, s.tellTx(ctx, tx, id)
}

// endedTx runs what must happen in the transaction that gives an agent another
// role or deactivates them.
func (s *Service) endedTx(ctx context.Context, tx *db.Tx, before, after Agent) error {
	left := before.Active && !after.Active
	var hooks []func(context.Context, *db.Tx, int64) error
	if left || before.Role.ID != after.Role.ID {
		hooks = append(hooks, s.revoke...)
	}
	if left {
		hooks = append(hooks, s.left...)
	}
	for _, f := range hooks {
		if err := f(ctx, tx, after.ID); err != nil {
			return err
		}
	}
	return nil
}

func (a Agent) isOwner() bool { return a.Active && a.Role.Key == Owner }

func (s *Service) applyTx(ctx context.Context, tx *db.Tx, a Agent, c Change) error {
	if c.Name != nil {
		name, err := CheckName(*c.Name)
		if err != nil {
			return err
		}
		if err := updateAgent(ctx, tx, a.ID, "name", name); err != nil {
			return err
		}
	}
	if c.Role != nil {
		if _, err := s.RoleTx(ctx, tx, *c.Role); err != nil {
			return err
		}
		if err := updateAgent(ctx, tx, a.ID, "role_id", *c.Role); err != nil {
			return err
		}
	}
	if c.Active != nil {
		if err := updateAgent(ctx, tx, a.ID, "active", *c.Active); err != nil {
			return err
		}
	}
	if c.Teams != nil {
		if err := s.setTeamsTx(ctx, tx, a.ID, *c.Teams); err != nil {
			return err
		}
	}
	if c.Inboxes != nil {
		return s.setInboxesTx(ctx, tx, a.ID, *c.Inboxes)
	}
	return nil
}

// UpdateProfile changes what agents set for themselves: change gets the present
// name and profile.
func (s *Service) UpdateProfile(ctx context.Context, id int64, change func(name *string, p *Profile)) (out Agent, err error) {
	defer errs.Wrap(&err, "change the profile of agent %d", id)
	err = s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		if err := lockAgent(ctx, tx, id); err != nil {
			return err
		}
		out, err = s.AgentTx(ctx, tx, id)
		if err != nil {
			return err
		}
		change(&out.Name, &out.Profile)
		if out.Name, err = CheckName(out.Name); err != nil {
			return err
		}
		if err := out.Profile.check(); err != nil {
			return err
		}
		if err := saveProfile(ctx, tx, out); err != nil {
			return err
		}
		return s.tellTx(ctx, tx, id)
	})
	return out, err
}

// Teams lists all teams by name.
func (s *Service) Teams(ctx context.Context) (_ []Team, err error) {
	defer errs.Wrap(&err, "list teams")
	return readTeams(ctx, s.cfg.DB)
}

// Team reads one team.
func (s *Service) Team(ctx context.Context, id int64) (_ Team, err error) {
	defer errs.Wrap(&err, "read team %d", id)
	return teamByID(ctx, s.cfg.DB, id)
}

func teamByID(ctx context.Context, q db.Queryer, id int64) (Team, error) {
	list, err := readTeams(ctx, q)
	if err != nil {
		return Team{}, err
	}
	i := slices.IndexFunc(list, func(t Team) bool { return t.ID == id })
	if i < 0 {
		return Team{}, errNoTeam
	}
	return list[i], nil
}

// CreateTeam adds a team.
func (s *Service) CreateTeam(ctx context.Context, name string, agents []int64, done func(*db.Tx, Team) error) (t Team, err error) {
	defer errs.Wrap(&err, "create a team")
	if name, err = CheckName(name); err != nil {
		return Team{}, err
	}
	err = s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		id, err := insertTeam(ctx, tx, name, s.cfg.Now())
		if err != nil {
			return err
		}
		if id == 0 {
			return errTeamName()
		}
		if err := s.setMembersTx(ctx, tx, id, agents); err != nil {
			return err
		}
		if t, err = teamByID(ctx, tx, id); err != nil {
			return err
		}
		if err := s.auditTeam(ctx, tx, "team.created", nil, &t); err != nil || done == nil {
			return err
		}
		return done(tx, t)
	})
	return t, err
}

func errTeamName() error {
	return errs.InvalidField("body.name", "There is a team with this name already.")
}

func (s *Service) setMembersTx(ctx context.Context, tx *db.Tx, id int64, agents []int64) error {
	unknown, err := saveMembers(ctx, tx, id, agents)
	if err == nil && unknown != 0 {
		err = errs.InvalidField("body.agent_ids", "One of these agents does not exist.")
	}
	if err != nil {
		return err
	}
	return s.tellTx(ctx, tx, 0)
}

// UpdateTeam changes name and members; nil = as it is.
func (s *Service) UpdateTeam(ctx context.Context, id int64, name *string, agents *[]int64) (t Team, err error) {
	defer errs.Wrap(&err, "change team %d", id)
	err = s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		if t, err = teamByID(ctx, tx, id); err != nil {
			return err
		}
		before := t
		if name != nil {
			n, err := CheckName(*name)
			if err != nil {
				return err
			}
			if err := renameTeam(ctx, tx, id, n); db.IsUnique(err) {
				return errTeamName()
			} else if err != nil {
				return err
			}
		}
		if agents != nil {
			if err := s.setMembersTx(ctx, tx, id, *agents); err != nil {
				return err
			}
		}
		if t, err = teamByID(ctx, tx, id); err != nil {
			return err
		}
		return s.auditTeam(ctx, tx, "team.changed", &before, &t)
	})
	return t, err
}

// DeleteTeam removes a team that has no conversations.
func (s *Service) DeleteTeam(ctx context.Context, id int64) (err error) {
	defer errs.Wrap(&err, "delete team %d", id)
	return s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		before, err := teamByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if busy, err := teamHasConversations(ctx, tx, id); err != nil {
			return err
		} else if busy {
			return errs.New(errs.Conflict, "This team still has conversations. Give them to another team first.")
		}
		if err := s.tellTx(ctx, tx, 0); err != nil {
			return err
		}
		if err := deleteTeam(ctx, tx, id); err != nil {
			return err
		}
		return s.auditTeam(ctx, tx, "team.deleted", &before, nil)
	})
}
