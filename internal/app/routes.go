package app

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/brand"
	"github.com/deskbell/deskbell/internal/bulk"
	"github.com/deskbell/deskbell/internal/channel/email/notice"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/field"
	"github.com/deskbell/deskbell/internal/hours"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/ledger"
	"github.com/deskbell/deskbell/internal/notification"
	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/job"
	"github.com/deskbell/deskbell/internal/platform/web"
	"github.com/deskbell/deskbell/internal/privacy"
	"github.com/deskbell/deskbell/internal/reply"
	"github.com/deskbell/deskbell/internal/search"
	"github.com/deskbell/deskbell/internal/sender"
	"github.com/deskbell/deskbell/internal/storage"
	"github.com/deskbell/deskbell/internal/task"
	"github.com/deskbell/deskbell/internal/team"
	"github.com/deskbell/deskbell/internal/tone"
	"github.com/deskbell/deskbell/internal/translate"
	"github.com/deskbell/deskbell/internal/view"
	console "github.com/deskbell/deskbell/web"
)

// routes is every operation of the program in one list.
func (a *App) routes() error {
	proxies, err := a.proxies()
	if err != nil {
		return err
	}
	a.measure()
	api := web.New(web.Config{
		Log: a.Log, DB: a.DB, Now: a.Now, Version: a.Version, PublicURL: a.URL(), TrustedProxies: proxies,
		Authenticate: a.Access.Authenticate, Need: access.Need, Answered: a.meters.answered,
	})
	a.API = api

	access.Register(api, a.Access)
	notice.Register(api, a.Notices)
	audit.Register(api, a.DB)
	team.Register(api, a.Team)
	brand.Register(api, a.Brands)
	field.Register(api, a.Fields)
	inbox.Register(api, a.Inboxes)
	hours.Register(api, a.Hours)
	a.Email.Register(api)
	customer.Register(api, a.Customers, actorID, a.Views.HiddenOf)
	privacy.Register(api, a.Privacy)
	view.Register(api, a.Views)
	conversation.Register(api, a.Conversations)
	conversation.RegisterFiles(api, a.Conversations, a.Blobs, a.room)
	sender.Register(api, a.Senders)
	reply.Register(api, a.Replies)
	tone.Register(api, a.Tone)
	translate.Register(api, a.Translation)
	bulk.Register(api, a.Bulk, a.Views.Chosen)
	notification.Register(api, a.Notifications)
	task.Register(api, a.Tasks)
	search.Register(api, a.Search)
	ledger.Register(api, a.Ledger, func(ctx context.Context) error { return access.Need(ctx, string(access.SettingsManage)) })
	job.Register(api, a.Jobs)
	storage.Register(api, a.Storage)
	a.registerRealtime(api)
	a.registerHealth(api)

	api.Mux().Handle("/", &web.Static{Files: console.Files(), Page: console.Page(), Worker: console.Worker})
	return nil
}

func actorID(ctx context.Context) int64 {
	if actor := access.From(ctx); actor != nil {
		return actor.AgentID
	}
	return 0
}

// registerHealth adds what load balancers and monitoring ask for.
func (a *App) registerHealth(api *web.API) {
	mux := api.Mux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		if a.databaseAnswers(w, r) {
			answer(w, http.StatusOK, "ok")
		}
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if a.stopping.Load() {
			answer(w, http.StatusServiceUnavailable, "stopping")
			return
		}
		if a.databaseAnswers(w, r) {
			answerJSON(w, http.StatusOK, map[string]string{"status": "ready", "hints": a.hints()})
		}
	})
	mux.HandleFunc("GET /metrics", a.metrics)
}

// databaseAnswers asks with little patience, so that a load balancer learns soon
// of a node that was cut off, and answers when it does not.
func (a *App) databaseAnswers(w http.ResponseWriter, r *http.Request) bool {
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	defer cancel()
	if err := a.DB.Ping(ctx); err != nil {
		a.Log.Warn("the database does not answer", "error", err)
		answer(w, http.StatusServiceUnavailable, "The database does not answer.")
		return false
	}
	return true
}

func answer(w http.ResponseWriter, status int, text string) {
	answerJSON(w, status, map[string]string{"status": text})
}

func answerJSON(w http.ResponseWriter, status int, body map[string]string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client is gone
}
