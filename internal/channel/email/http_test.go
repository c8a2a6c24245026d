package email

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// serve is the router with an actor for each value of Authorization.
func (k *desk) serve(t *testing.T, outbox *Outbox) http.Handler {
	t.Helper()
	all := map[access.Permission]bool{access.InboxesManage: true, access.MailIngest: true, access.ConversationsRead: true}
	actors := map[string]*access.Actor{
		"admin":  {Name: "admin", Permissions: all, Scope: access.Scope{Everything: true}},
		"script": {Name: "script", Permissions: map[access.Permission]bool{access.MailIngest: true}, Scope: access.Scope{Inboxes: map[int64]access.Level{1: access.Any}}},
		"agent":  {Name: "agent", Scope: access.Scope{Inboxes: map[int64]access.Level{1: access.Own}}},
		"fenced": {Name: "fenced", Permissions: map[access.Permission]bool{access.MailIngest: true, access.ConversationsRead: true}, Scope: access.Scope{Inboxes: map[int64]access.Level{2: access.Any}}},
	}
	api := web.New(web.Config{DB: k.db, Now: k.clock.Now,
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
	Register(api, &API{DB: k.db, Receiver: k.receiver, Inboxes: k.inboxes, Dialer: &Dialer{}, Outbox: outbox, Messages: k.talks, Now: k.clock.Now})
	return api.Handler()
}

func call(t *testing.T, h http.Handler, who, method, path string, body io.Reader) (int, map[string]any) {
	t.Helper()
	r := httptest.NewRequest(method, "/api/v1"+path, body)
	r.Header.Set("Authorization", who)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var out map[string]any
	if w.Body.Len() > 0 && strings.Contains(w.Header().Get("Content-Type"), "json") {
		if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
			t.Fatalf("%s %s: %s", method, path, w.Body)
		}
	}
	return w.Code, out
}

func TestARawMailIsRefusedBeforeItIsReadWhileTheDiskIsFull(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		h, low, unread := k.serve(t, nil), k.fillDisk(), strings.NewReader(numbered(1))
		if code, out := call(t, h, "script", "POST", "/inboxes/1/mail", unread); code != 503 || unread.Len() != len(numbered(1)) {
			t.Fatalf("%d %v, %d bytes are unread", code, out, unread.Len())
		}
		low.Store(false)
		if code, out := call(t, h, "script", "POST", "/inboxes/1/mail", unread); code != 202 {
			t.Fatalf("%d %v", code, out)
		}
	})
}

func TestARawMailIsKeptBeforeItIsAnswered(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		h := k.serve(t, nil)
		var ids []any
		for range 2 {
			code, out := call(t, h, "script", "POST", "/inboxes/1/mail", strings.NewReader(numbered(1)))
			if code != 202 {
				t.Fatalf("%d %v", code, out)
			}
			ids = append(ids, out["ledger_id"])
		}
		if ids[0] != ids[1] {
			t.Errorf("the same bytes have the ledger ids %v", ids)
		}
		code, out := call(t, h, "script", "POST", "/inboxes/1/mail", strings.NewReader("Received: by another way\r\n"+numbered(1)))
		if code != 202 || out["ledger_id"] == ids[0] {
			t.Errorf("other bytes: %d %v", code, out)
		}
		k.ingest(t)
		row := k.ledgerState(t, int64(out["ledger_id"].(float64)))
		first := k.ledgerState(t, int64(ids[0].(float64)))
		if row.State != "dropped" || row.Reason != "repeat" || row.Message != first.Message || row.Message == 0 {
			t.Errorf("the same mail in other bytes is %+v", row)
		}
	})
}

