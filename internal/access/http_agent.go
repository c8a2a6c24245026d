package access

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/web"
	"github.com/deskbell/deskbell/internal/team"
)

// AgentBody is an agent as colleagues see them.
type AgentBody struct {
	ID          int64              `json:"id"`
	Name        string             `json:"name"`
	Email       string             `json:"email"`
	RoleID      int64              `json:"role_id"`
	RoleKey     string             `json:"role_key"`
	Active      bool               `json:"active"`
	TeamIDs     []int64            `json:"team_ids"`
	Inboxes     []team.InboxAccess `json:"inboxes" doc:"Where this agent has other access than the inbox's default"`
	Permissions []string           `json:"permissions"`
	SecondStep  *bool              `json:"second_step" doc:"Signs in with a second step; null without agents:manage"`
	LastSeenAt  *time.Time         `json:"last_seen_at" doc:"To the minute; null = never, or without agents:manage"`
}

type (
	agentsOut struct{ Body web.Page[AgentBody] }
	agentOut  struct{ Body AgentBody }
	agentID   struct {
		ID int64 `path:"id"`
	}
	agentEdit struct {
		ID   int64 `path:"id"`
		Body struct {
			Name    *string             `json:"name,omitempty"`
			RoleID  *int64              `json:"role_id,omitempty"`
			TeamIDs *[]int64            `json:"team_ids,omitempty" maxItems:"200"`
			Inboxes *[]team.InboxAccess `json:"inboxes,omitempty" maxItems:"500"`
			Active  *bool               `json:"active,omitempty"`
		}
	}
	resetLinkOut struct {
		Body struct {
			Link      string    `json:"link"`
			ExpiresAt time.Time `json:"expires_at"`
		}
	}
	keysOut struct{ Body web.Page[KeyBody] }
	keyID   struct {
		ID int64 `path:"id"`
	}
	keyIn struct {
		Body struct {
			Name      string       `json:"name"`
			Scopes    []Permission `json:"scopes,omitempty" maxItems:"50" doc:"Empty = all that you may"`
			ExpiresAt *time.Time   `json:"expires_at,omitempty"`
		}
	}
	keyOut struct{ Body NewKeyBody }
)

// KeyBody is an API key in lists.
type KeyBody struct {
	ID         int64        `json:"id"`
	Name       string       `json:"name"`
	Prefix     string       `json:"prefix"`
	Scopes     []Permission `json:"scopes"`
	AgentID    int64        `json:"agent_id"`
	CreatedAt  time.Time    `json:"created_at"`
	LastUsedAt *time.Time   `json:"last_used_at" doc:"null = never; to the minute"`
	ExpiresAt  *time.Time   `json:"expires_at" doc:"null = never"`
}

// NewKeyBody is a key that was just made.
type NewKeyBody struct {
	KeyBody
	Key string `json:"key" doc:"The key itself, shown only here"`
}

func (h handler) registerAgents(api *web.API) {
	manage, read := string(AgentsManage), string(ConversationsRead)
	web.Register(api, web.Op{Method: "GET", Path: "/agents", Permission: read, Tag: people, Summary: "List the agents"}, h.agents)
	web.Register(api, web.Op{Method: "GET", Path: "/agents/{id}", Permission: read, Tag: people, Summary: "Read an agent"}, h.agent)
	web.Register(api, web.Op{Method: "PATCH", Path: "/agents/{id}", Permission: manage, Tag: people, Summary: "Change an agent",
		Text:   "Another role or deactivation ends the agent's sessions; deactivation also revokes their API keys and gives their open conversations back to the team. Nobody gives or changes a role that may do more than they may; only owners change owners.",
		Errors: []int{409}}, h.editAgent)
	web.Register(api, web.Op{Method: "POST", Path: "/agents/{id}/reset-password", Permission: manage, Tag: people, Summary: "Make a link to choose a new password",
		Text: "The link lives 30 minutes, works once and dies with a newer one.", Errors: []int{409}}, h.resetPassword)
}

func (h handler) registerKeys(api *web.API) {
	keys := string(APIKeysManage)
	web.Register(api, web.Op{Method: "GET", Path: "/api-keys", Permission: keys, Tag: people, Summary: "List the API keys"}, h.keys)
	web.Register(api, web.Op{Method: "POST", Path: "/api-keys", Permission: keys, Tag: people, Summary: "Create an API key", Status: 201,
		Text: "The key acts for you and may do what you may, or less by its scopes. It stands only in this answer."}, h.createKey)
	web.Register(api, web.Op{Method: "DELETE", Path: "/api-keys/{id}", Permission: keys, Tag: people, Summary: "Revoke an API key"}, h.revokeKey)
}

