package view

import (
	"context"
	"net/http"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/web"
)

func (h handler) registerTabs(api *web.API) {
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/views/tabs", Permission: string(access.ConversationsRead), Tag: "Views",
		Summary: "Count a list by a property",
		Text: "The parameters but `by` are those of `GET /conversations`. `more` says that there are more than were counted: up to 999 are, of 20,000 " +
			"that are looked at, and again after five seconds at the earliest. By status, inbox, team or assignee, all are counted where the list is about nothing else."}, h.tabs)
}

type tabsIn struct {
	By string `query:"by" required:"true" maxLength:"80" doc:"One of status, priority, inbox, team, assignee, tag, or field.reason for a choice of the shop"`
	Asked
}

type tabsOut struct {
	Body struct {
		Items []tabBody `json:"items"`
		More  bool      `json:"more"`
	}
}

type tabBody struct {
	Value string `json:"value" doc:"An id, a word or a choice; empty: those that have none"`
	Count int64  `json:"count"`
}

func (h handler) tabs(ctx context.Context, in *tabsIn) (*tabsOut, error) {
	f, err := in.filter(ctx)
	if err != nil {
		return nil, err
	}
	list, more, err := h.s.Tabs(ctx, f, in.By)
	out := &tabsOut{}
	out.Body.Items, out.Body.More = make([]tabBody, len(list)), more
	for i, t := range list {
		out.Body.Items[i] = tabBody(t)
	}
	return out, err
}
