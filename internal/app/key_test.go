package app_test

import (
	"context"
	"database/sql"
	"log/slog"
	"net/url"
	"testing"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/app"
	"github.com/deskbell/deskbell/internal/channel/email/consent"
	"github.com/deskbell/deskbell/internal/channel/email/notice"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
)

func TestRotatingTheKeyReachesEverySealedColumn(t *testing.T) {
	t.Parallel()
	ctx := access.With(context.Background(), access.System)
	a := newApp(t)
	in, err := a.Inboxes.Create(ctx, 0, inbox.Inbox{Name: "Shop", Channel: "email", Address: "shop@shop.example", DefaultAccess: access.Any},
		inbox.Passwords{IMAP: new("reads"), SMTP: new("sends")})
	if err != nil {
		t.Fatal(err)
	}
	consented(ctx, t, a)
	sealOthers(ctx, t, a)
	beside, err := app.Open(ctx, a.Config, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer beside.Close()
	out, err := beside.RotateKey(ctx, false)
	if err != nil || out.Resealed != 11 || len(out.Lost) != 0 {
		t.Fatalf("%+v, %v", out, err)
	}
	c, err := a.Inboxes.Connection(ctx, in.ID)
	if err != nil || c.IMAPPassword != "reads" || c.SMTPPassword != "sends" {
		t.Errorf("the server that runs reads %q and %q, %v", c.IMAPPassword, c.SMTPPassword, err)
	}
	if tested, err := a.Translation.Test(ctx, "http://127.0.0.1:1", nil); err != nil || tested.Trouble.Format == "" {
		t.Errorf("the server that runs reads the key of the translation server: %+v, %v", tested, err)
	}
	if token, err := a.Consents.Token(ctx, 2, ""); err != nil || token != "token" {
		t.Errorf("the server that runs has the token %q, %v", token, err)
	}
	var columns int
	err = db.Each(ctx, a.DB, `SELECT m.name || '.' || c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND (c.name LIKE '%secret%' OR c.name LIKE '%sealed%')`, nil, func(rows *sql.Rows) error {
		columns++
		return nil
	})
	if inSettings := 1; err != nil || columns+inSettings != out.Resealed {
		t.Errorf("the schema has %d sealed columns beside a setting and the rotation went through %d, %v", columns, out.Resealed, err)
	}
}

// consented gives a second inbox a consent, and begins to ask for another.
func consented(ctx context.Context, t *testing.T, a *app.App) {
	t.Helper()
	i := inbox.Inbox{Name: "Two", Channel: "email", Address: "two@shop.example", DefaultAccess: access.Any}
	i.IMAP.Server = inbox.Server{Host: "imap.gmail.com", Port: 993, Username: "two@shop.example", TLS: inbox.TLSDirect, Auth: inbox.MailboxConsent}
	in, err := a.Inboxes.Create(ctx, 0, i, inbox.Passwords{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Consents.SetProvider(ctx, consent.Provider{Key: consent.Google, ClientID: "shop"}, new("client")); err != nil {
		t.Fatal(err)
	}
	a.Consents.Exchange = func(context.Context, string, url.Values) (consent.Answer, error) {
		return consent.Answer{AccessToken: "token", RefreshToken: "again", ExpiresIn: 3600}, nil
	}
	for n := range 2 {
		address, err := a.Consents.Begin(ctx, 1, in.ID, "")
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			return
		}
		if _, err := a.Consents.Finish(ctx, 1, u.Query().Get("state"), "code", ""); err != nil {
			t.Fatal(err)
		}
		if rows, err := audit.List(ctx, a.DB, audit.Filter{}, 1); err != nil || len(rows) != 1 || rows[0].Action != "inbox.consented" {
			t.Fatalf("the audit log says %+v, %v", rows, err)
		}
	}
}

// sealOthers fills the sealed columns beside those of inboxes.
func sealOthers(ctx context.Context, t *testing.T, a *app.App) {
	t.Helper()
	_, err := a.Notices.Save(ctx, notice.Settings{Address: "desk@shop.example", SMTP: inbox.Server{Host: "127.0.0.1", Port: 1}}, new("posts"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Translation.Save(ctx, true, "http://127.0.0.1:1", new("translates")); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Notifications.PushKey(ctx); err != nil {
		t.Fatal(err)
	}
	agent, err := a.Access.CreateAgent(ctx, access.NewAgent{Name: "Olga", Email: "olga@shop.example", Password: "correct horse", Role: "owner"})
	if err != nil {
		t.Fatal(err)
	}
	who := &access.Actor{AgentID: agent, Email: "olga@shop.example"}
	if _, err := a.Access.BeginSecondStep(ctx, who, "correct horse", access.Client{}); err != nil {
		t.Fatal(err)
	}
	role, err := a.Team.RoleByKeyTx(ctx, a.DB, "agent")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Access.Invite(ctx, access.System, access.Invitation{Email: "ann@shop.example", Role: role.ID}, nil); err != nil {
		t.Fatal(err)
	}
}
