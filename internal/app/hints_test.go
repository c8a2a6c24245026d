package app_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/app"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/testbed"
)

func TestAnAddressOfNATSThatCannotBeOneIsRefusedWithoutRepeatingIt(t *testing.T) {
	t.Parallel()
	for _, c := range []app.Config{
		{NATSURL: "http://desk:hunter2@nats.example"},
		{NATSURL: "nats://desk:hunter2@[bad"},
		{NATSURL: "nats://desk:hunter2@one:4222,two:4222"},
		{NATSURL: "desk:hunter2@nats.example:4222"},
		{NATSURL: "nats://one:4222", NATSCreds: filepath.Join(t.TempDir(), "none.creds")},
		{NATSCreds: "some.creds"},
	} {
		c.Data = t.TempDir()
		_, err := app.New(context.Background(), c, slog.New(slog.DiscardHandler))
		if !errs.Is(err, errs.Invalid) || strings.Contains(err.Error(), "hunter2") || !strings.Contains(errs.Sentence(err), "--nats-") {
			t.Errorf("%v", err)
		}
	}
}

// TestANodeIsReadyAndSaysSoWhenNATSIsAway starts a node whose NATS never answers.
func TestANodeIsReadyAndSaysSoWhenNATSIsAway(t *testing.T) {
	t.Parallel()
	server := testbed.StartNATS(t, testbed.NATSOptions{})
	server.Stop()
	a, err := app.New(context.Background(), app.Config{Data: t.TempDir(), Addr: "127.0.0.1:0", DatabaseURL: dbtest.PostgresURL(t), NATSURL: server.URL}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	running(t, a)
	ask := func() (status int, body map[string]string) {
		w := httptest.NewRecorder()
		a.API.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
		if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
			t.Fatal(err)
		}
		return w.Code, body
	}
	if status, body := ask(); status != http.StatusOK || !strings.HasPrefix(body["hints"], "NATS ") {
		t.Errorf("%d %v", status, body)
	}
	found := ""
	for _, f := range a.Doctor(context.Background()) {
		if !f.OK {
			found += f.Sentence
		}
	}
	if !strings.Contains(found, "NATS does not answer") {
		t.Errorf("the doctor says %q", found)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
	r.RemoteAddr = "127.0.0.1:1"
	a.API.Handler().ServeHTTP(w, r)
	if !strings.Contains(w.Body.String(), `deskbell_hints_up{via="nats"} 0`) {
		t.Errorf("no figure: %.300s", w.Body.String())
	}
}
