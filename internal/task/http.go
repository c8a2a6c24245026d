package task

import (
	"context"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// Register adds the operations.
func Register(api *web.API, s *Service) {
	const tag = "Tasks"
	read, write := string(access.ConversationsRead), string(access.ConversationsNote)
	h := handler{s}
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/conversations/{id}/tasks", Permission: read, Tag: tag,
		Summary: "Tasks of a conversation", Text: "Open and done, in the order in which they were made, with those of conversations that were merged into it."}, h.of)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/conversations/{id}/tasks", Permission: write, Tag: tag,
		Summary: "Add tasks to a conversation", Status: http.StatusCreated, Idempotent: true, Text: "Several at once are a checklist."}, h.add)
	web.Register(api, web.Op{Method: http.MethodPatch, Path: "/tasks/{id}", Permission: write, Tag: tag, Summary: "Change a task", Text: "Absent parts stay."}, h.update)
	web.Register(api, web.Op{Method: http.MethodDelete, Path: "/tasks/{id}", Permission: write, Tag: tag, Summary: "Delete a task"}, h.remove)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/tasks", Permission: read, Tag: tag, Summary: "My open tasks",
		Text: "What is due first, first; those without a day last. Only of conversations that I may see, spam and trash left out."}, h.mine)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/tasks/count", Permission: read, Tag: tag, Summary: "Count my open tasks", Text: "Up to 1,000."}, h.count)
}

type handler struct{ s *Service }

type assigneeBody struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type body struct {
	ID             int64         `json:"id"`
	ConversationID int64         `json:"conversation_id"`
	Subject        string        `json:"subject,omitempty" doc:"Of the conversation, in the list of my tasks"`
	Text           string        `json:"text"`
	Assignee       *assigneeBody `json:"assignee"`
	DueAt          *time.Time    `json:"due_at"`
	DoneAt         *time.Time    `json:"done_at" doc:"null = open"`
	CreatedAt      time.Time     `json:"created_at"`
}

func bodyOf(t Task) body {
	b := body{ID: t.ID, ConversationID: t.Conversation, Subject: t.Subject, Text: t.Text, DueAt: web.MaybeTime(t.DueAt), DoneAt: web.MaybeTime(t.DoneAt), CreatedAt: web.Time(t.CreatedAt)}
	if t.Assignee != 0 {
		b.Assignee = &assigneeBody{t.Assignee, t.AssigneeName}
	}
	return b
}

func bodiesOf(list []Task) []body {
	out := make([]body, len(list))
	for i, t := range list {
		out[i] = bodyOf(t)
	}
	return out
}

type idInput struct {
	ID int64 `path:"id" minimum:"1"`
}

type listOutput struct{ Body web.Page[body] }

func (h handler) of(ctx context.Context, in *idInput) (*listOutput, error) {
	list, err := h.s.Of(ctx, in.ID)
	return &listOutput{web.PageOf(bodiesOf(list), "")}, err
}

type newBody struct {
	Text       string    `json:"text" minLength:"1" maxLength:"2000"`
	AssigneeID int64     `json:"assignee_id,omitempty" minimum:"0"`
	DueAt      time.Time `json:"due_at,omitzero"`
}

type addInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		Tasks []newBody `json:"tasks" minItems:"1" maxItems:"50"`
	}
}

func (h handler) add(ctx context.Context, in *addInput) (*listOutput, error) {
	list := make([]New, len(in.Body.Tasks))
	for i, n := range in.Body.Tasks {
		list[i] = New{Text: n.Text, Assignee: n.AssigneeID, DueAt: n.DueAt}
	}
	out := &listOutput{}
	_, err := h.s.Add(ctx, in.ID, list, func(ctx context.Context, tx *db.Tx, made []Task) error {
		out.Body = web.PageOf(bodiesOf(made), "")
		return web.Keep(ctx, tx, out)
	})
	return out, err
}

type updateInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		Text       *string    `json:"text,omitempty" maxLength:"2000"`
		AssigneeID *int64     `json:"assignee_id,omitempty" minimum:"0" doc:"0 = nobody"`
		DueAt      *time.Time `json:"due_at,omitempty"`
		NoDay      bool       `json:"no_due_at,omitempty" doc:"Takes the day away"`
		Done       *bool      `json:"done,omitempty"`
	}
}

func (h handler) update(ctx context.Context, in *updateInput) (*struct{ Body body }, error) {
	ch := Change{Text: in.Body.Text, Assignee: in.Body.AssigneeID, DueAt: in.Body.DueAt, Done: in.Body.Done}
	if in.Body.NoDay {
		ch.DueAt = &time.Time{}
	}
	t, err := h.s.Update(ctx, in.ID, ch)
	return &struct{ Body body }{bodyOf(t)}, err
}

func (h handler) remove(ctx context.Context, in *idInput) (*struct{}, error) {
	return nil, h.s.Delete(ctx, in.ID)
}

func (h handler) mine(ctx context.Context, in *web.List) (*listOutput, error) {
	due, id, some, err := web.ReadCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	var behind *Place
	if some {
		behind = &Place{due, id}
	}
	list, err := h.s.Mine(ctx, behind, in.Limit+1)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(list) > in.Limit {
		list = list[:in.Limit]
		last := list[in.Limit-1]
		next = web.Cursor(millis(last.DueAt, conversation.Never), last.ID)
	}
	return &listOutput{web.PageOf(bodiesOf(list), next)}, nil
}

type countOutput struct {
	Body struct {
		Open    int64 `json:"open"`
		Overdue int64 `json:"overdue"`
	}
}

func (h handler) count(ctx context.Context, _ *struct{}) (*countOutput, error) {
	n, err := h.s.Count(ctx)
	out := &countOutput{}
	out.Body.Open, out.Body.Overdue = n.Open, n.Overdue
	return out, err
}
