package access

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/team"
)

// Invitation is an agent to be.
type Invitation struct {
	ID        int64
	Email     string
	Name      string
	Role      int64
	RoleName  string
	Teams     []int64
	Inboxes   []team.InboxAccess
	CreatedAt time.Time
	ExpiresAt time.Time
	Mailed    bool       // a mail with the link was queued
	Mail      *MailState // in lists: how far it got, nil = there was none
}

// invited is what the link remembers.
type invited struct {
	Name    string             `json:"name"`
	Role    int64              `json:"role_id"`
	Teams   []int64            `json:"team_ids"`
	Inboxes []team.InboxAccess `json:"inboxes"`
}

// mayManage refuses what would let somebody rise above themselves: only owners
// change owners, and nobody hands out or takes over what they may not do.
func (s *Service) mayManage(ctx context.Context, q db.Queryer, a *Actor, r team.Role) error {
	if a.System {
		return nil
	}
	for _, p := range r.Permissions {
		if !a.May(Permission(p)) {
			return errs.Newf(errs.Forbidden, "The role %s may do more than you may, so somebody else must do this.", r.Name)
		}
	}
	if r.Key != team.Owner {
		return nil
	}
	me, err := s.cfg.Team.AgentTx(ctx, q, a.AgentID)
	if err == nil && me.Role.Key != team.Owner {
		err = errs.New(errs.Forbidden, "Only an owner can do this for an owner.")
	}
	return err
}

// Invite makes an invitation; an older one to the same address dies. done runs
// last in the transaction and may be nil.
func (s *Service) Invite(ctx context.Context, a *Actor, i Invitation, done func(*db.Tx, Invitation, Link) error) (l Link, err error) {
	defer errs.Wrap(&err, "invite an agent")
	if i.Email, err = team.CheckEmail(i.Email); err != nil {
		return Link{}, err
	}
	if i.Name != "" {
		if i.Name, err = team.CheckName(i.Name); err != nil {
			return Link{}, err
		}
	}
	err = s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		role, err := s.cfg.Team.RoleTx(ctx, tx, i.Role)
		if err != nil {
			return err
		}
		if err := s.mayManage(ctx, tx, a, role); err != nil {
			return err
		}
		if err := s.mayBeInvited(ctx, tx, i.Email); err != nil {
			return err
		}
		i.RoleName = role.Name
		l, i, err = s.invitedTx(ctx, tx, a, "invitation.created", i)
		if err != nil || done == nil {
			return err
		}
		return done(tx, i, l)
	})
	return l, err
}

// invitedTx makes the link of an invitation, and the mail if there is a sender.
func (s *Service) invitedTx(ctx context.Context, tx *db.Tx, by *Actor, action string, i Invitation) (Link, Invitation, error) {
	l, err := s.linkTx(ctx, tx, forInvitation, i.Email, invited{i.Name, i.Role, i.Teams, i.Inboxes}, by.AgentID, invitationLives)
	if err != nil {
		return l, i, err
	}
	i.ID, i.ExpiresAt = l.ID, l.ExpiresAt
	if i.Mailed, err = s.MailReady(ctx, tx); err != nil {
		return l, i, err
	}
	if i.Mailed {
		err = s.noticeTx(ctx, tx, Notice{Kind: NoticeInvitation, To: i.Email, Name: i.Name, Locale: by.Locale, By: by.Name,
			Role: i.RoleName, Link: l.URL, ExpiresAt: l.ExpiresAt, Invitation: i.ID})
		if err != nil {
			return l, i, err
		}
	}
	return l, i, s.auditInvitation(ctx, tx, action, i, false)
}

// Resend makes a new link for an open invitation; the one before dies.
func (s *Service) Resend(ctx context.Context, by *Actor, id int64) (l Link, i Invitation, err error) {
	defer errs.Wrap(&err, "send invitation %d again", id)
	err = s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		if i, err = readInvitation(ctx, tx, id, s.cfg.Now()); err != nil {
			return err
		}
		role, err := s.cfg.Team.RoleTx(ctx, tx, i.Role)
		if err != nil {
			return err
		}
		if err := s.mayManage(ctx, tx, by, role); err != nil {
			return err
		}
		i.RoleName = role.Name
		l, i, err = s.invitedTx(ctx, tx, by, "invitation.resent", i)
		return err
	})
	return l, i, err
}

