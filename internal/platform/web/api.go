package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// Prefix stands in front of every operation.
const Prefix = "/api/v1"

// Who is the caller of a request.
type Who struct {
	ID  string // such as "agent:5" or "key:7"; "" is a stranger
	Key bool   // signed in by API key: no cookie, so no cross-site danger
	// Locale is the language that the caller has chosen, "" = as the request asks.
	Locale string
}

// Config connects the API with the rest of the program. All fields but
// TrustedProxies may be left out in tests.
type Config struct {
	Log     *slog.Logger
	DB      *db.DB           // keeps the answers of repeated writes
	Now     func() time.Time // nil = time.Now
	Version string
	// PublicURL is where people reach this installation; its origin may write.
	PublicURL string
	// TrustedProxies may set X-Forwarded headers.
	TrustedProxies []netip.Prefix
	// Authenticate says who calls and returns the request's context with the
	// actor in it. Without any credentials it returns a stranger and no error.
	Authenticate func(r *http.Request) (context.Context, Who, error)
	// Answered is told of each request, for metrics: its route, such as
	// "GET /api/v1/conversations", or "" when there is none. It may be nil.
	Answered func(route string, status int, took time.Duration)
	// Need refuses a caller without the permission; "" asks only for a sign-in.
	Need func(ctx context.Context, permission string) error
}

// API is the set of operations and the handler that serves them.
type API struct {
	cfg     Config
	mux     *http.ServeMux
	huma    huma.API
	origins *http.CrossOriginProtection
	keys    *limiters // by caller
	ips     *limiters // by address, for strangers
	running running
	routes  []Route
	spec    func() ([]byte, error)
	docs    func() ([]byte, error)
}

// New makes an API without operations.
func New(cfg Config) *API {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Authenticate == nil {
		cfg.Authenticate = func(r *http.Request) (context.Context, Who, error) { return r.Context(), Who{}, nil }
	}
	if cfg.Need == nil {
		cfg.Need = func(context.Context, string) error { return errSignIn }
	}
	a := &API{
		cfg:     cfg,
		mux:     http.NewServeMux(),
		origins: http.NewCrossOriginProtection(),
		keys:    newLimiters(600, 1200),
		ips:     newLimiters(20, 60),
	}
	if u, err := url.Parse(cfg.PublicURL); err == nil && u.Host != "" {
		_ = a.origins.AddTrustedOrigin(u.Scheme + "://" + u.Host) // an unusable URL is refused by the configuration
	}
	a.huma = huma.NewAPI(describe(cfg.Version), &adapter{a})
	a.spec = sync.OnceValues(a.writeSpec)
	a.docs = sync.OnceValues(a.writeDocs)
	a.mux.HandleFunc("GET "+Prefix+"/openapi.json", a.serveSpec)
	a.mux.HandleFunc("GET /api/docs", a.serveDocs)
	a.mux.HandleFunc("GET /api/docs.css", a.serveDocsStyle)
	a.mux.HandleFunc("/api/", a.notFound)
	return a
}

// Mux takes what is not an operation: health checks, metrics, the console.
func (a *API) Mux() *http.ServeMux { return a.mux }

// Handler serves everything: the operations and what was put on [API.Mux].
func (a *API) Handler() http.Handler {
	return a.withRequest(a.withLog(a.withRecover(withHeaders(a.cfg.PublicURL, a.mux))))
}

// adapter lets huma register on our mux behind our guard.
type adapter struct{ api *API }

func (ad *adapter) ServeHTTP(w http.ResponseWriter, r *http.Request) { ad.api.mux.ServeHTTP(w, r) }

func (ad *adapter) Handle(ho *huma.Operation, handler func(huma.Context)) {
	op := ho.Metadata[opKey].(Op)
	ad.api.serve(op, func(w http.ResponseWriter, r *http.Request) error {
		handler(humago.NewContext(ho, r, w))
		return nil
	})
}
