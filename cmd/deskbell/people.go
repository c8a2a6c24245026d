package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/app"
)

// withData runs fn on the data, beside a server that may be running.
func withData(ctx context.Context, cfg app.Config, fn func(a *app.App) error) error {
	a, err := app.Open(ctx, cfg, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		return err
	}
	defer a.Close()
	return fn(a)
}

type setupCmd struct {
	dataFlags
	Email        string `help:"Address that the owner signs in with." required:""`
	Name         string `help:"The owner's name." required:""`
	Password     string `help:"The owner's password. Others on this machine can see it while the command runs: prefer --password-file."`
	PasswordFile string `help:"File with the password, - for standard input." placeholder:"FILE"`
	Locale       string `help:"en, ja, tr or uk." default:"en"`
}

func (c setupCmd) Run(ctx context.Context, s streams) error {
	password, err := secretFlag(c.Password, c.PasswordFile, s)
	if err != nil {
		return err
	}
	return withData(ctx, c.config(), func(a *app.App) error {
		_, err := a.Access.SetUp(ctx, access.FirstOwner{Name: c.Name, Email: c.Email, Password: password, Locale: c.Locale})
		if err == nil {
			fmt.Fprintf(s.err, "%s is the owner and can sign in.\n", c.Email)
		}
		return err
	})
}

type apikeyCmd struct {
	Create apikeyCreateCmd `cmd:"" help:"Make an API key and print it."`
}

type apikeyCreateCmd struct {
	dataFlags
	User  string   `help:"Address of the agent for whom the key acts." required:"" placeholder:"EMAIL"`
	Name  string   `help:"What the key is for." required:""`
	Scope []string `help:"Only these permissions, such as mail:ingest (default: all of the user's)." placeholder:"S,..."`
}

func (c apikeyCreateCmd) Run(ctx context.Context, s streams) error {
	return withData(ctx, c.config(), func(a *app.App) error {
		agent, err := a.Team.ByEmail(ctx, a.DB, c.User)
		if err != nil {
			return err
		}
		k := access.APIKey{Agent: agent.ID, Name: c.Name}
		for _, scope := range c.Scope {
			k.Scopes = append(k.Scopes, access.Permission(scope))
		}
		_, key, err := a.Access.CreateAPIKey(ctx, access.System, k, nil)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.err, "The key acts for %s. It is shown only now.\n", agent.Email)
		_, err = fmt.Fprintln(s.out, key)
		return err
	})
}

type userCmd struct {
	ResetPassword resetPasswordCmd `cmd:"" help:"Print a link with which somebody chooses a new password, once."`
}

type resetPasswordCmd struct {
	dataFlags
	PublicURL string `help:"Where people reach the console." default:"http://127.0.0.1:8080" placeholder:"URL"`
	Email     string `arg:"" help:"Address of the agent."`
}

func (c resetPasswordCmd) Run(ctx context.Context, s streams) error {
	cfg := c.config()
	cfg.PublicURL = c.PublicURL
	return withData(ctx, cfg, func(a *app.App) error {
		link, err := a.Access.ResetLink(ctx, c.Email)
		if err == nil {
			_, err = fmt.Fprintln(s.out, link.URL)
		}
		return err
	})
}

type migrateCmd struct{ dataFlags }

func (c migrateCmd) Run(ctx context.Context, s streams) error {
	return withData(ctx, c.config(), func(a *app.App) error {
		v, err := a.DB.Version(ctx)
		if err == nil {
			fmt.Fprintf(s.err, "The database is at schema %d.\n", v)
		}
		return err
	})
}
