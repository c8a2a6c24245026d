package app

import (
	"context"
	"log/slog"
	"net"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/mail/auth/authtest"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

// world is a DNS that also knows mail exchangers.
type world struct {
	authtest.Zone
	mx map[string]string
}

func (w *world) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	if host := w.mx[name]; host != "" {
		return []*net.MX{{Host: host + "."}}, nil
	}
	return w.Zone.LookupMX(ctx, name)
}

func patient(t *testing.T, publicURL string) (*App, *world) {
	t.Helper()
	ctx := access.With(context.Background(), access.System)
	a, err := New(ctx, Config{Data: t.TempDir(), Addr: "127.0.0.1:0", PublicURL: publicURL, Version: "test", NoSync: true}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	w := &world{mx: map[string]string{}}
	a.resolver, a.Email.Signing.Resolver = w, w
	for _, address := range []string{"help@shop.not-reserved", "orders@shop.not-reserved", "help@shop.example"} {
		if _, err := a.Inboxes.Create(ctx, 0, inbox.Inbox{Name: address, Channel: "email", Address: address, DefaultAccess: access.Any}, inbox.Passwords{}); err != nil {
			t.Fatal(err)
		}
	}
	return a, w
}

// said is what the doctor says about the DNS; wrong things begin with "WRONG".
func said(a *App) string {
	var lines []string
	for _, f := range a.lookAtDNS(context.Background()) {
		if mark := "ok"; f.OK {
			lines = append(lines, mark+" "+f.Sentence)
		} else {
			lines = append(lines, "WRONG "+f.Sentence+" / "+f.Mend)
		}
	}
	return strings.Join(lines, "\n")
}

func TestTheDoctorSaysWhatTheDNSLacks(t *testing.T) {
	t.Parallel()
	a, w := patient(t, "https://desk.shop.not-reserved")
	expect := func(words ...string) {
		t.Helper()
		got := said(a)
		for _, word := range words {
			if !strings.Contains(got, word) {
				t.Errorf("%q is missing in\n%s", word, got)
			}
		}
		if strings.Contains(got, "shop.example") || strings.Count(got, "MX)") != 1 {
			t.Errorf("a reserved domain is asked for, or one twice:\n%s", got)
		}
	}
	expect("WRONG The name desk.shop.not-reserved of --public-url is not in the DNS. / Add an A", "WRONG No mail server is named for shop.not-reserved (MX)",
		"WRONG shop.not-reserved has no SPF record", "WRONG shop.not-reserved has no DMARC record", "to add this TXT record")
	w.Host("desk.shop.not-reserved", "192.0.2.1")
	w.mx["shop.not-reserved"] = "mx.provider.not-reserved"
	w.TXT("shop.not-reserved", "v=spf1 -all", "v=spf1 ~all", "another record")
	w.TXT("_dmarc.shop.not-reserved", "v=DMARC1; p=none")
	expect("ok The name desk.shop.not-reserved", "ok Mail for shop.not-reserved goes to mx.provider.not-reserved (MX).",
		"WRONG shop.not-reserved has 2 SPF records", "ok shop.not-reserved has its DMARC record")
	w.TXT("shop.not-reserved", "v=spf1 ~all")
	expect("ok shop.not-reserved has its SPF record")
	w.Down(true)
	w.mx = nil
	if got := said(a); strings.Count(got, "WRONG The DNS did not answer") != 2 {
		t.Errorf("without an answer:\n%s", got)
	}
}

func TestTheDoctorReadsTheWholeDatabase(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a := &App{DB: d}
		ctx := context.Background()
		if f := a.lookAtSchema(ctx); len(f) != 1 || !f[0].OK || !strings.Contains(f[0].Sentence, "the newest") {
			t.Errorf("%+v", f)
		}
		if d.Dialect == db.Postgres {
			if f := a.lookAtDatabase(ctx); len(f) != 1 || !strings.Contains(f[0].Sentence, "PostgreSQL") {
				t.Errorf("%+v", f)
			}
			return
		}
		if f := a.lookAtDatabase(ctx); !f[0].OK {
			t.Errorf("%+v", f)
		}
		for _, text := range []string{"PRAGMA foreign_keys = 0", "INSERT INTO team_member (team_id, agent_id) VALUES (77, 78)"} {
			if _, err := d.Handle().Exec(text); err != nil {
				t.Fatal(err)
			}
		}
		if f := a.lookAtDatabase(ctx); f[0].OK || f[0].Mend == "" || !strings.Contains(f[0].Sentence, "a row of team_member refers to a row of") {
			t.Errorf("%+v", f)
		}
	})
}