// auditedInvitation is what the audit log keeps of an invitation.
type auditedInvitation struct {
	Email   string             `json:"email"`
	Role    string             `json:"role"`
	Teams   []int64            `json:"team_ids"`
	Inboxes []team.InboxAccess `json:"inboxes"`
	Mailed  bool               `json:"mailed"`
}

func (s *Service) auditInvitation(ctx context.Context, tx *db.Tx, action string, i Invitation, gone bool) error {
	e := audit.Entry{Action: action, Subject: "invitation", ID: i.ID, Name: i.Email}
	v := auditedInvitation{i.Email, i.RoleName, i.Teams, i.Inboxes, i.Mailed}
	if gone {
		e.Before = v
	} else {
		e.After = v
	}
	return audit.RecordTx(ctx, tx, s.cfg.Now(), e)
}

func (s *Service) mayBeInvited(ctx context.Context, q db.Queryer, email string) error {
	have, err := s.cfg.Team.ByEmail(ctx, q, email)
	switch {
	case errs.Is(err, errs.NotFound):
		return nil
	case err != nil:
		return err
	case have.Active:
		return errs.InvalidField("body.email", "Somebody with this address is an agent already.")
	}
	return errs.InvalidField("body.email", "This person was an agent before. Activate them again instead.")
}

// Invitations lists those that can still be accepted, newest first.
func (s *Service) Invitations(ctx context.Context) (_ []Invitation, err error) {
	defer errs.Wrap(&err, "list invitations")
	roles, err := s.cfg.Team.Roles(ctx)
	if err != nil {
		return nil, err
	}
	list, err := readInvitations(ctx, s.cfg.DB, s.cfg.Now())
	if err != nil {
		return nil, err
	}
	if err := s.mailStates(ctx, list); err != nil {
		return nil, err
	}
	for n := range list {
		if at := slices.IndexFunc(roles, func(r team.Role) bool { return r.ID == list[n].Role }); at >= 0 {
			list[n].RoleName = roles[at].Name
		}
	}
	return list, err
}

func (s *Service) mailStates(ctx context.Context, list []Invitation) error {
	if s.mail == nil || len(list) == 0 {
		return nil
	}
	var ids []int64
	for _, i := range list {
		ids = append(ids, i.ID)
	}
	states, err := s.mail.InvitationMails(ctx, s.cfg.DB, ids)
	for n := range list {
		if m, ok := states[list[n].ID]; ok {
			list[n].Mail = &m
		}
	}
	return err
}

// Withdraw makes an invitation useless.
func (s *Service) Withdraw(ctx context.Context, id int64) (err error) {
	defer errs.Wrap(&err, "withdraw invitation %d", id)
	return s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		i, err := readInvitation(ctx, tx, id, s.cfg.Now())
		if err != nil {
			return err
		}
		if _, err := deleteLink(ctx, tx, forInvitation, id); err != nil {
			return err
		}
		return s.auditInvitation(ctx, tx, "invitation.withdrawn", i, true)
	})
}

// CheckInvitation shows an invitation to the person who holds its token.
func (s *Service) CheckInvitation(ctx context.Context, token string) (i Invitation, err error) {
	defer errs.Wrap(&err, "check an invitation")
	i, err = readLink(ctx, s.cfg.DB, forInvitation, hashOf(token), s.cfg.Now())
	if err != nil {
		return Invitation{}, err
	}
	role, err := s.cfg.Team.RoleTx(ctx, s.cfg.DB, i.Role)
	if err != nil {
		return Invitation{}, errLink
	}
	i.RoleName = role.Name
	return i, nil
}

// Accept makes the invited agent and signs them in.
func (s *Service) Accept(ctx context.Context, token string, o FirstOwner, c Client) (session string, id int64, err error) {
	defer errs.Wrap(&err, "accept an invitation")
	i, err := s.CheckInvitation(ctx, token)
	if err != nil {
		return "", 0, err
	}
	o.Email = i.Email
	stored, err := s.prepare(ctx, &o)
	if err != nil {
		return "", 0, err
	}
	err = s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		var in invited
		email, err := s.useTx(ctx, tx, forInvitation, token, &in)
		if err != nil {
			return err
		}
		teams, inboxes, err := stillThere(ctx, tx, in)
		if err != nil {
			return err
		}
		id, err = s.cfg.Team.CreateTx(ctx, tx, team.NewAgent{Email: email, Name: o.Name, Role: in.Role,
			PasswordHash: stored, Locale: o.Locale, Teams: teams, Inboxes: inboxes})
		if err != nil {
			return err
		}
		session, err = s.openTx(ctx, tx, id, c)
		return err
	})
	return session, id, err
}

