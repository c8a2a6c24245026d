package app

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"net"
	"strings"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/channel/email/notice"
	"github.com/deskbell/deskbell/internal/demo"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// DemoShop is how a newcomer gets into the demo.
type DemoShop struct {
	demo.Summary
	Password string // of everybody, made at this start
	outbox   net.Listener
}

// FillDemo writes the shop and opens the outbox that its mail goes to. Call it
// once, on fresh data, before Run.
func (a *App) FillDemo(ctx context.Context, conversations int) (shop DemoShop, err error) {
	defer errs.Wrap(&err, "fill the demo")
	if shop.outbox, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return shop, err
	}
	a.outbox = shop.outbox
	shop.Password = strings.ToLower(rand.Text()[:12])
	shop.Summary, err = demo.Fill(access.With(ctx, access.System), a.demoDeps(shop), demo.Options{Conversations: conversations, Seed: 1, Now: a.Now()})
	if err != nil {
		return shop, err
	}
	return shop, a.furnishDemo(ctx, shop.Agents[shop.Owner.Email])
}

func (a *App) demoDeps(shop DemoShop) demo.Deps {
	outbox := shop.outbox.Addr().(*net.TCPAddr)
	return demo.Deps{
		Conversations: a.Conversations,
		CreateTeam: func(ctx context.Context, name string) (int64, error) {
			t, err := a.Team.CreateTeam(ctx, name, nil, nil)
			return t.ID, err
		},
		CreateAgent: func(ctx context.Context, p demo.Agent) (int64, error) {
			return a.Access.CreateAgent(ctx, access.NewAgent{Name: p.Name, Email: p.Email, Password: shop.Password, Role: p.Role, Locale: p.Locale, Teams: p.Teams})
		},
		CreateInbox: func(ctx context.Context, i inbox.Inbox) (int64, error) {
			i.Channel = inbox.Email
			i.SMTP = inbox.Server{Host: "127.0.0.1", Port: outbox.Port, TLS: inbox.TLSNone}
			made, err := a.Inboxes.Create(ctx, 0, i, inbox.Passwords{})
			if err != nil {
				return 0, err
			}
			// What the installation itself sends is shown in the outbox, too.
			if _, err := a.Notices.Save(ctx, notice.Settings{Inbox: int64(made.ID)}, nil); err != nil {
				return 0, err
			}
			return int64(made.ID), nil
		},
		Blob: a.demoBlob,
	}
}

func (a *App) demoBlob(ctx context.Context, _, _ string, data []byte) (string, error) {
	w, err := a.Blobs.Create(ctx)
	if err != nil {
		return "", err
	}
	defer w.Abort()
	if _, err := io.Copy(w, bytes.NewReader(data)); err != nil {
		return "", err
	}
	return w.Key(), w.Commit()
}
