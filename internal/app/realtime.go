package app

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
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
			sight, err := a.sight(r.Context(), actor)
			if err != nil {
				return err
			}
			return a.Hub.Accept(w, r, realtime.Conn{
				AgentID: actor.AgentID, Name: actor.Name, Cookie: actor.KeyID == 0, After: r.URL.Query().Get("after"), Sight: sight,
				Recheck: func(ctx context.Context) (realtime.Sight, error) {
					fresh, err := a.Access.Recheck(ctx, actor)
					if err == nil {
						err = fresh.Need(access.ConversationsRead)
					}
					if err != nil {
						return realtime.Sight{}, err
					}
					return a.sight(ctx, fresh)
				},
			})
		})
}

// sight is what the actor sees of the feed and of presence.
func (a *App) sight(ctx context.Context, actor *access.Actor) (realtime.Sight, error) {
	followed, err := a.Conversations.Followed(ctx, actor.AgentID)
	if err != nil {
		return realtime.Sight{}, err
	}
	e := &eyes{actor: actor, followed: map[int64]bool{}}
	for _, id := range followed {
		e.followed[id] = true
	}
	return realtime.Sight{
		Key:     fmt.Sprint(actor.Scope),
		Visible: e.sees,
		MaySee: func(ctx context.Context, conversation int64) bool {
			return a.Conversations.MaySee(access.With(ctx, actor), conversation)
		},
	}, nil
}

// eyes look at events for one actor.
type eyes struct {
	actor    *access.Actor
	mu       sync.Mutex
	followed map[int64]bool // grows with mentions
}

// privateTypes concern one agent: the one named in their data.
var privateTypes = []event.Type{conversation.Read, conversation.DraftChanged}

func (s *eyes) sees(e event.Event) bool {
	if e.Type == access.Changed {
		return false
	}
	if e.Conversation == 0 {
		return e.Inbox == 0 || s.actor.Scope.Level(e.Inbox) != access.None
	}
	private := slices.Contains(privateTypes, e.Type)
	if !private && (s.actor.Scope.Sees(e.Inbox, e.Team, e.Assignee) || e.Assignee != 0 && e.Assignee == s.actor.AgentID) {
		return true
	}
	var f conversation.Fact
	if json.Unmarshal(e.Data, &f) != nil {
		return false
	}
	if private {
		return f.Agent == s.actor.AgentID
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.Contains(f.Mentions, s.actor.AgentID) {
		s.followed[e.Conversation] = true
	}
	return s.followed[e.Conversation] || s.lost(e, f)
}

// lost tells whether the actor saw the conversation before the change and does
// not any more: the console has to take it out of its lists.
func (s *eyes) lost(e event.Event, f conversation.Fact) bool {
	inbox, team, assignee := e.Inbox, e.Team, e.Assignee
	if f.WasInbox != 0 {
		inbox = f.WasInbox
	}
	if f.WasTeam != 0 {
		team = f.WasTeam
	}
	if f.WasAssignee != 0 {
		assignee = f.WasAssignee
	}
	return s.actor.Scope.Sees(inbox, team, assignee)
}
