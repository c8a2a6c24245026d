package app

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/realtime"
)

// checkNATS refuses an address that cannot be one. It never repeats it, because
// a password may stand in it.
func (c *Config) checkNATS() error {
	if c.NATSURL == "" {
		if c.NATSCreds != "" {
			return errs.New(errs.Invalid, "--nats-creds belongs to --nats-url, which is missing.")
		}
		return nil
	}
	for _, one := range strings.Split(c.NATSURL, ",") {
		u, err := url.Parse(strings.TrimSpace(one))
		if err != nil || u.Host == "" || u.Scheme != "nats" && u.Scheme != "tls" {
			return errs.New(errs.Invalid, "--nats-url must be like nats://host:4222 or tls://user:password@host:4222, several with commas.")
		}
	}
	if c.NATSCreds != "" {
		if _, err := os.ReadFile(c.NATSCreds); err != nil {
			return errs.Newf(errs.Invalid, "The file %s of --nats-creds cannot be read.", c.NATSCreds).Because(err)
		}
	}
	return nil
}

// bus carries hints between the nodes of one PostgreSQL; one node needs none.
func (a *App) bus(ctx context.Context) error {
	switch {
	case a.DatabaseURL == "":
		if a.NATSURL != "" {
			a.Log.Warn("--nats-url is not used: there is one node on the embedded database")
		}
		a.Bus = &realtime.Local{}
	case a.NATSURL == "":
		a.Bus = realtime.NewPostgres(a.DatabaseURL, a.DB, a.Log)
	default:
		cfg, err := a.nats(ctx)
		if err != nil {
			return err
		}
		a.Bus = realtime.NewNATS(cfg)
	}
	a.Jobs.Woke = func(kind string) { a.Bus.Publish(realtime.SubjectJob, []byte(kind)) }
	a.Bus.Subscribe(realtime.SubjectJob, func(kind []byte) { a.Jobs.Ring(string(kind)) })
	return nil
}

// nats is how NATS is reached. Several installations may share one: each has a
// name of its own in it.
func (a *App) nats(ctx context.Context) (cfg realtime.NATSConfig, err error) {
	cfg = realtime.NATSConfig{URL: a.NATSURL, Creds: a.NATSCreds, Log: a.Log}
	err = a.DB.Write(ctx, func(tx *db.Tx) (err error) {
		cfg.Space, err = db.FirstSetting(ctx, tx, "hint_space", strings.ToLower(rand.Text()))
		return err
	})
	return cfg, err
}

// hints says in words how hints travel between the nodes.
func (a *App) hints() string {
	s := a.Bus.Status()
	carrier := map[string]string{"postgres": "PostgreSQL", "nats": "NATS"}[s.Via]
	switch {
	case carrier == "":
		return "one node needs none"
	case s.Up:
		return "through " + carrier
	case s.Since.IsZero():
		return carrier + " has not answered yet: the feed is read each second"
	}
	return fmt.Sprintf("%s does not answer since %s: the feed is read each second", carrier, s.Since.UTC().Format(time.RFC3339))
}

// lookAtNATS is for the doctor, who runs beside the server and has no bus.
func (a *App) lookAtNATS(ctx context.Context) []Finding {
	if a.NATSURL == "" || a.DatabaseURL == "" {
		return nil
	}
	cfg, err := a.nats(ctx)
	if err == nil {
		err = cfg.Probe()
	}
	if err != nil {
		return []Finding{wrong("Nothing is lost: what others do shows up to a second late, and who is looking or typing is not seen across nodes. Start NATS or correct --nats-url.", "%s", errs.Sentence(err))}
	}
	return []Finding{fine("NATS answers.")}
}
