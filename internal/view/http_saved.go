package view

import (
	"context"
	"net/http"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/web"
)

func (h handler) registerSaved(api *web.API) {
	read := string(access.ConversationsRead)
	const tag = "Views"
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/views", Permission: read, Tag: tag, Summary: "List saved views",
		Text: "Your own, those of your teams and those of everybody, in your order. Their conversations: `GET /conversations?view_id=`."}, h.savedList)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/views", Permission: read, Tag: tag, Summary: "Save a view", Status: http.StatusCreated,
		Text: conditionText}, h.savedCreate)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/views/{id}", Permission: read, Tag: tag, Summary: "Read a saved view",
		Text: "`missing` names what its conditions speak of and what is there no more, such as `tag 12` or `field reason`."}, h.savedOne)
	web.Register(api, web.Op{Method: http.MethodPatch, Path: "/views/{id}", Permission: read, Tag: tag, Summary: "Change a saved view",
		Text: "Absent parts stay; `conditions` replaces all.", Errors: []int{http.StatusConflict}}, h.savedUpdate)
	web.Register(api, web.Op{Method: http.MethodDelete, Path: "/views/{id}", Permission: read, Tag: tag, Summary: "Delete a saved view",
		Text: "It can be brought back for 30 days."},
		func(ctx context.Context, in *oneIn) (*struct{}, error) { return nil, h.s.DeleteSaved(ctx, in.ID) })
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/views/{id}/restore", Permission: read, Tag: tag, Summary: "Bring back a deleted view",
		Text: "Within 30 days."}, h.savedRestore)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/views/order", Permission: read, Tag: tag, Summary: "Put your saved views in order",
		Text: "For yourself alone. Those not named follow by name."}, h.savedOrder)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/views/count", Permission: read, Tag: tag, Summary: "Count what conditions would show",
		Text: "As `/views/{id}/count`, for a view that is being made."}, h.conditionsCount)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/views/{id}/count", Permission: read, Tag: tag, Summary: "Count a saved view",
		Text: "Up to 999; `more` says that there are more, or that 20,000 conversations were looked at. Counted again after five seconds at the earliest."}, h.savedCount)
}

const conditionText = "`conditions` is `{all:[…]}` or `{any:[…]}`; each part is such a group again, or a test `{field, op, values}`. " +
	"`status`, `priority`, `channel`, `inbox`, `team`, `assignee` and `tag` (ids) take `is` and `is_not` with any of `values`; `none` is nobody or no team, `me` " +
	"whoever looks; `tag` takes `set` and `not_set`, too. `last_activity`, `created`, `waiting_since` and `due` take `within` and `longer_than` (`3d`), `after` and `before` (`2026-11-27`), `set` and `not_set`. " +
	"`subject` takes `contains`. One of the shop's own fields is `field.` with its key: `set` and `not_set`, a choice `is` and `is_not`, a number `at_least` and `at_most`, " +
	"a date `within`, `longer_than`, `after` and `before`, a text `contains`. Sharing needs `views:manage`."

type savedBody struct {
	ID         int64     `json:"id"`
	Name       string    `json:"name"`
	Icon       string    `json:"icon"`
	OwnerID    int64     `json:"owner_id"`
	Audience   Audience  `json:"audience" enum:"me,team,all"`
	TeamID     *int64    `json:"team_id"`
	Conditions Condition `json:"conditions"`
	Sort       Sort      `json:"sort" enum:"newest,oldest,waiting,urgency"`
	Counted    bool      `json:"counted" doc:"Its number is shown"`
	TabsBy     string    `json:"tabs_by" doc:"The property whose values are its tabs; empty: none"`
	Missing    []string  `json:"missing"`
	MayEdit    bool      `json:"may_edit"`
	Version    int64     `json:"version"`
}

func savedOf(ctx context.Context, v Saved) savedBody {
	b := savedBody{v.ID, v.Name, v.Icon, v.Owner, v.Audience, maybe(v.Team), v.Conditions, v.Sort, v.Counted, v.TabsBy, v.Missing, v.MayEdit(access.From(ctx)), v.Version}
	if b.Missing == nil {
		b.Missing = []string{}
	}
	return b
}

type savedListOut struct{ Body web.Page[savedBody] }

func (h handler) savedList(ctx context.Context, _ *struct{}) (*savedListOut, error) {
	list, err := h.s.Saved(ctx)
	var items []savedBody
	for _, v := range list {
		items = append(items, savedOf(ctx, v))
	}
	return &savedListOut{web.PageOf(items, "")}, err
}