// ResetLink makes a link that lets an agent choose a new password. It is for
// the command line, which everybody with the database may use.
func (s *Service) ResetLink(ctx context.Context, email string) (l Link, err error) {
	a, err := s.cfg.Team.ByEmail(ctx, s.cfg.DB, email)
	if err != nil {
		return Link{}, err
	}
	return s.ResetPassword(ctx, System, a.ID)
}

// ResetPassword is [Service.ResetLink] done by somebody who may manage agents.
func (s *Service) ResetPassword(ctx context.Context, by *Actor, agent int64) (l Link, err error) {
	defer errs.Wrap(&err, "make a reset link for agent %d", agent)
	err = s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := s.cfg.Team.AgentTx(ctx, tx, agent)
		if err != nil {
			return err
		}
		if err := s.mayManage(ctx, tx, by, a.Role); err != nil {
			return err
		}
		if !a.Active {
			return errs.New(errs.Conflict, "This agent is not active. Activate them first.")
		}
		l, err = s.linkTx(ctx, tx, forReset, strconv.FormatInt(agent, 10), struct{}{}, by.AgentID, resetLives)
		if err != nil {
			return err
		}
		return audit.RecordTx(ctx, tx, s.cfg.Now(), audit.Entry{Action: "agent.reset_link_made", Subject: "agent", ID: agent, Name: a.Name})
	})
	return l, err
}

// UseReset stores the new password, ends all sessions of the agent and signs them in.
func (s *Service) UseReset(ctx context.Context, token, password string, c Client) (session string, agent int64, err error) {
	defer errs.Wrap(&err, "use a reset link")
	subject, err := linkSubject(ctx, s.cfg.DB, forReset, hashOf(token), s.cfg.Now())
	if err != nil {
		return "", 0, err
	}
	if agent, err = strconv.ParseInt(subject, 10, 64); err != nil {
		return "", 0, err
	}
	if err := checkPassword("body.password", password, ""); err != nil {
		return "", 0, err
	}
	// A mailbox that somebody broke into is not enough.
	if err := s.stepTry(ctx, agent, c.Code); err != nil {
		return "", 0, err
	}
	stored, err := s.passwords.hash(ctx, password)
	if err != nil {
		return "", 0, err
	}
	err = s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := s.useTx(ctx, tx, forReset, token, &struct{}{}); err != nil {
			return err
		}
		a, err := s.cfg.Team.AgentTx(ctx, tx, agent)
		if err != nil || !a.Active {
			return errLink
		}
		if err := s.stepTx(ctx, tx, agent, c.Code); err != nil {
			return err
		}
		if err := s.cfg.Team.SetPasswordTx(ctx, tx, agent, stored); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, agent, 0); err != nil {
			return err
		}
		if err := s.endedTx(ctx, tx, agent); err != nil {
			return err
		}
		if err := s.passwordChangedTx(ctx, tx, agent); err != nil {
			return err
		}
		session, err = s.openTx(ctx, tx, agent, c)
		return err
	})
	return session, agent, err
}

// UpdateAgent changes an agent on behalf of somebody who may manage agents.
func (s *Service) UpdateAgent(ctx context.Context, by *Actor, id int64, c team.Change) (out team.Agent, err error) {
	defer errs.Wrap(&err, "change agent %d", id)
	if id == by.AgentID && c.Active != nil && !*c.Active {
		return team.Agent{}, errs.InvalidField("body.active", "You cannot deactivate yourself.")
	}
	err = s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		before, err := s.cfg.Team.AgentTx(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.mayManage(ctx, tx, by, before.Role); err != nil {
			return err
		}
		if c.Role != nil {
			role, err := s.cfg.Team.RoleTx(ctx, tx, *c.Role)
			if err != nil {
				return err
			}
			if err := s.mayManage(ctx, tx, by, role); err != nil {
				return err
			}
		}
		out, err = s.cfg.Team.UpdateTx(ctx, tx, id, c)
		return err
	})
	return out, err
}