func TestWhoMayUseTheMailOperations(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.SQLite(t))
	h := k.serve(t, nil)
	for _, c := range []struct {
		method, path, body                     string
		stranger, fenced, agent, script, admin int
	}{
		{"POST", "/inboxes/1/mail", numbered(1), 401, 404, 403, 202, 202},
		{"POST", "/inboxes/99/mail", numbered(1), 401, 404, 403, 404, 404},
		{"POST", "/inboxes/x/mail", numbered(1), 401, 404, 403, 404, 404},
		{"POST", "/inboxes/1/mail", "", 401, 404, 403, 422, 422},
		{"GET", "/inboxes/1/health", "", 401, 404, 200, 200, 200},
		{"POST", "/inboxes/1/test", "", 401, 403, 403, 403, 422},
		{"POST", "/inboxes/test", `{"address":"a@shop.test","smtp":{"host":"127.0.0.1","port":1,"tls":"none"}}`, 401, 403, 403, 403, 200},
		{"GET", "/outbox", "", 404, 404, 404, 404, 404},
	} {
		for who, want := range map[string]int{"": c.stranger, "fenced": c.fenced, "agent": c.agent, "script": c.script, "admin": c.admin} {
			if got, out := call(t, h, who, c.method, c.path, strings.NewReader(c.body)); got != want {
				t.Errorf("%q %s %s: %d, want %d: %v", who, c.method, c.path, got, want, out)
			}
		}
	}
}

func TestATooLargeMailIsRefusedWhileItIsRead(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.SQLite(t))
	h := k.serve(t, nil)
	code, out := call(t, h, "script", "POST", "/inboxes/1/mail", io.LimitReader(&endless{}, MaxMail+1))
	if code != 413 {
		t.Errorf("%d %v", code, out)
	}
}

// servers gives the inbox both servers.
func (k *desk) servers(t *testing.T, p *provider, m *mailServer) {
	t.Helper()
	k.sendThrough(t, p, "")
	k.fetchFrom(t, m, nil)
}

func TestTheConnectionTestSaysInWordsWhatWorks(t *testing.T) {
	t.Parallel()
	k, p, m := newDesk(t, dbtest.SQLite(t)), newProvider(t), newMailServer(t)
	k.servers(t, p, m)
	h := k.serve(t, nil)
	code, out := call(t, h, "admin", "POST", "/inboxes/1/test", nil)
	var names []string
	for _, s := range out["steps"].([]any) {
		step := s.(map[string]any)
		names = append(names, fmt.Sprint(step["name"], " ", step["level"]))
		if step["sentence"] == "" || step["code"] == "" {
			t.Errorf("step without words: %v", step)
		}
	}
	want := "imap_connect ok,imap_sign_in ok,imap_folder ok,imap_idle ok,smtp_connect ok,smtp_sign_in ok,smtp_send ok"
	if code != 200 || out["ok"] != true || strings.Join(names, ",") != want {
		t.Errorf("%d %v %s", code, out["ok"], names)
	}
	password := "wrong"
	if _, err := k.inboxes.Update(t.Context(), 0, 1, 0, inbox.Passwords{IMAP: &password}, func(*inbox.Inbox) error { return nil }); err != nil {
		t.Fatal(err)
	}
	p.set(func() { p.onMail = func(string) error { return reply(553) } })
	_, out = call(t, h, "admin", "POST", "/inboxes/1/test", nil)
	text := fmt.Sprint(out["steps"])
	if out["ok"] != false || !strings.Contains(text, "did not accept user name and password") || strings.Contains(text, "said by a test") {
		t.Errorf("%s", text)
	}
}

func TestTheConnectionTestIsLimited(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.SQLite(t))
	h := k.serve(t, nil)
	body := `{"address":"a@shop.test","smtp":{"host":"127.0.0.1","port":1,"tls":"none"}}`
	for range 10 {
		if code, out := call(t, h, "admin", "POST", "/inboxes/test", strings.NewReader(body)); code != 200 || out["ok"] != false {
			t.Fatalf("%d %v", code, out)
		}
	}
	if code, _ := call(t, h, "admin", "POST", "/inboxes/test", strings.NewReader(body)); code != 429 {
		t.Errorf("the eleventh test of a minute: %d", code)
	}
}

