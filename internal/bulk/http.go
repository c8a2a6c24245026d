package bulk

import (
	"context"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// Register adds the operations. chosen reads the ids of a whole list that a
// value of the type F names, at most most of them.
func Register[F any](api *web.API, s *Service, chosen func(ctx context.Context, f F, most int) (ids []int64, more bool, err error)) {
	const tag = "Many at once"
	update := string(access.ConversationsUpdate)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/bulk", Permission: update, Tag: tag, Summary: "Change many conversations",
		Status: http.StatusAccepted, Idempotent: true, Text: startText},
		func(ctx context.Context, in *startIn[F]) (*runOut, error) { return start(ctx, s, in, chosen) })
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/bulk/{id}", Permission: update, Tag: tag, Summary: "How far a change of many is"}, s.httpGet)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/bulk/{id}/items", Permission: update, Tag: tag, Summary: "What became of each conversation"}, s.httpItems)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/bulk/{id}/undo", Permission: update, Tag: tag, Summary: "Take a change of many back",
		Status: http.StatusAccepted, Text: "What others have changed since stays. Replies come back as long as they have not left, with the changes and open tasks that came with them; notes stay."}, s.httpUndo)
}

const startText = "Give `conversation_ids` or a `filter` with the parameters of `GET /conversations`, and a `change`, a `reply` or both. It is done in the " +
	"background, one conversation after the other; one that fails stops no other. A reply is filled in for each customer, and is not sent where a variable " +
	"has no value, where you have a draft, or where something newer came. A saved reply brings its `actions` to each conversation; `change` is above them."

type startIn[F any] struct {
	Body struct {
		ConversationIDs []int64                 `json:"conversation_ids,omitempty" maxItems:"5000"`
		Filter          *F                      `json:"filter,omitempty"`
		Change          *conversation.PatchBody `json:"change,omitempty"`
		Reply           *replyIn                `json:"reply,omitempty"`
	}
}

type replyIn struct {
	SavedReplyID int64  `json:"saved_reply_id,omitempty" minimum:"0" doc:"Is sent in the language of each customer"`
	HTML         string `json:"html,omitempty" maxLength:"65536" doc:"With the variables of saved replies"`
	UndoSeconds  *int   `json:"undo_seconds,omitempty" minimum:"0" maximum:"30" doc:"Default: the agent's setting"`
}

type runBody struct {
	ID         int64      `json:"id"`
	State      State      `json:"state" enum:"running,done,undoing,undone"`
	Total      int        `json:"total"`
	Waiting    int        `json:"waiting"`
	Done       int        `json:"done"`
	Failed     int        `json:"failed"`
	Undone     int        `json:"undone"`
	CreatedAt  time.Time  `json:"created_at"`
	FinishedAt *time.Time `json:"finished_at"`
}

type runOut struct{ Body runBody }

func shown(r Run) *runOut {
	return &runOut{runBody{r.ID, r.State, r.Total, r.Counts[Waiting], r.Counts[Changed], r.Counts[Failed], r.Counts[Back],
		web.Time(r.CreatedAt), web.MaybeTime(r.FinishedAt)}}
}

func start[F any](ctx context.Context, s *Service, in *startIn[F], chosen func(context.Context, F, int) ([]int64, bool, error)) (*runOut, error) {
	ids := in.Body.ConversationIDs
	if in.Body.Filter != nil {
		if len(ids) > 0 {
			return nil, errs.InvalidField("body.filter", "Give either conversations or a filter.")
		}
		var more bool
		var err error
		if ids, more, err = chosen(ctx, *in.Body.Filter, MaxItems); err != nil {
			return nil, err
		}
		if more {
			return nil, errs.InvalidField("body.filter", "At most 5,000 conversations can be changed at once.")
		}
	}
	var w Work
	if in.Body.Change != nil {
		w.Change = &in.Body.Change.ChangeBody
	}
	if r := in.Body.Reply; r != nil {
		w.Reply = &Reply{r.SavedReplyID, r.HTML, access.From(ctx).UndoSeconds}
		if r.UndoSeconds != nil {
			w.Reply.Undo = *r.UndoSeconds
		}
	}
	var out *runOut
	_, err := s.Start(ctx, ids, w, func(ctx context.Context, tx *db.Tx, r Run) error {
		out = shown(r)
		return web.Keep(ctx, tx, out)
	})
	return out, err
}

type idIn struct {
	ID int64 `path:"id" minimum:"1"`
}

func (s *Service) httpGet(ctx context.Context, in *idIn) (*runOut, error) {
	r, err := s.Get(ctx, in.ID)
	return shown(r), err
}

func (s *Service) httpUndo(ctx context.Context, in *idIn) (*runOut, error) {
	r, err := s.Undo(ctx, in.ID)
	return shown(r), err
}

type itemsIn struct {
	web.List
	ID    int64     `path:"id" minimum:"1"`
	State ItemState `query:"state" enum:"waiting,done,failed,undone"`
}

type itemBody struct {
	ConversationID int64     `json:"conversation_id"`
	State          ItemState `json:"state" enum:"waiting,done,failed,undone"`
	Error          string    `json:"error" doc:"Why it failed, or could not be taken back"`
	MessageID      *int64    `json:"message_id"`
}

type itemsOut struct{ Body web.Page[itemBody] }

func (s *Service) httpItems(ctx context.Context, in *itemsIn) (*itemsOut, error) {
	_, after, _, err := web.ReadCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	list, err := s.Items(ctx, in.ID, in.State, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	var items []itemBody
	for _, it := range list {
		b := itemBody{ConversationID: it.Conversation, State: it.State}
		if it.Error != "" {
			b.Error = web.SayStored(ctx, it.Error)
		}
		if it.Message != 0 {
			b.MessageID = &it.Message
		}
		items = append(items, b)
	}
	return &itemsOut{web.Cut(items, in.Limit, func(b itemBody) string { return web.Cursor(0, b.ConversationID) })}, nil
}
