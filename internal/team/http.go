package team

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// The permissions are named by package access, which stands above this one.
const (
	mayRead   = "conversations:read"
	mayManage = "teams:manage"
)

// RoleBody is a role in answers.
type RoleBody struct {
	ID          int64    `json:"id"`
	Key         string   `json:"key"`
	Name        string   `json:"name"`
	Permissions []string `json:"permissions"`
}

// TeamBody is a team in answers.
type TeamBody struct {
	ID       int64   `json:"id"`
	Name     string  `json:"name"`
	AgentIDs []int64 `json:"agent_ids"`
}

type (
	rolesOut struct{ Body web.Page[RoleBody] }
	teamsOut struct{ Body web.Page[TeamBody] }
	teamOut  struct{ Body TeamBody }
	teamID   struct {
		ID int64 `path:"id"`
	}
	createTeamIn struct {
		Body struct {
			Name     string  `json:"name"`
			AgentIDs []int64 `json:"agent_ids,omitempty" maxItems:"5000"`
		}
	}
	updateTeamIn struct {
		ID   int64 `path:"id"`
		Body struct {
			Name     *string  `json:"name,omitempty"`
			AgentIDs *[]int64 `json:"agent_ids,omitempty" maxItems:"5000"`
		}
	}
)

type handler struct{ svc *Service }

// Register adds the operations of roles and teams.
func Register(api *web.API, svc *Service) {
	h := handler{svc}
	web.Register(api, web.Op{Method: "GET", Path: "/roles", Permission: mayRead, Tag: "People", Summary: "List the roles"}, h.roles)
	web.Register(api, web.Op{Method: "GET", Path: "/teams", Permission: mayRead, Tag: "People", Summary: "List the teams"}, h.teams)
	web.Register(api, web.Op{Method: "GET", Path: "/teams/{id}", Permission: mayRead, Tag: "People", Summary: "Read a team"}, h.team)
	web.Register(api, web.Op{Method: "POST", Path: "/teams", Permission: mayManage, Tag: "People", Summary: "Create a team",
		Status: 201, Idempotent: true}, h.create)
	web.Register(api, web.Op{Method: "PATCH", Path: "/teams/{id}", Permission: mayManage, Tag: "People", Summary: "Change a team"}, h.update)
	web.Register(api, web.Op{Method: "DELETE", Path: "/teams/{id}", Permission: mayManage, Tag: "People", Summary: "Delete a team",
		Text: "409 while it has conversations.", Errors: []int{409}}, h.delete)
}

func (h handler) roles(ctx context.Context, _ *struct{}) (*rolesOut, error) {
	list, err := h.svc.Roles(ctx)
	if err != nil {
		return nil, err
	}
	var items []RoleBody
	for _, r := range list {
		items = append(items, BodyOfRole(r))
	}
	return &rolesOut{web.PageOf(items, "")}, nil
}

// BodyOfRole is a role as answers show it.
func BodyOfRole(r Role) RoleBody {
	return RoleBody{ID: r.ID, Key: r.Key, Name: r.Name, Permissions: append([]string{}, r.Permissions...)}
}

func bodyOf(t Team) TeamBody { return TeamBody{ID: t.ID, Name: t.Name, AgentIDs: t.Agents} }

func (h handler) teams(ctx context.Context, _ *struct{}) (*teamsOut, error) {
	list, err := h.svc.Teams(ctx)
	if err != nil {
		return nil, err
	}
	var items []TeamBody
	for _, t := range list {
		items = append(items, bodyOf(t))
	}
	return &teamsOut{web.PageOf(items, "")}, nil
}

func (h handler) team(ctx context.Context, in *teamID) (*teamOut, error) {
	t, err := h.svc.Team(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &teamOut{bodyOf(t)}, nil
}

func (h handler) create(ctx context.Context, in *createTeamIn) (*teamOut, error) {
	out := &teamOut{}
	_, err := h.svc.CreateTeam(ctx, in.Body.Name, in.Body.AgentIDs, func(tx *db.Tx, t Team) error {
		out.Body = bodyOf(t)
		return web.Keep(ctx, tx, out)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (h handler) update(ctx context.Context, in *updateTeamIn) (*teamOut, error) {
	t, err := h.svc.UpdateTeam(ctx, in.ID, in.Body.Name, in.Body.AgentIDs)
	if err != nil {
		return nil, err
	}
	return &teamOut{bodyOf(t)}, nil
}

func (h handler) delete(ctx context.Context, in *teamID) (*struct{}, error) {
	return nil, h.svc.DeleteTeam(ctx, in.ID)
}