func TestATestMailThatComesBackTurnsReplyTokensOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, p, m := newDesk(t, d), newProvider(t), newMailServer(t)
		k.servers(t, p, m)
		k.ingester.Inboxes = k.inboxes
		if code, out := call(t, k.serve(t, nil), "admin", "POST", "/inboxes/1/test", nil); code != 200 {
			t.Fatalf("%d %v", code, out)
		}
		sent := p.taken()
		if len(sent) != 1 || sent[0].to[0] != "support+deskbell-test@shop.test" {
			t.Fatalf("sent %+v", sent)
		}
		id := k.keep(t, sent[0].raw)
		k.ingest(t)
		i, err := k.inboxes.Get(t.Context(), k.inbox.ID)
		if err != nil || !i.ReplyToken || len(k.talks.received) != 0 {
			t.Errorf("inbox is %+v, messages %v, %v", i, k.talks.subjects(), err)
		}
		if row := k.ledgerState(t, id); row.State != "dropped" || row.Reason != "own test mail" {
			t.Errorf("ledger row is %+v", row)
		}
	})
}

func TestHealthTellsSilenceAndErrors(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, m := newDesk(t, d), newMailServer(t)
		h := k.serve(t, nil)
		state := func() map[string]any {
			_, out := call(t, h, "agent", "GET", "/inboxes/1/health", nil)
			return out
		}
		if out := state(); out["state"] != "idle" {
			t.Errorf("without a server: %v", out)
		}
		w := k.watcher(t, k.fetchFrom(t, m, nil), "INBOX")
		k.look(t, w)
		w.succeeded(t.Context())
		if out := state(); out["state"] != "receiving" || out["last_success_at"] == nil {
			t.Errorf("after a look: %v", out)
		}
		k.clock.Add(time.Hour)
		if out := state(); out["state"] != "error" || out["last_error"] == "" {
			t.Errorf("after an hour of silence: %v", out)
		}
		w.failed(t.Context(), w.runOnce(canceled(t)))
		if out := state(); out["state"] != "error" {
			t.Errorf("after an error: %v", out)
		}
		if err := k.inboxes.Archive(t.Context(), 0, k.inbox.ID); err != nil {
			t.Fatal(err)
		}
		if out := state(); out["state"] != "off" {
			t.Errorf("archived: %v", out)
		}
	})
}

func canceled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

func TestTheOutboxShowsWhatCustomersWouldReceive(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.SQLite(t))
	box := &Outbox{Now: k.clock.Now}
	on, err := net.Listen("tcp", ownAddress())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- box.Serve(ctx, on) }()
	c, err := smtp.Dial(on.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if err := c.SendMail("support@shop.test", []string{"anna@example.test"}, strings.NewReader(numbered(7))); err != nil {
		t.Fatal(err)
	}
	c.Close()
	h := k.serve(t, box)
	code, out := call(t, h, "agent", "GET", "/outbox", nil)
	items, _ := out["items"].([]any)
	if code != 200 || len(items) != 1 || items[0].(map[string]any)["subject"] != "mail 7" {
		t.Errorf("%d %v", code, out)
	}
	if code, _ := call(t, h, "agent", "GET", "/outbox/1/raw", nil); code != 200 {
		t.Errorf("raw: %d", code)
	}
	if code, _ := call(t, h, "agent", "GET", "/outbox/9", nil); code != 404 {
		t.Errorf("unknown: %d", code)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestARawMessageIsADownloadForThoseWhoSeeIt(t *testing.T) {
	t.Parallel()
	k, p := newDesk(t, dbtest.SQLite(t)), newProvider(t)
	h := k.serve(t, nil)
	k.keep(t, numbered(1))
	k.ingest(t)
	s := k.sendThrough(t, p, "")
	k.queueMessage(t, 50, "carl@example.test")
	k.deliver(t, s)
	get := func(who string, id int) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", fmt.Sprintf("/api/v1/messages/%d/raw", id), nil)
		r.Header.Set("Authorization", who)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	if w := get("admin", 1); w.Code != 200 || w.Body.String() != numbered(1) || w.Header().Get("Content-Security-Policy") != "sandbox; default-src 'none'" ||
		!strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if w := get("admin", 50); w.Code != 200 || w.Body.String() != p.taken()[0].raw {
		t.Errorf("sent: %d %s", w.Code, w.Body)
	}
	for who, want := range map[string]int{"": 401, "agent": 403, "fenced": 404} {
		if w := get(who, 1); w.Code != want {
			t.Errorf("%q: %d, want %d", who, w.Code, want)
		}
	}
	if w := get("admin", 99); w.Code != 404 {
		t.Errorf("unknown: %d", w.Code)
	}
}