func bodyOf(a team.Agent) AgentBody {
	return AgentBody{ID: a.ID, Name: a.Name, Email: a.Email, RoleID: a.Role.ID, RoleKey: a.Role.Key, Active: a.Active,
		TeamIDs: a.Teams, Inboxes: a.Inboxes, Permissions: append([]string{}, a.Role.Permissions...)}
}

func (h handler) agents(ctx context.Context, in *web.List) (*agentsOut, error) {
	_, after, _, err := web.ReadCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	list, err := h.s.cfg.Team.Agents(ctx, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	items, err := h.s.agentBodies(ctx, list)
	if err != nil {
		return nil, err
	}
	return &agentsOut{web.Cut(items, in.Limit, func(a AgentBody) string { return web.Cursor(0, a.ID) })}, nil
}

func (h handler) agent(ctx context.Context, in *agentID) (*agentOut, error) {
	a, err := h.s.cfg.Team.Agent(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return h.agentOut(ctx, a)
}

func (h handler) agentOut(ctx context.Context, a team.Agent) (*agentOut, error) {
	bodies, err := h.s.agentBodies(ctx, []team.Agent{a})
	if err != nil {
		return nil, err
	}
	return &agentOut{bodies[0]}, nil
}

// agentBodies shows agents; when they were seen and how they sign in is for
// those who manage people.
func (s *Service) agentBodies(ctx context.Context, list []team.Agent) (out []AgentBody, err error) {
	var steps map[int64]bool
	manages := From(ctx).May(AgentsManage)
	if manages {
		if steps, err = withSecondStep(ctx, s.cfg.DB); err != nil {
			return nil, err
		}
	}
	for _, a := range list {
		b := bodyOf(a)
		if manages {
			has := steps[a.ID]
			b.SecondStep, b.LastSeenAt = &has, web.MaybeTime(a.LastSeenAt)
		}
		out = append(out, b)
	}
	return out, nil
}

func (h handler) editAgent(ctx context.Context, in *agentEdit) (*agentOut, error) {
	a, err := h.s.UpdateAgent(ctx, From(ctx), in.ID, team.Change{Name: in.Body.Name, Role: in.Body.RoleID, Active: in.Body.Active,
		Teams: in.Body.TeamIDs, Inboxes: in.Body.Inboxes})
	if err != nil {
		return nil, err
	}
	return h.agentOut(ctx, a)
}

func (h handler) resetPassword(ctx context.Context, in *agentID) (*resetLinkOut, error) {
	l, err := h.s.ResetPassword(ctx, From(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	out := &resetLinkOut{}
	out.Body.Link, out.Body.ExpiresAt = l.URL, web.Time(l.ExpiresAt)
	return out, nil
}

func (h handler) keys(ctx context.Context, in *web.List) (*keysOut, error) {
	_, before, _, err := web.ReadCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	list, err := h.s.APIKeys(ctx, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	var items []KeyBody
	for _, k := range list {
		items = append(items, keyBody(k))
	}
	return &keysOut{web.Cut(items, in.Limit, func(k KeyBody) string { return web.Cursor(0, k.ID) })}, nil
}

func keyBody(k APIKey) KeyBody {
	return KeyBody{ID: k.ID, Name: k.Name, Prefix: k.Prefix, Scopes: append([]Permission{}, k.Scopes...), AgentID: k.Agent,
		CreatedAt: web.Time(k.CreatedAt), LastUsedAt: web.MaybeTime(k.LastUsedAt), ExpiresAt: web.MaybeTime(k.ExpiresAt)}
}

func (h handler) createKey(ctx context.Context, in *keyIn) (*keyOut, error) {
	a := From(ctx)
	k := APIKey{Agent: a.AgentID, Name: in.Body.Name, Scopes: in.Body.Scopes}
	if in.Body.ExpiresAt != nil {
		k.ExpiresAt = *in.Body.ExpiresAt
	}
	out := &keyOut{}
	_, _, err := h.s.CreateAPIKey(ctx, a, k, func(_ *db.Tx, k APIKey, key string) error {
		out.Body = NewKeyBody{KeyBody: keyBody(k), Key: key}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (h handler) revokeKey(ctx context.Context, in *keyID) (*struct{}, error) {
	return nil, h.s.RevokeAPIKey(ctx, in.ID)
}
