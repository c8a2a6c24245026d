package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/app"
	logs "github.com/deskbell/deskbell/internal/platform/log"
)

// serveFlags are those of serve and demo.
type serveFlags struct {
	dataFlags
	Addr     string `help:"Address of the console and API." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	SMTPAddr string `name:"smtp-addr" help:"Also take mail by SMTP here." placeholder:"HOST:PORT"`
	LMTPAddr string `name:"lmtp-addr" help:"Also take mail by LMTP here." placeholder:"HOST:PORT"`
	natsFlags
	scanFlags
	Drain             time.Duration `help:"Go on for so long after SIGTERM while /readyz says 503, so that a load balancer sends nothing more." default:"0s" placeholder:"TIME"`
	NotificationDelay time.Duration `help:"How long a mail about a notification waits for its reader to see it in the console." default:"2m" placeholder:"TIME"`
	ClamdAway         string        `help:"What becomes of files while the virus scanner is away: wait, or pass unchecked." default:"wait" placeholder:"wait|pass"`
	PublicURL         string        `help:"Where people reach the console (default: http:// and --addr)." placeholder:"URL"`
	TrustedProxies    []string      `help:"Proxies that may set X-Forwarded headers." placeholder:"CIDR,..."`
	TLSCert           string        `name:"tls-cert" help:"Certificate file: serve https." type:"path" placeholder:"FILE"`
	TLSKey            string        `name:"tls-key" help:"Key file of the certificate." type:"path" placeholder:"FILE"`
	NoSync            bool          `help:"Do not wait for the disk at each commit: a power loss can lose the last seconds. Not for a real shop."`
	LogLevel          string        `help:"debug, info, warn or error." default:"info" enum:"debug,info,warn,error"`
	LogFormat         string        `help:"text or json (default: text on a terminal)." default:"" enum:",text,json"`
}

// scanFlags say where the virus scanner is.
type scanFlags struct {
	Clamd string `help:"Socket of clamd, ClamAV's virus scanner: files are scanned before anybody can download them." placeholder:"unix:PATH|HOST:PORT"`
}

// natsFlags say where NATS is.
type natsFlags struct {
	NATSURL   string `name:"nats-url" help:"NATS that carries hints between nodes on PostgreSQL, instead of PostgreSQL itself. May hold user and password; several with commas." placeholder:"URL"`
	NATSCreds string `name:"nats-creds" help:"File of NATS credentials." type:"path" placeholder:"FILE"`
}

func (f serveFlags) config() app.Config {
	c := f.dataFlags.config()
	c.Addr, c.SMTPAddr, c.LMTPAddr, c.NATSURL, c.NATSCreds = f.Addr, f.SMTPAddr, f.LMTPAddr, f.NATSURL, f.NATSCreds
	c.PublicURL, c.TrustedProxies, c.TLSCert, c.TLSKey, c.NoSync, c.Drain = f.PublicURL, f.TrustedProxies, f.TLSCert, f.TLSKey, f.NoSync, f.Drain
	c.NotificationDelay, c.Clamd, c.ClamdAway = f.NotificationDelay, f.Clamd, f.ClamdAway
	return c
}

func (f serveFlags) logger(s streams) (*slog.Logger, error) {
	return logs.New(s.err, logs.Config{Level: f.LogLevel, Format: f.LogFormat})
}

type serveCmd struct{ serveFlags }

func (c serveCmd) Run(ctx context.Context, s streams) error {
	log, err := c.logger(s)
	if err != nil {
		return err
	}
	a, err := app.New(ctx, c.config(), log)
	if err != nil {
		return err
	}
	if err := greet(ctx, a, s); err != nil {
		a.Close()
		return err
	}
	return a.Run(ctx)
}

// greet prints where the program is and how the first owner gets in.
func greet(ctx context.Context, a *app.App, s streams) error {
	if a.KeyMade {
		fmt.Fprintf(s.out, "A secret key was made in %s. Keep a copy of it apart from the data: passwords in the database cannot be read without it.\n", a.KeyFile)
	}
	if strings.HasPrefix(a.URL(), "http://") && a.PublicURL == "" {
		fmt.Fprintf(s.out, "Deskbell %s listens at %s\n", a.Version, a.URL())
	} else {
		fmt.Fprintf(s.out, "Deskbell %s is at %s\n", a.Version, a.URL())
	}
	link, needed, err := a.Access.SetupLink(ctx)
	if err != nil || !needed {
		return err
	}
	_, err = fmt.Fprintf(s.out, "Set it up here, once: %s\n", link.URL)
	return err
}
