package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
)

type fruit struct {
	ID   int64     `json:"id"`
	Name string    `json:"name" minLength:"2" maxLength:"20"`
	At   time.Time `json:"at" readOnly:"true" required:"false"`
}

type fruitIn struct {
	ID   int64 `path:"id"`
	Body struct {
		Name     string `json:"name" minLength:"2"`
		Password string `json:"password,omitempty" minLength:"8"`
	}
}

type fruitOut struct{ Body fruit }

// newAPI knows the key "good" of a caller with the permission fruits:read.
func newAPI(cfg web.Config) *web.API {
	cfg.Authenticate = func(r *http.Request) (context.Context, web.Who, error) {
		switch r.Header.Get("Authorization") {
		case "Bearer good":
			return r.Context(), web.Who{ID: "key:1", Key: true}, nil
		case "":
			if c, err := r.Cookie("deskbell"); err == nil && c.Value == "session" {
				return r.Context(), web.Who{ID: "agent:1"}, nil
			}
			return r.Context(), web.Who{}, nil
		}
		return r.Context(), web.Who{}, errs.New(errs.Unauthorized, "This API key is not known.")
	}
	cfg.Need = func(ctx context.Context, p string) error {
		if p == "fruits:secret" {
			return errs.New(errs.Forbidden, "Your role does not allow this.")
		}
		return nil
	}
	return web.New(cfg)
}

