package inbox_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// serve is the router with the actors named by the Authorization header.
func serve(t *testing.T, s *inbox.Service, actors map[string]*access.Actor) http.Handler {
	t.Helper()
	api := web.New(web.Config{
		DB: s.DB, Now: now,
		Authenticate: func(r *http.Request) (context.Context, web.Who, error) {
			a := actors[r.Header.Get("Authorization")]
			if a == nil {
				return r.Context(), web.Who{}, nil
			}
			return access.With(r.Context(), a), web.Who{ID: a.Name, Key: true}, nil
		},
		Need: func(ctx context.Context, p string) error {
			if p == "" {
				return nil
			}
			return access.From(ctx).Need(access.Permission(p))
		},
	})
	inbox.Register(api, s)
	return api.Handler()
}

func call(t *testing.T, h http.Handler, who, method, path, body string) (int, map[string]any) {
	t.Helper()
	r := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body))
	r.Header.Set("Authorization", who)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var out map[string]any
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			t.Fatalf("%s %s: %s", method, path, w.Body)
		}
	}
	return w.Code, out
}

func actors(inboxID inbox.ID) map[string]*access.Actor {
	manage := map[access.Permission]bool{access.InboxesManage: true}
	return map[string]*access.Actor{
		"admin":  {Name: "admin", AgentID: 0, Permissions: manage, Scope: access.Scope{Everything: true}},
		"agent":  {Name: "agent", AgentID: 2, Scope: access.Scope{Inboxes: map[int64]access.Level{int64(inboxID): access.Own}}},
		"fenced": {Name: "fenced", AgentID: 3, Scope: access.Scope{Inboxes: map[int64]access.Level{int64(inboxID) + 1: access.Any}}},
	}
}

func TestWhoMayDoWhatWithInboxes(t *testing.T) {
	t.Parallel()
	s := newService(t, dbtest.SQLite(t))
	made := create(t, s, shop())
	h := serve(t, s, actors(made.ID))
	one := fmt.Sprintf("/inboxes/%d", made.ID)
	for _, c := range []struct {
		method, path, body             string
		stranger, fenced, agent, admin int
	}{
		{"GET", "/inboxes", "", 401, 200, 200, 200},
		{"GET", one, "", 401, 404, 200, 200},
		{"GET", "/inboxes/999", "", 401, 404, 404, 404},
		{"POST", "/inboxes", `{"name":"Two","address":"two@shop.test"}`, 401, 403, 403, 201},
		{"PATCH", one, `{"name":"Support"}`, 401, 403, 403, 200},
		{"DELETE", one, "", 401, 403, 403, 204},
	} {
		for who, want := range map[string]int{"": c.stranger, "fenced": c.fenced, "agent": c.agent} {
			if got, out := call(t, h, who, c.method, c.path, c.body); got != want {
				t.Errorf("%q %s %s: %d, want %d: %v", who, c.method, c.path, got, want, out)
			}
		}
		if got, out := call(t, h, "admin", c.method, c.path, c.body); got != c.admin {
			t.Errorf("admin %s %s: %d, want %d: %v", c.method, c.path, got, c.admin, out)
		}
	}
}

func TestNoAnswerHoldsAPassword(t *testing.T) {
	t.Parallel()
	s := newService(t, dbtest.SQLite(t))
	h := serve(t, s, actors(1))
	code, out := call(t, h, "admin", "POST", "/inboxes", `{"name":"Shop","channel":"email","address":"support@shop.test","from_name":"Shop",
		"imap":{"host":"127.0.0.1","port":1143,"username":"support","password":"s3cret-in","tls":"none","folder":"INBOX"},
		"smtp":{"host":"127.0.0.1","port":1025,"username":"","password":"s3cret-out","tls":"none"}}`)
	if code != 201 {
		t.Fatalf("%d %v", code, out)
	}
	for _, who := range []string{"admin", "agent"} {
		for _, path := range []string{"/inboxes", "/inboxes/1"} {
			code, out := call(t, h, who, "GET", path, "")
			text := fmt.Sprint(out)
			if code != 200 || strings.Contains(text, "s3cret") {
				t.Errorf("%s %s: %d %s", who, path, code, text)
			}
			if who == "agent" && strings.Contains(text, "127.0.0.1") {
				t.Errorf("an agent sees the mail server: %s", text)
			}
			if who == "admin" && !strings.Contains(text, "password_set:true") {
				t.Errorf("an admin does not see that a password is set: %s", text)
			}
		}
	}
}

func TestAPartialChangeLeavesTheRest(t *testing.T) {
	t.Parallel()
	s := newService(t, dbtest.SQLite(t))
	h := serve(t, s, actors(1))
	create(t, s, shop())
	code, out := call(t, h, "admin", "PATCH", "/inboxes/1", `{"signature":"Your shop","imap":{"history_days":30},"version":2}`)
	if code != 200 || out["signature"] != "Your shop" || out["name"] != "Support" {
		t.Fatalf("%d %v", code, out)
	}
	imap := out["imap"].(map[string]any)
	if imap["history_days"] != 30.0 || imap["host"] != "mail.shop.test" || imap["password_set"] != true {
		t.Errorf("imap is %v", imap)
	}
	code, out = call(t, h, "admin", "PATCH", "/inboxes/1", `{"name":"x","version":2}`)
	if code != 409 || out["type"] != web.StaleVersion {
		t.Errorf("%d %v", code, out)
	}
	code, out = call(t, h, "admin", "PATCH", "/inboxes/1", `{"smtp":{"host":""}}`)
	if code != 200 || out["smtp"] != nil {
		t.Errorf("%d %v", code, out)
	}
}