type savedOut struct{ Body savedBody }

func (h handler) savedOne(ctx context.Context, in *oneIn) (*savedOut, error) {
	v, err := h.s.OneSaved(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &savedOut{savedOf(ctx, v)}, nil
}

type savedIn struct {
	Body struct {
		Name       string    `json:"name" minLength:"1" maxLength:"80"`
		Icon       string    `json:"icon,omitempty" maxLength:"40"`
		Audience   Audience  `json:"audience,omitempty" enum:"me,team,all" default:"me"`
		TeamID     int64     `json:"team_id,omitempty" minimum:"0"`
		Conditions Condition `json:"conditions"`
		Sort       Sort      `json:"sort,omitempty" enum:"newest,oldest,waiting,urgency" default:"newest"`
		Counted    *bool     `json:"counted,omitempty"`
		TabsBy     string    `json:"tabs_by,omitempty" maxLength:"80" doc:"One of status, priority, inbox, team, assignee, tag, or field.reason for a choice of the shop; empty: none"`
	}
}

func (h handler) savedCreate(ctx context.Context, in *savedIn) (*savedOut, error) {
	b := in.Body
	v := Saved{Name: b.Name, Icon: b.Icon, Audience: b.Audience, Team: b.TeamID, Conditions: b.Conditions, Sort: b.Sort, Counted: b.Counted == nil || *b.Counted, TabsBy: b.TabsBy}
	made, err := h.s.Save(ctx, v, 0)
	if err != nil {
		return nil, err
	}
	return &savedOut{savedOf(ctx, made)}, nil
}

type savedEdit struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		Name       *string    `json:"name,omitempty" minLength:"1" maxLength:"80"`
		Icon       *string    `json:"icon,omitempty" maxLength:"40"`
		Audience   *Audience  `json:"audience,omitempty" enum:"me,team,all"`
		TeamID     *int64     `json:"team_id,omitempty" minimum:"0"`
		Conditions *Condition `json:"conditions,omitempty"`
		Sort       *Sort      `json:"sort,omitempty" enum:"newest,oldest,waiting,urgency"`
		Counted    *bool      `json:"counted,omitempty"`
		TabsBy     *string    `json:"tabs_by,omitempty" maxLength:"80"`
		Version    int64      `json:"version,omitempty"`
	}
}

func (h handler) savedUpdate(ctx context.Context, in *savedEdit) (*savedOut, error) {
	v, err := h.s.OneSaved(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	b := in.Body
	set(&v.Name, b.Name)
	set(&v.Icon, b.Icon)
	set(&v.Audience, b.Audience)
	set(&v.Team, b.TeamID)
	set(&v.Conditions, b.Conditions)
	set(&v.Sort, b.Sort)
	set(&v.Counted, b.Counted)
	set(&v.TabsBy, b.TabsBy)
	if v, err = h.s.Save(ctx, v, b.Version); err != nil {
		return nil, err
	}
	return &savedOut{savedOf(ctx, v)}, nil
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

type savedCountOut struct {
	Body struct {
		Count int  `json:"count"`
		More  bool `json:"more"`
	}
}

func (h handler) savedCount(ctx context.Context, in *oneIn) (*savedCountOut, error) {
	n, err := h.s.CountSaved(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &savedCountOut{}
	out.Body.Count, out.Body.More = n.Count, n.More
	return out, nil
}

func (h handler) savedRestore(ctx context.Context, in *oneIn) (*savedOut, error) {
	v, err := h.s.RestoreSaved(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &savedOut{savedOf(ctx, v)}, nil
}

type savedOrderIn struct {
	Body struct {
		IDs []int64 `json:"ids" maxItems:"1000"`
	}
}

func (h handler) savedOrder(ctx context.Context, in *savedOrderIn) (*struct{}, error) {
	return nil, h.s.OrderSaved(ctx, in.Body.IDs)
}

type conditionsCountIn struct {
	Body struct {
		Conditions Condition `json:"conditions"`
	}
}

func (h handler) conditionsCount(ctx context.Context, in *conditionsCountIn) (*savedCountOut, error) {
	n, err := h.s.CountConditions(ctx, in.Body.Conditions)
	if err != nil {
		return nil, err
	}
	out := &savedCountOut{}
	out.Body.Count, out.Body.More = n.Count, n.More
	return out, nil
}