func call(h http.Handler, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

type problem struct {
	Type, Title, Detail string
	Status              int
	RequestID           string `json:"request_id"`
	Errors              []errs.Field
	Newer               []int
}

func problemIn(t *testing.T, w *httptest.ResponseRecorder) problem {
	t.Helper()
	var p problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	if ct := w.Header().Get("Content-Type"); ct != "application/problem+json" {
		t.Errorf("content type %q", ct)
	}
	if p.Status != w.Code || p.RequestID == "" || p.RequestID != w.Header().Get("X-Request-Id") {
		t.Errorf("problem %+v does not fit status %d and request id %q", p, w.Code, w.Header().Get("X-Request-Id"))
	}
	return p
}

func echo(ctx context.Context, in *fruitIn) (*fruitOut, error) {
	return &fruitOut{Body: fruit{ID: in.ID, Name: in.Body.Name}}, nil
}

var put = web.Op{Method: "PUT", Path: "/fruits/{id}", Permission: "fruits:write", Summary: "Change a fruit", Tag: "Fruits"}

func TestEveryErrorLeavesAsAProblemDocument(t *testing.T) {
	t.Parallel()
	stale := errs.New(errs.Conflict, "Somebody answered meanwhile.")
	stale.Type, stale.Extra = web.StaleReply, map[string]any{"newer": []int{7}}
	wait := errs.New(errs.TooMany, "Wait.")
	wait.RetryAfter = 7
	for name, c := range map[string]struct {
		err    error
		status int
		detail string
		kind   string
	}{
		"invalid":   {errs.InvalidField("body.name", "Give it a name."), 422, "Give it a name.", "about:blank"},
		"not found": {errs.New(errs.NotFound, "It is gone."), 404, "It is gone.", "about:blank"},
		"stale":     {stale, 409, "Somebody answered meanwhile.", web.StaleReply},
		"too many":  {wait, 429, "Wait.", "about:blank"},
		"gone":      {web.Gone(errs.New(errs.NotFound, "Not kept.")), 410, "Not kept.", "about:blank"},
		"unknown":   {errors.New("secret table"), 500, errs.Sentence(nil), "about:blank"},
		"wrapped":   {errors.Join(errors.New("x"), errs.New(errs.Forbidden, "No.")), 403, "No.", "about:blank"},
		"large":     {&http.MaxBytesError{Limit: 64 << 20}, 413, "This is too large: at most 64 MiB are taken.", "about:blank"},
	} {
		t.Run(name, func(t *testing.T) {
			api := newAPI(web.Config{})
			web.Register(api, put, func(context.Context, *fruitIn) (*fruitOut, error) { return nil, c.err })
			w := call(api.Handler(), "PUT", "/api/v1/fruits/1", `{"name":"pear"}`, "Authorization", "Bearer good")
			p := problemIn(t, w)
			if w.Code != c.status || p.Detail != c.detail || p.Type != c.kind {
				t.Errorf("%d %+v", w.Code, p)
			}
			if strings.Contains(w.Body.String(), "secret") {
				t.Error("the cause is shown")
			}
			if name == "stale" && (len(p.Newer) != 1 || p.Newer[0] != 7) {
				t.Errorf("extra members are missing: %s", w.Body)
			}
			if name == "too many" && w.Header().Get("Retry-After") != "7" {
				t.Errorf("Retry-After = %q", w.Header().Get("Retry-After"))
			}
		})
	}
}

func TestAPanicIsAnsweredAndDoesNotEndTheServer(t *testing.T) {
	t.Parallel()
	api := newAPI(web.Config{})
	web.Register(api, put, func(context.Context, *fruitIn) (*fruitOut, error) { panic("secret") })
	w := call(api.Handler(), "PUT", "/api/v1/fruits/1", `{"name":"pear"}`, "Authorization", "Bearer good")
	if p := problemIn(t, w); p.Status != 500 || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestWrongInputNamesTheFieldAndNeverRepeatsItsValue(t *testing.T) {
	t.Parallel()
	api := newAPI(web.Config{})
	web.Register(api, put, echo)
	w := call(api.Handler(), "PUT", "/api/v1/fruits/1", `{"name":"pear","password":"hunter2"}`, "Authorization", "Bearer good")
	p := problemIn(t, w)
	if p.Status != 422 || len(p.Errors) != 1 || p.Errors[0].Location != "body.password" {
		t.Errorf("%+v", p)
	}
	if strings.Contains(w.Body.String(), "hunter2") {
		t.Error("a password is repeated in the answer")
	}
}

func TestABodyOverTheLimitIsRefused(t *testing.T) {
	t.Parallel()
	api := newAPI(web.Config{})
	op := put
	op.MaxBody = 40
	web.Register(api, op, echo)
	web.Handle(api, web.Op{Method: "POST", Path: "/raw", MaxBody: 40, Tag: "Raw", Summary: "Take bytes"}, func(w http.ResponseWriter, r *http.Request) error {
		_, err := io.Copy(io.Discard, r.Body)
		return err
	})
	for _, c := range []struct{ method, path string }{{"PUT", "/api/v1/fruits/1"}, {"POST", "/api/v1/raw"}} {
		w := call(api.Handler(), c.method, c.path, `{"name":"`+strings.Repeat("a", 60)+`"}`, "Authorization", "Bearer good")
		if p := problemIn(t, w); p.Status != 413 {
			t.Errorf("%s: %d %s", c.path, w.Code, w.Body)
		}
	}
	if w := call(api.Handler(), "PUT", "/api/v1/fruits/1", `{"name":"`+strings.Repeat("a", 29)+`"}`, "Authorization", "Bearer good"); w.Code != 200 {
		t.Errorf("a body of exactly the limit: %d %s", w.Code, w.Body)
	}
}

func TestStrangersAndTheWrongRoleAreRefusedBeforeTheInputIsRead(t *testing.T) {
	t.Parallel()
	api := newAPI(web.Config{})
	web.Register(api, put, echo)
	secret := put
	secret.Path, secret.Permission = "/secrets/{id}", "fruits:secret"
	web.Register(api, secret, echo)
	h := api.Handler()
	if w := call(h, "PUT", "/api/v1/fruits/x", `{`); problemIn(t, w).Status != 401 || w.Header().Get("WWW-Authenticate") == "" {
		t.Errorf("stranger: %d", w.Code)
	}
	if w := call(h, "PUT", "/api/v1/fruits/x", `{`, "Authorization", "Bearer bad"); problemIn(t, w).Detail != "This API key is not known." {
		t.Errorf("bad key: %d %s", w.Code, w.Body)
	}
	if w := call(h, "PUT", "/api/v1/secrets/x", `{`, "Authorization", "Bearer good"); problemIn(t, w).Status != 403 {
		t.Errorf("wrong role: %d", w.Code)
	}
}

func TestAWriteFromAnotherWebsiteIsRefusedOnlyWithASession(t *testing.T) {
	t.Parallel()
	api := newAPI(web.Config{PublicURL: "https://desk.example"})
	web.Register(api, put, echo)
	h := api.Handler()
	body := `{"name":"pear"}`
	for _, c := range []struct {
		name    string
		headers []string
		status  int
	}{
		{"cross site", []string{"Cookie", "deskbell=session", "Sec-Fetch-Site", "cross-site"}, 403},
		{"foreign origin", []string{"Cookie", "deskbell=session", "Origin", "https://evil.example"}, 403},
		{"sibling", []string{"Cookie", "deskbell=session", "Sec-Fetch-Site", "same-site"}, 403},
		{"own page", []string{"Cookie", "deskbell=session", "Sec-Fetch-Site", "same-origin"}, 200},
		{"public url behind a proxy", []string{"Cookie", "deskbell=session", "Origin", "https://desk.example"}, 200},
		{"key", []string{"Authorization", "Bearer good", "Origin", "https://evil.example"}, 200},
	} {
		if w := call(h, "PUT", "/api/v1/fruits/1", body, c.headers...); w.Code != c.status {
			t.Errorf("%s: %d %s", c.name, w.Code, w.Body)
		}
	}
}

func TestUnknownPathsAndMethodsAreProblems(t *testing.T) {
	t.Parallel()
	api := newAPI(web.Config{})
	web.Register(api, put, echo)
	api.Mux().Handle("/", http.NotFoundHandler())
	if w := call(api.Handler(), "GET", "/api/v1/nothing", ""); problemIn(t, w).Status != 404 {
		t.Errorf("%d", w.Code)
	}
	w := call(api.Handler(), "POST", "/api/v1/fruits/1", "{}")
	if problemIn(t, w).Status != 405 || w.Header().Get("Allow") != "PUT" {
		t.Errorf("%d Allow=%q", w.Code, w.Header().Get("Allow"))
	}
}

func TestOnlyTrustedProxiesTellTheClientsAddress(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, peer, forwarded, want string }{
		{"stranger lies", "203.0.113.9:1", "10.9.9.9", "203.0.113.9"},
		{"proxy", "10.0.0.1:1", "198.51.100.7", "198.51.100.7"},
		{"two proxies", "10.0.0.1:1", "198.51.100.7, 10.0.0.2", "198.51.100.7"},
		{"client lies to the proxy", "10.0.0.1:1", "1.1.1.1, 198.51.100.7", "198.51.100.7"},
		{"nonsense", "10.0.0.1:1", "unknown", "10.0.0.1"},
	} {
		api := newAPI(web.Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/24")}})
		var got string
		api.Mux().HandleFunc("/ip", func(_ http.ResponseWriter, r *http.Request) { got = web.ClientIP(r.Context()).String() })
		r := httptest.NewRequest("GET", "/ip", nil)
		r.RemoteAddr = c.peer
		r.Header.Set("X-Forwarded-For", c.forwarded)
		api.Handler().ServeHTTP(httptest.NewRecorder(), r)
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestAKeyMayBurstAndMustThenWait(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	api := newAPI(web.Config{Now: func() time.Time { return now }})
	web.Register(api, put, echo)
	h := api.Handler()
	ok, limited := 0, 0
	for range 1300 {
		w := call(h, "PUT", "/api/v1/fruits/1", `{"name":"pear"}`, "Authorization", "Bearer good")
		switch w.Code {
		case 200:
			ok++
		case 429:
			limited++
			if w.Header().Get("Retry-After") != "1" {
				t.Fatalf("Retry-After = %q", w.Header().Get("Retry-After"))
			}
		}
	}
	if ok != 1200 || limited != 100 {
		t.Errorf("%d passed, %d were limited", ok, limited)
	}
	now = now.Add(time.Second)
	if w := call(h, "PUT", "/api/v1/fruits/1", `{"name":"pear"}`, "Authorization", "Bearer good"); w.Code != 200 {
		t.Errorf("after a second: %d", w.Code)
	}
}

func TestTheDescriptionAndItsPageListEveryOperation(t *testing.T) {
	t.Parallel()
	api := newAPI(web.Config{Version: "1.2.3"})
	web.Register(api, put, echo)
	web.Handle(api, web.Op{Method: "POST", Path: "/fruits/{id}/picture", Tag: "Fruits", Summary: "Bring a picture", Permission: "fruits:write",
		Request: &web.Content{Type: "image/png", Text: "The picture"}, Response: &web.Content{Type: "application/json", Text: "Taken", Of: fruit{}}, Status: 202},
		func(http.ResponseWriter, *http.Request) error { return nil })
	w := call(api.Handler(), "GET", "/api/v1/openapi.json", "")
	var spec struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			Responses  map[string]any
			Permission string `json:"x-permission"`
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &spec); err != nil {
		t.Fatal(err)
	}
	if spec.OpenAPI != "3.1.0" || spec.Paths["/fruits/{id}"]["put"].Responses["403"] == nil || spec.Paths["/fruits/{id}/picture"]["post"].Permission != "fruits:write" {
		t.Errorf("%s", w.Body)
	}
	page := call(api.Handler(), "GET", "/api/docs", "")
	for _, want := range []string{"/api/v1/fruits/{id}/picture", "Bring a picture", "image/png", "1.2.3"} {
		if !strings.Contains(page.Body.String(), want) {
			t.Errorf("the page does not show %q", want)
		}
	}
	if strings.Contains(page.Body.String(), "<script") {
		t.Error("the page loads a script")
	}
	if got := api.Routes(); len(got) != 2 || got[0].Permission != "fruits:write" {
		t.Errorf("%+v", got)
	}
}
