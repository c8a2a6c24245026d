package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/event"
	"github.com/deskbell/deskbell/internal/platform/realtime"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// registerRealtime adds the console's live connection.
func (a *App) registerRealtime(api *web.API) {
	web.Handle(api, web.Op{Method: http.MethodGet, Path: "/realtime", Permission: string(access.ConversationsRead), Tag: "Realtime",
		Summary: "Live events (WebSocket)", Text: "Frames `{id, type, data}`; give the last `id` you saw as `after` when you come back, and you get what you missed, or `reset`.",
		Query: []web.Param{{Name: "after", Text: "The cursor seen last"}}, ReadTimeout: -1},
		func(w http.ResponseWriter, r *http.Request) error {
			actor := access.From(r.Context())
			return a.Hub.Accept(w, r, realtime.Conn{
				AgentID: actor.AgentID, Name: actor.Name, Cookie: actor.KeyID == 0, After: r.URL.Query().Get("after"), Sight: a.sight(actor),
				Recheck: func(ctx context.Context) (realtime.Sight, error) {
					fresh, err := a.Access.Recheck(ctx, actor)
					if err != nil {
						return realtime.Sight{}, err
					}
					return a.sight(fresh), nil
				},
			})
		})
}

// privateTypes concern one agent: the one named in their data.
var privateTypes = []event.Type{"conversation.read", "draft.changed"}

// sight is what the actor sees of the feed and of presence.
func (a *App) sight(actor *access.Actor) realtime.Sight {
	return realtime.Sight{
		Key: fmt.Sprint(actor.Scope),
		Visible: func(e event.Event) bool {
			if slices.Contains(privateTypes, e.Type) {
				var d struct {
					Agent int64 `json:"agent_id"`
				}
				return json.Unmarshal(e.Data, &d) == nil && d.Agent == actor.AgentID
			}
			if e.Conversation == 0 {
				return e.Inbox == 0 || actor.Scope.Level(e.Inbox) != access.None
			}
			return actor.Scope.Sees(e.Inbox, e.Team, e.Assignee) || e.Assignee != 0 && e.Assignee == actor.AgentID
		},
		MaySee: func(ctx context.Context, conversation int64) bool {
			return a.Conversations.MaySee(access.With(ctx, actor), conversation)
		},
	}
}
