package privacy

import (
	"context"
	"mime"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/web"
)

const heading = "Customers"

// Register adds the operations of exports and erasures.
func Register(api *web.API, s *Service) {
	h := handlers{s}
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/customers/{id}/export", Permission: string(access.CustomersExport), Tag: heading,
		Summary: "Export everything known of a customer", Status: http.StatusAccepted, Idempotent: true, Errors: []int{http.StatusConflict},
		Text: "A job writes a zip file: JSON of the customer and of each conversation that you may see with its side conversations and tasks, files, and mails as they are. Sealed mails, and files with a card number, are left out. See `/customers/{id}/requests`."}, h.export)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/customers/{id}/requests", Permission: string(access.CustomersExport), Tag: heading,
		Summary: "Exports and erasures of a customer", Text: "The newest first. `download_url` of an export that is done works for 15 minutes, for whoever holds it; the file is deleted after 7 days."}, h.list)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/customers/{id}/erase", Permission: string(access.CustomersErase), Tag: heading,
		Summary: "What erasing a customer would take", Text: "Changes nothing."}, h.plan)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/customers/{id}/erase", Permission: string(access.CustomersErase), Tag: heading,
		Summary: "Erase a customer for good", Status: http.StatusAccepted, Idempotent: true, Errors: []int{http.StatusConflict},
		Text: "A job deletes addresses, notes, consents, and of every conversation words, files, mails, drafts and notifications, whatever you may see of them. Rows without words stay, so that the " +
			"ledger balances. 409 while a legal hold is in force. It cannot be taken back."}, h.erase)
	api.Mux().HandleFunc("GET /exports/{token}", h.download)
}

type handlers struct{ s *Service }

type requestBody struct {
	ID         int64      `json:"id"`
	Kind       Kind       `json:"kind" enum:"export,erase"`
	State      State      `json:"state" enum:"waiting,done,failed"`
	Error      string     `json:"error"`
	AgentID    int64      `json:"agent_id" doc:"Who asked for it"`
	Size       int64      `json:"size" doc:"Of the file, in bytes"`
	CreatedAt  time.Time  `json:"created_at"`
	FinishedAt *time.Time `json:"finished_at"`
	ExpiresAt  *time.Time `json:"expires_at" doc:"When the file is deleted"`
	Download   string     `json:"download_url" doc:"Of an export that is done, empty otherwise"`
}

func (h handlers) body(ctx context.Context, r Request) requestBody {
	b := requestBody{ID: r.ID, Kind: r.Kind, State: r.State, Error: web.SayStored(ctx, r.Error), AgentID: r.Agent, Size: r.Size,
		CreatedAt: web.Time(r.CreatedAt), FinishedAt: web.MaybeTime(r.FinishedAt), ExpiresAt: web.MaybeTime(r.ExpiresAt)}
	if r.BlobKey != "" {
		b.Download = "/exports/" + h.s.Link(r)
	}
	return b
}

type idInput struct {
	ID int64 `path:"id" minimum:"1"`
}

type requestOutput struct{ Body requestBody }

func (h handlers) ask(ctx context.Context, kind Kind, id int64, confirm string) (*requestOutput, error) {
	out := &requestOutput{}
	_, err := h.s.Ask(ctx, kind, id, confirm, func(ctx context.Context, tx *db.Tx, r Request) error {
		out.Body = h.body(ctx, r)
		return web.Keep(ctx, tx, out)
	})
	return out, err
}

func (h handlers) export(ctx context.Context, in *idInput) (*requestOutput, error) {
	return h.ask(ctx, Export, in.ID, "")
}

type eraseInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		Confirm string `json:"confirm" maxLength:"300" doc:"The name of the customer, or an address where there is none, as GET gives it"`
	}
}

func (h handlers) erase(ctx context.Context, in *eraseInput) (*requestOutput, error) {
	return h.ask(ctx, Erase, in.ID, in.Body.Confirm)
}

type requestsBody struct {
	Items []requestBody `json:"items"`
}

func (h handlers) list(ctx context.Context, in *idInput) (*struct{ Body requestsBody }, error) {
	found, err := h.s.Requests(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &struct{ Body requestsBody }{requestsBody{make([]requestBody, len(found))}}
	for i, r := range found {
		out.Body.Items[i] = h.body(ctx, r)
	}
	return out, nil
}

type planBody struct {
	Confirm       string `json:"confirm" doc:"What has to be typed"`
	Conversations int64  `json:"conversations"`
	Messages      int64  `json:"messages"`
	Files         int64  `json:"files"`
	Bytes         int64  `json:"bytes" doc:"Of the files"`
	Addresses     int    `json:"addresses"`
	Notes         bool   `json:"notes" doc:"There are notes or consents"`
	Held          bool   `json:"legal_hold" doc:"A legal hold refuses it"`
}

func (h handlers) plan(ctx context.Context, in *idInput) (*struct{ Body planBody }, error) {
	p, err := h.s.Plan(ctx, in.ID)
	return &struct{ Body planBody }{planBody(p)}, err
}

// download hands the file to whoever holds the link.
func (h handlers) download(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer")
	one, file, err := h.s.Open(r.Context(), r.PathValue("token"))
	if err != nil {
		http.Error(w, "This link is not valid any more. Open the customer's page and download again.", http.StatusNotFound)
		return
	}
	defer file.Close()
	header.Set("Content-Type", "application/zip")
	header.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "customer-" + formatInt(one.Customer) + ".zip"}))
	http.ServeContent(w, r, "", one.FinishedAt, file)
}
