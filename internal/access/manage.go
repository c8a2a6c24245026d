package access

import (
	"context"
	"strconv"

	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/team"
)

// auditedSession is what the audit log keeps of a session.
type auditedSession struct {
	UserAgent string `json:"user_agent"`
	Address   string `json:"ip"`
}

// SessionsOf lists the sessions of an agent for somebody who may manage them.
func (s *Service) SessionsOf(ctx context.Context, by *Actor, agent int64) (_ []Session, err error) {
	defer errs.Wrap(&err, "list the sessions of agent %d", agent)
	m, err := s.cfg.Team.Agent(ctx, agent)
	if err != nil {
		return nil, err
	}
	if err := s.mayManage(ctx, s.cfg.DB, by, m.Role); err != nil {
		return nil, err
	}
	return readSessions(ctx, s.cfg.DB, agent, s.cfg.Now())
}

// EndSession ends one session of an agent.
func (s *Service) EndSession(ctx context.Context, by *Actor, agent, session int64) (err error) {
	defer errs.Wrap(&err, "end session %d of agent %d", session, agent)
	return s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		m, err := s.managedTx(ctx, tx, by, agent)
		if err != nil {
			return err
		}
		was, err := sessionByID(ctx, tx, agent, session)
		if err != nil {
			return err
		}
		if _, err := deleteSession(ctx, tx, agent, session); err != nil {
			return err
		}
		if err := s.endedTx(ctx, tx, agent); err != nil {
			return err
		}
		return audit.RecordTx(ctx, tx, s.cfg.Now(), audit.Entry{Action: "agent.session_ended", Subject: "agent", ID: agent, Name: m.Name,
			Before: auditedSession{was.UserAgent, was.Address}})
	})
}

// EndSessions ends all sessions of an agent, but for the caller's own.
func (s *Service) EndSessions(ctx context.Context, by *Actor, agent int64) (err error) {
	defer errs.Wrap(&err, "end the sessions of agent %d", agent)
	return s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		m, err := s.managedTx(ctx, tx, by, agent)
		if err != nil {
			return err
		}
		n, err := countSessions(ctx, tx, agent, s.cfg.Now())
		if err != nil {
			return err
		}
		if err := endSessions(ctx, tx, agent, by.SessionID); err != nil {
			return err
		}
		if err := s.endedTx(ctx, tx, agent); err != nil {
			return err
		}
		return audit.RecordTx(ctx, tx, s.cfg.Now(), audit.Entry{Action: "agent.sessions_ended", Subject: "agent", ID: agent, Name: m.Name,
			Before: map[string]int64{"sessions": n}})
	})
}

// revokeAllTx takes from somebody who leaves what would let them in again.
func (s *Service) revokeAllTx(ctx context.Context, tx *db.Tx, agent int64) error {
	if err := deleteLinks(ctx, tx, forReset, strconv.FormatInt(agent, 10)); err != nil {
		return err
	}
	keys, err := deleteKeys(ctx, tx, agent)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if err := s.auditKey(ctx, tx, "api_key.revoked", &k, nil); err != nil {
			return err
		}
	}
	return nil
}

// CreateRole adds a role that may do no more than its maker. done runs last in
// the transaction and may be nil.
func (s *Service) CreateRole(ctx context.Context, by *Actor, name string, permissions []Permission, done func(*db.Tx, team.Role) error) (r team.Role, err error) {
	defer errs.Wrap(&err, "create a role")
	if err := mayGive(by, "body.permissions", permissions); err != nil {
		return r, err
	}
	err = s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		if r, err = s.cfg.Team.CreateRoleTx(ctx, tx, name, texts(permissions)); err != nil || done == nil {
			return err
		}
		return done(tx, r)
	})
	return r, err
}

// UpdateRole changes a role; nobody changes one that may do more than they may.
func (s *Service) UpdateRole(ctx context.Context, by *Actor, id int64, name *string, permissions *[]Permission) (r team.Role, err error) {
	defer errs.Wrap(&err, "change role %d", id)
	var next *[]string
	if permissions != nil {
		if err := mayGive(by, "body.permissions", *permissions); err != nil {
			return r, err
		}
		list := texts(*permissions)
		next = &list
	}
	err = s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.mayChangeRole(ctx, tx, by, id); err != nil {
			return err
		}
		r, err = s.cfg.Team.UpdateRoleTx(ctx, tx, id, name, next)
		return err
	})
	return r, err
}

// DeleteRole removes a role that nobody has.
func (s *Service) DeleteRole(ctx context.Context, by *Actor, id int64) (err error) {
	defer errs.Wrap(&err, "delete role %d", id)
	return s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.mayChangeRole(ctx, tx, by, id); err != nil {
			return err
		}
		return s.cfg.Team.DeleteRoleTx(ctx, tx, id)
	})
}

func (s *Service) mayChangeRole(ctx context.Context, tx *db.Tx, by *Actor, id int64) error {
	r, err := s.cfg.Team.RoleTx(ctx, tx, id)
	if errs.Is(err, errs.Invalid) {
		return errs.New(errs.NotFound, "There is no such role.")
	}
	if err != nil || r.Key == team.Owner {
		return err // the owner's is refused with words of its own
	}
	return s.mayManage(ctx, tx, by, r)
}

func texts(list []Permission) []string {
	out := []string{}
	for _, p := range list {
		out = append(out, string(p))
	}
	return out
}
