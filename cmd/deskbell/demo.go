package main

import (
	"context"
	"fmt"
	"net"
	"os"

	"github.com/deskbell/deskbell/internal/app"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

type demoCmd struct {
	serveFlags
	Conversations int `help:"How many conversations the shop has." default:"2200"`
}

// Run serves a fresh shop from a folder that is gone afterwards.
func (c demoCmd) Run(ctx context.Context, s streams) error {
	log, err := c.logger(s)
	if err != nil {
		return err
	}
	cfg := c.config()
	cfg.Demo, cfg.NoSync = true, true
	cfg.Addr = freeOr(cfg.Addr)
	if cfg.SMTPAddr == "" {
		cfg.SMTPAddr = freeOr("127.0.0.1:2525")
	}
	cfg.BlobURL, cfg.KeyFile, cfg.Key = "", "", ""
	if cfg.Data, err = os.MkdirTemp("", "deskbell-demo-"); err != nil {
		return errs.New(errs.Unavailable, "No folder for the demo can be made.").Because(err)
	}
	defer os.RemoveAll(cfg.Data)
	if c.DatabaseURL != "" {
		return errs.New(errs.Invalid, "The demo has a database of its own: leave --database-url out.")
	}
	a, err := app.New(ctx, cfg, log)
	if err != nil {
		return err
	}
	fmt.Fprintln(s.out, "Filling the shop Linden & Loom with a year of conversations ...")
	shop, err := a.FillDemo(ctx, c.Conversations)
	if err != nil {
		a.Close()
		return err
	}
	welcome(s, a, shop)
	return a.Run(ctx)
}

// freeOr is the address, or the same host with any free port when it is taken.
func freeOr(addr string) string {
	l, err := net.Listen("tcp", addr)
	if err == nil {
		l.Close()
		return addr
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if l, err = net.Listen("tcp", net.JoinHostPort(host, "0")); err != nil {
		return addr
	}
	defer l.Close()
	return l.Addr().String()
}

func welcome(s streams, a *app.App, shop app.DemoShop) {
	program, err := os.Executable()
	if err != nil {
		program = "deskbell"
	}
	fmt.Fprintf(s.out, `
  Deskbell is ready: %d conversations, %d of them open.

    Open      %s
    Sign in   %s
    Password  %s

  Write to the shop as a customer; it appears in the open browser at once:

    %s mail send --smtp %s --to %s --from "Jo Miller <jo@customers.example>" --subject "Where is my parcel?" --text "Hello, LL-10482 has not arrived yet. Can you help?"

  What the shop answers lies in Outbox, at the bottom of the sidebar; nothing leaves this machine.
  Ctrl+C ends the demo and removes its data.

`, shop.Conversations, shop.Open, a.URL(), shop.Owner.Email, shop.Password, program, a.SMTPAddr, shop.Support)
}
