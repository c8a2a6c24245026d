package view

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/web"
)

type loadBody struct {
	AgentID  int64    `json:"agent_id"`
	Open     int64    `json:"open" doc:"Open conversations, in all inboxes"`
	Presence Presence `json:"presence" enum:"online,away,offline"`
}

type loadsOut struct{ Body web.Page[loadBody] }

func (h handler) loads(ctx context.Context, _ *struct{}) (*loadsOut, error) {
	list, err := h.s.Loads(ctx)
	if err != nil {
		return nil, err
	}
	var items []loadBody
	for _, l := range list {
		items = append(items, loadBody{l.Agent, l.Open, l.Presence})
	}
	return &loadsOut{web.PageOf(items, "")}, nil
}
