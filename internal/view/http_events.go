package view

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/deskbell/deskbell/internal/platform/event"
	"github.com/deskbell/deskbell/internal/platform/web"
)

const feedText = "In commit order, kept for 90 days. `next` is where to go on: give it as `after` in the next call, also when there was " +
	"nothing new. A call can return fewer events than `limit`, even none, while more follow: ask until `next` stays the same. " +
	"410 = events behind the cursor are not kept any more. The `id` of an event is its cursor, the same as in realtime."

type feedIn struct {
	After string `query:"after" maxLength:"100" doc:"Cursor; empty is the oldest event kept"`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"How many items at most"`
}

type feedOut struct{ Body web.Page[feedItem] }

type feedItem struct {
	ID             string          `json:"id" doc:"Its cursor"`
	Type           string          `json:"type"`
	At             time.Time       `json:"at"`
	Actor          feedActor       `json:"actor"`
	ConversationID *int64          `json:"conversation_id"`
	InboxID        *int64          `json:"inbox_id"`
	TeamID         *int64          `json:"team_id"`
	AssigneeID     *int64          `json:"assignee_id"`
	Data           json.RawMessage `json:"data"`
}

type feedActor struct {
	Type string `json:"type" doc:"agent, customer or system"`
	ID   *int64 `json:"id"`
}

func (h handler) events(ctx context.Context, in *feedIn) (*feedOut, error) {
	after, err := event.ParseCursor(in.After)
	if err != nil {
		return nil, err
	}
	list, next, err := h.s.Events(ctx, after, in.Limit)
	if errors.Is(err, ErrGone) {
		return nil, web.Gone(ErrGone)
	}
	if err != nil {
		return nil, err
	}
	out := make([]feedItem, len(list))
	for i, e := range list {
		out[i] = feedItem{ID: e.Cursor.String(), Type: string(e.Type), At: web.Time(e.At), Actor: feedActor{e.ActorType, maybe(e.ActorID)},
			ConversationID: maybe(e.Conversation), InboxID: maybe(e.Inbox), TeamID: maybe(e.Team), AssigneeID: maybe(e.Assignee), Data: e.Data}
	}
	cursor := ""
	if next != (event.Cursor{}) {
		cursor = next.String()
	}
	return &feedOut{web.PageOf(out, cursor)}, nil
}
