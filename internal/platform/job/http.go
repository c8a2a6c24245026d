package job

import (
	"context"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/platform/web"
)

// Register adds the operations with which admins look after jobs.
func Register(api *web.API, q *Queue) {
	const permission, tag = "jobs:manage", "Jobs"
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/jobs", Permission: permission, Tag: tag, Summary: "Jobs of one state, newest first"}, q.httpList)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/jobs/counts", Permission: permission, Tag: tag, Summary: "Number of jobs by state"}, q.httpCounts)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/jobs/{id}/retry", Permission: permission, Tag: tag, Summary: "Run a dead job again"},
		func(ctx context.Context, in *idInput) (*struct{}, error) { return nil, q.Retry(ctx, in.ID) })
	web.Register(api, web.Op{Method: http.MethodDelete, Path: "/jobs/{id}", Permission: permission, Tag: tag, Summary: "Discard a dead job"},
		func(ctx context.Context, in *idInput) (*struct{}, error) { return nil, q.Discard(ctx, in.ID) })
}

type idInput struct {
	ID int64 `path:"id" minimum:"1"`
}

type jobBody struct {
	ID        int64     `json:"id"`
	Kind      string    `json:"kind"`
	State     State     `json:"state"`
	Summary   string    `json:"summary"`
	Attempts  int       `json:"attempts"`
	Sentence  string    `json:"sentence" doc:"Why it did not work, in the reader's language"`
	LastError string    `json:"last_error" doc:"The same in detail, in English, for whoever looks after the program"`
	RunAt     time.Time `json:"run_at"`
	CreatedAt time.Time `json:"created_at"`
}

type listInput struct {
	web.List
	State string `query:"state" enum:"waiting,running,dead" default:"dead"`
}

func (q *Queue) httpList(ctx context.Context, in *listInput) (*struct{ Body web.Page[jobBody] }, error) {
	_, before, _, err := web.ReadCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	jobs, err := q.List(ctx, State(in.State), before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	list := make([]jobBody, len(jobs))
	for i, j := range jobs {
		sentence, detail := readAccount(j.LastError)
		list[i] = jobBody{j.ID, j.Kind, j.State, web.SayStored(ctx, j.Summary), j.Attempts, web.Say(ctx, sentence), detail, web.Time(j.RunAt), web.Time(j.CreatedAt)}
	}
	return &struct{ Body web.Page[jobBody] }{web.Cut(list, in.Limit, func(last jobBody) string { return web.Cursor(0, last.ID) })}, nil
}

func (q *Queue) httpCounts(ctx context.Context, _ *struct{}) (*struct{ Body map[State]int64 }, error) {
	counts, err := q.Counts(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range []State{Waiting, Running, Dead} {
		counts[s] += 0
	}
	return &struct{ Body map[State]int64 }{counts}, nil
}
