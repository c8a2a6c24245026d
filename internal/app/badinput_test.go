package app_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/app"
	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// forged are headers by which somebody claims to be elsewhere.
var forged = map[string]map[string]string{
	"Host":              {"Host": "evil.example"},
	"X-Forwarded-Host":  {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-Port": "443"},
	"X-Forwarded-For":   {"X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9", "True-Client-IP": "203.0.113.9"},
	"Forwarded":         {"Forwarded": "for=203.0.113.9;host=evil.example;proto=https"},
	"X-Original-URL":    {"X-Original-URL": "/api/v1/session/state", "X-Rewrite-URL": "/api/v1/session/state"},
	"method in a field": {"X-HTTP-Method-Override": "GET", "X-Method-Override": "GET"},
}

func TestForgedHeadersChangeNeitherLinksNorAddressesNorRights(t *testing.T) {
	t.Parallel()
	s := newAdminDesk(t)
	count := 0
	for name, headers := range forged {
		for caller, want := range map[who]int{admin: http.StatusCreated, stranger: http.StatusUnauthorized} {
			count++
			w := s.with(caller, headers, "POST", "/invitations", fmt.Sprintf(`{"email":"i%d@shop.example","role_id":4}`, count))
			if w.Code != want {
				t.Errorf("%s as %s: %d %s", name, caller, w.Code, w.Body)
			}
			if body := w.Body.String(); caller == admin && !strings.Contains(body, `"http://desk.example/invitation?token=`) || strings.Contains(body, "evil") {
				t.Errorf("%s: %s", name, body)
			}
		}
		rows, err := audit.List(context.Background(), s.app.DB, audit.Filter{}, 1)
		if err != nil || len(rows) != 1 || rows[0].Address != "192.0.2.77" {
			t.Errorf("%s: the audit log has %+v, %v", name, rows, err)
		}
		w := s.with(stranger, headers, "POST", "/session", `{"email":"olga@shop.example","password":"correct horse"}`)
		cookie := w.Header().Get("Set-Cookie")
		if w.Code != http.StatusOK || !strings.HasPrefix(cookie, "deskbell=") || strings.Contains(cookie, "Domain") || strings.Contains(cookie, "Secure") {
			t.Errorf("%s: %d, cookie %q", name, w.Code, cookie)
		}
	}
}

func TestAWriteWithAForgedOriginIsRefused(t *testing.T) {
	t.Parallel()
	s := newAdminDesk(t)
	for name, headers := range map[string]map[string]string{
		"another site":                {"Origin": "https://evil.example"},
		"another site, older browser": {"Origin": "http://evil.example", "Sec-Fetch-Site": ""},
		"our name in theirs":          {"Origin": "http://desk.example.evil.example"},
		"another port":                {"Origin": "http://desk.example:8081"},
		"nobody":                      {"Origin": "null"},
		"the browser says another":    {"Sec-Fetch-Site": "cross-site"},
		"a host below ours":           {"Sec-Fetch-Site": "same-site", "Origin": "http://blog.desk.example"},
	} {
		if w := s.with(admin, headers, "POST", "/tags", `{"name":"x"}`); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "another website") {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	if w := s.with(admin, map[string]string{"Origin": "http://desk.example", "Sec-Fetch-Site": "same-origin"}, "POST", "/tags", `{"name":"x"}`); w.Code != http.StatusCreated {
		t.Errorf("our own page: %d %s", w.Code, w.Body)
	}
}

// with is call with more headers, always from one address.
func (s *sight) with(caller who, headers map[string]string, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://desk.example/api/v1"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.RemoteAddr = "192.0.2.77:1000"
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	if host := headers["Host"]; host != "" {
		r.Host = host
	}
	if session := s.cookies[caller]; session != "" {
		r.AddCookie(&http.Cookie{Name: "deskbell", Value: session})
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// TestABackupOfAnotherInstallationIsToldApart: its data comes back whole, but the
// key that is there does not open it, so that nothing starts on it.
func TestABackupOfAnotherInstallationIsToldApart(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	ours, theirs := newApp(t), newApp(t)
	file := filepath.Join(t.TempDir(), "theirs.backup")
	if _, err := app.Backup(ctx, theirs.Config, app.BackupOptions{File: file}); err != nil {
		t.Fatal(err)
	}
	if _, err := app.Restore(ctx, ours.Config, file); !errs.Is(err, errs.Conflict) || !strings.Contains(errs.Sentence(err), "holds a database already") && !strings.Contains(errs.Sentence(err), "uses the folder") {
		t.Errorf("over our own data: %v", err)
	}
	dir := filepath.Join(t.TempDir(), "fresh")
	r, err := app.Restore(ctx, app.Config{Data: dir, KeyFile: ours.KeyFile}, file)
	if err != nil || r.KeyFits || r.KeyFingerprint != theirs.Keys.Fingerprint() {
		t.Fatalf("%+v, %v", r, err)
	}
	start := func(keyFile string) error {
		a, err := app.New(ctx, app.Config{Data: dir, KeyFile: keyFile, Addr: "127.0.0.1:0", NoSync: true}, slog.New(slog.NewTextHandler(io.Discard, nil)))
		if err == nil {
			a.Close()
		}
		return err
	}
	if err := start(ours.KeyFile); err == nil || !strings.Contains(errs.Sentence(err), "not the secret key that the database was made with") {
		t.Errorf("started with our key: %v", err)
	}
	if err := start(theirs.KeyFile); err != nil {
		t.Errorf("with theirs: %v", err)
	}
}
