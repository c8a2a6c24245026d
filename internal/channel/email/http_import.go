package email

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// ImportView is an import in an answer.
type ImportView struct {
	ID         int64       `json:"id"`
	InboxID    inbox.ID    `json:"inbox_id"`
	Folder     string      `json:"folder"`
	Since      time.Time   `json:"since"`
	Until      time.Time   `json:"until"`
	State      ImportState `json:"state" enum:"counting,ready,running,paused,done,cancelled,failed"`
	Total      int64       `json:"total" doc:"Mails of that time; 0 while they are counted"`
	TotalBytes int64       `json:"total_bytes"`
	Seen       int64       `json:"seen" doc:"Of total, whatever became of them"`
	Kept       int64       `json:"kept"`
	Known      int64       `json:"known" doc:"Were here already"`
	Missed     int64       `json:"missed" doc:"The mail server did not hand them over"`
	LastError  string      `json:"last_error"`
	CreatedAt  time.Time   `json:"created_at"`
	FinishedAt *time.Time  `json:"finished_at"`
}

type importsOutput struct{ Body web.Page[ImportView] }

type importInput struct {
	ID   inbox.ID `path:"id"`
	Body struct {
		Folder string    `json:"folder" maxLength:"255"`
		Since  time.Time `json:"since"`
		Until  time.Time `json:"until,omitzero" doc:"Left out: now"`
		DryRun *bool     `json:"dry_run,omitempty" doc:"Only count, and wait for the start. Default true"`
	}
}

type importIDInput struct {
	ID int64 `path:"id"`
}

type importOutput struct{ Body ImportView }

type importsAPI struct {
	s   *Imports
	now func() time.Time
}

func registerImports(api *web.API, s *Imports) {
	h := &importsAPI{s, s.Now}
	op := func(method, path, summary string) web.Op {
		return web.Op{Method: method, Path: path, Permission: string(access.InboxesManage), Summary: summary, Tag: "Inboxes"}
	}
	web.Register(api, op("GET", "/inboxes/{id}/imports", "Imports of old mail"), h.list)
	begin := op("POST", "/inboxes/{id}/imports", "Count old mail of a folder, or bring it in")
	begin.Text = "Messages come in closed and read, with their own dates, and nobody is notified. What is here already is left out."
	begin.Status, begin.Errors = 201, []int{409}
	web.Register(api, begin, h.begin)
	for path, to := range map[string]ImportState{"start": ImportRunning, "pause": ImportPaused, "cancel": ImportCancelled} {
		summary := map[ImportState]string{ImportRunning: "Start an import, or go on with it", ImportPaused: "Pause an import", ImportCancelled: "End an import; what was brought in stays"}[to]
		set := op("POST", "/imports/{id}/"+path, summary)
		set.Status, set.Errors = 200, []int{409}
		web.Register(api, set, func(ctx context.Context, in *importIDInput) (*importOutput, error) {
			im, err := h.s.Set(ctx, in.ID, to)
			return &importOutput{importView(ctx, im)}, err
		})
	}
}

func importView(ctx context.Context, im Import) ImportView {
	return ImportView{ID: im.ID, InboxID: im.Inbox, Folder: im.Folder, Since: im.Since, Until: im.Until, State: im.State, Total: im.Total, TotalBytes: im.Bytes,
		Seen: im.Seen, Kept: im.Kept, Known: im.Known, Missed: im.Missed, LastError: web.SayStored(ctx, im.LastError), CreatedAt: web.Time(im.CreatedAt), FinishedAt: web.MaybeTime(im.FinishedAt)}
}

func (h *importsAPI) list(ctx context.Context, in *idInput) (*importsOutput, error) {
	if _, err := h.s.Inboxes.Get(ctx, in.ID); err != nil {
		return nil, err
	}
	all, err := h.s.Of(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	views := []ImportView{}
	for _, im := range all {
		views = append(views, importView(ctx, im))
	}
	return &importsOutput{web.PageOf(views, "")}, nil
}

func (h *importsAPI) begin(ctx context.Context, in *importInput) (*importOutput, error) {
	b := in.Body
	if b.Since.IsZero() {
		return nil, errs.InvalidField("body.since", "Say from when on mail is brought in.")
	}
	if b.Until.IsZero() {
		b.Until = h.now()
	}
	agent := int64(0)
	if a := access.From(ctx); a != nil {
		agent = a.AgentID
	}
	im, err := h.s.Begin(ctx, agent, Import{Inbox: in.ID, Folder: b.Folder, Since: b.Since.UTC(), Until: b.Until.UTC(), DryRun: b.DryRun == nil || *b.DryRun})
	if err != nil {
		return nil, err
	}
	return &importOutput{importView(ctx, im)}, nil
}
