package access

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/web"
	"github.com/deskbell/deskbell/internal/team"
)

type (
	agentSession struct {
		ID      int64 `path:"id"`
		Session int64 `path:"session_id"`
	}
	roleID struct {
		ID int64 `path:"id"`
	}
	roleIn struct {
		Body struct {
			Name        string       `json:"name" maxLength:"400"`
			Permissions []Permission `json:"permissions" maxItems:"100"`
		}
	}
	roleEdit struct {
		ID   int64 `path:"id"`
		Body struct {
			Name        *string       `json:"name,omitempty" maxLength:"400"`
			Permissions *[]Permission `json:"permissions,omitempty" maxItems:"100"`
		}
	}
	roleOut     struct{ Body team.RoleBody }
	securityOut struct{ Body SecuritySettings }
	securityIn  struct {
		Body struct {
			SecondStepRequired *bool `json:"second_step_required,omitempty"`
			AuditKeepDays      *int  `json:"audit_keep_days,omitempty"`
		}
	}
)

func (h handler) registerSessions(api *web.API) {
	manage := string(AgentsManage)
	web.Register(api, web.Op{Method: "GET", Path: "/agents/{id}/sessions", Permission: manage, Tag: people, Summary: "Where an agent is signed in"}, h.agentSessions)
	web.Register(api, web.Op{Method: "DELETE", Path: "/agents/{id}/sessions", Permission: manage, Tag: people, Summary: "End all sessions of an agent",
		Text: "But for the one that asks."}, h.endAgentSessions)
	web.Register(api, web.Op{Method: "DELETE", Path: "/agents/{id}/sessions/{session_id}", Permission: manage, Tag: people, Summary: "End a session of an agent"}, h.endAgentSession)
	web.Register(api, web.Op{Method: "DELETE", Path: "/agents/{id}/second-step", Permission: manage, Tag: people, Summary: "Turn an agent's second step off",
		Text: "For somebody who has lost their device. Ends their sessions.", Errors: []int{409}}, h.resetSecondStep)
}

func (h handler) registerRoles(api *web.API) {
	manage := string(AgentsManage)
	web.Register(api, web.Op{Method: "POST", Path: "/roles", Permission: manage, Tag: people, Summary: "Create a role", Status: 201, Idempotent: true,
		Text: "Nobody gives a permission that they do not have."}, h.createRole)
	web.Register(api, web.Op{Method: "PATCH", Path: "/roles/{id}", Permission: manage, Tag: people, Summary: "Change a role",
		Text: "The owner's role is fixed.", Errors: []int{409}}, h.updateRole)
	web.Register(api, web.Op{Method: "DELETE", Path: "/roles/{id}", Permission: manage, Tag: people, Summary: "Delete a role",
		Text: "409 while somebody has it, and for those that come with Deskbell.", Errors: []int{409}}, h.deleteRole)
}

func (h handler) registerSecurity(api *web.API) {
	manage := string(SettingsManage)
	web.Register(api, web.Op{Method: "GET", Path: "/settings/security", Permission: manage, Tag: "Settings", Summary: "Read how people sign in and how long the audit log is kept"}, h.security)
	web.Register(api, web.Op{Method: "PATCH", Path: "/settings/security", Permission: manage, Tag: "Settings", Summary: "Change how people sign in and how long the audit log is kept",
		Text: "Only an owner who has a second step can require it of everybody.", Errors: []int{409}}, h.changeSecurity)
}

func (h handler) agentSessions(ctx context.Context, in *agentID) (*sessionsOut, error) {
	list, err := h.s.SessionsOf(ctx, From(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &sessionsOut{sessionPage(list, From(ctx))}, nil
}

func (h handler) endAgentSession(ctx context.Context, in *agentSession) (*struct{}, error) {
	return nil, h.s.EndSession(ctx, From(ctx), in.ID, in.Session)
}

func (h handler) endAgentSessions(ctx context.Context, in *agentID) (*struct{}, error) {
	return nil, h.s.EndSessions(ctx, From(ctx), in.ID)
}

func (h handler) resetSecondStep(ctx context.Context, in *agentID) (*struct{}, error) {
	return nil, h.s.ResetSecondStep(ctx, From(ctx), in.ID)
}

func (h handler) createRole(ctx context.Context, in *roleIn) (*roleOut, error) {
	out := &roleOut{}
	_, err := h.s.CreateRole(ctx, From(ctx), in.Body.Name, in.Body.Permissions, func(tx *db.Tx, r team.Role) error {
		out.Body = team.BodyOfRole(r)
		return web.Keep(ctx, tx, out)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (h handler) updateRole(ctx context.Context, in *roleEdit) (*roleOut, error) {
	r, err := h.s.UpdateRole(ctx, From(ctx), in.ID, in.Body.Name, in.Body.Permissions)
	if err != nil {
		return nil, err
	}
	return &roleOut{team.BodyOfRole(r)}, nil
}

func (h handler) deleteRole(ctx context.Context, in *roleID) (*struct{}, error) {
	return nil, h.s.DeleteRole(ctx, From(ctx), in.ID)
}

func (h handler) security(ctx context.Context, _ *struct{}) (*securityOut, error) {
	out, err := h.s.Security(ctx, h.s.cfg.DB)
	return &securityOut{out}, err
}

func (h handler) changeSecurity(ctx context.Context, in *securityIn) (*securityOut, error) {
	out, err := h.s.ChangeSecurity(ctx, From(ctx), in.Body.SecondStepRequired, in.Body.AuditKeepDays)
	return &securityOut{out}, err
}
