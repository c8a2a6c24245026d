package view

import (
	"context"
	"net/http"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/web"
)

func (h handler) registerLayouts(api *web.API) {
	read := string(access.ConversationsRead)
	const tag = "Views"
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/views/layouts", Permission: read, Tag: tag, Summary: "How you look at views",
		Text: "Those that you have changed, by their names in the console's address, such as `mine`, `team-4` or `saved-7`."}, h.layoutList)
	web.Register(api, web.Op{Method: http.MethodPut, Path: "/views/layouts/{view}", Permission: read, Tag: tag, Summary: "Choose how you look at a view",
		Text: "As a list, or as a table with these columns, and with tabs by a property. A saved view has its own tabs."}, h.layoutKeep)
}

type layoutBody struct {
	View    string   `json:"view"`
	Table   bool     `json:"table"`
	Columns []string `json:"columns"`
	TabsBy  string   `json:"tabs_by" doc:"The property whose values are its tabs; empty: none"`
}

type layoutsOut struct{ Body web.Page[layoutBody] }

func (h handler) layoutList(ctx context.Context, _ *struct{}) (*layoutsOut, error) {
	list, err := h.s.Layouts(ctx)
	var items []layoutBody
	for _, l := range list {
		items = append(items, layoutBody(l))
	}
	return &layoutsOut{web.PageOf(items, "")}, err
}

type layoutIn struct {
	View string `path:"view" maxLength:"50"`
	Body struct {
		Table   bool     `json:"table"`
		Columns []string `json:"columns" maxItems:"40" nullable:"false" doc:"In their order; field.reason is the shop's own field of that key"`
		TabsBy  string   `json:"tabs_by,omitempty" maxLength:"80" doc:"As of a saved view"`
	}
}

func (h handler) layoutKeep(ctx context.Context, in *layoutIn) (*struct{}, error) {
	l := Layout{View: in.View, Table: in.Body.Table, Columns: in.Body.Columns, TabsBy: in.Body.TabsBy}
	if l.Columns == nil {
		l.Columns = []string{}
	}
	return nil, h.s.KeepLayout(ctx, l)
}
