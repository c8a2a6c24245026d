package team

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
)

// What the audit log keeps of an agent, a team and a role.
type (
	auditedAgent struct {
		Email   string        `json:"email"`
		Name    string        `json:"name"`
		Role    string        `json:"role"`
		Active  bool          `json:"active"`
		Teams   []int64       `json:"team_ids"`
		Inboxes []InboxAccess `json:"inboxes"`
	}
	auditedTeam struct {
		Name   string  `json:"name"`
		Agents []int64 `json:"agent_ids"`
	}
	auditedRole struct {
		Name        string   `json:"name"`
		Permissions []string `json:"permissions"`
	}
)

func auditedOf(a *Agent) *auditedAgent {
	return &auditedAgent{a.Email, a.Name, a.Role.Name, a.Active, a.Teams, a.Inboxes}
}

// auditAgent finds the word for what happened; before is nil for somebody new.
func (s *Service) auditAgent(ctx context.Context, tx *db.Tx, before, after *Agent) error {
	e := audit.Entry{Action: "agent.changed", Subject: "agent", ID: after.ID, Name: after.Name, After: auditedOf(after)}
	switch {
	case before == nil:
		e.Action = "agent.created"
		if !audit.Known(ctx) { // whoever accepts an invitation makes their own account
			ctx = audit.By(ctx, audit.Who{Agent: after.ID, Name: after.Name})
		}
	case before.Active && !after.Active:
		e.Action = "agent.deactivated"
	case !before.Active && after.Active:
		e.Action = "agent.activated"
	}
	if before != nil {
		e.Before = auditedOf(before)
	}
	return audit.RecordTx(ctx, tx, s.cfg.Now(), e)
}

func (s *Service) auditTeam(ctx context.Context, tx *db.Tx, action string, before, after *Team) error {
	e := audit.Entry{Action: action, Subject: "team"}
	if before != nil {
		e.ID, e.Name, e.Before = before.ID, before.Name, auditedTeam{before.Name, before.Agents}
	}
	if after != nil {
		e.ID, e.Name, e.After = after.ID, after.Name, auditedTeam{after.Name, after.Agents}
	}
	return audit.RecordTx(ctx, tx, s.cfg.Now(), e)
}

func (s *Service) auditRole(ctx context.Context, tx *db.Tx, action string, before, after *Role) error {
	e := audit.Entry{Action: action, Subject: "role"}
	if before != nil {
		e.ID, e.Name, e.Before = before.ID, before.Name, auditedRole{before.Name, before.Permissions}
	}
	if after != nil {
		e.ID, e.Name, e.After = after.ID, after.Name, auditedRole{after.Name, after.Permissions}
	}
	return audit.RecordTx(ctx, tx, s.cfg.Now(), e)
}
