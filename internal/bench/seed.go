package bench

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/app"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/demo/story"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/counter"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/team"
)

// SeedOptions say what [Seed] writes and where.
type SeedOptions struct {
	Config        app.Config
	Conversations int
	Seed          uint64
	Progress      io.Writer // nil = none
}

const (
	seedGroup   = 250 // conversations of one transaction
	seedWriters = 4   // on PostgreSQL; the embedded database has one writer
)

// Seed adds realistic conversations of four messages, half of them English, 15
// per cent Japanese, 20 Turkish and 15 Ukrainian, spread over the last year.
// The embedded database must not be served meanwhile.
func Seed(ctx context.Context, o SeedOptions) (err error) {
	defer errs.Wrap(&err, "seed the database")
	if o.Conversations < 1 {
		return errs.New(errs.Invalid, "Say how many conversations: a number from 1.")
	}
	a, err := app.Open(ctx, o.Config, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer a.Close()
	p, err := places(ctx, a)
	if err != nil {
		return err
	}
	started := time.Now()
	if err := p.write(ctx, a, o); err != nil {
		return err
	}
	if err := settle(ctx, a); err != nil {
		return err
	}
	o.report(o.Conversations, started)
	return nil
}

// settle does what the database and the server would do soon after.
func settle(ctx context.Context, a *app.App) error {
	for {
		n, err := counter.Fold(ctx, a.DB, 10_000)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
	}
	if a.DB.Dialect == db.SQLite {
		return nil // plans there do not depend on statistics
	}
	// PostgreSQL gathers statistics about a minute after such a change.
	_, err := a.DB.Handle().ExecContext(ctx, "ANALYZE")
	return err
}

func (o SeedOptions) report(done int, started time.Time) {
	if o.Progress == nil {
		return
	}
	spent := time.Since(started)
	fmt.Fprintf(o.Progress, "%d of %d conversations in %s, %.0f a second\n", done, o.Conversations, spent.Round(100*time.Millisecond), float64(done)/spent.Seconds())
}

// place is what conversations refer to.
type place struct {
	inboxes []int64
	agents  []team.Agent
	teams   []int64
}

// places takes what the installation has and makes what it lacks.
func places(ctx context.Context, a *app.App) (p place, err error) {
	have, err := a.Inboxes.List(ctx, false)
	if err != nil {
		return p, err
	}
	for _, i := range have {
		p.inboxes = append(p.inboxes, int64(i.ID))
	}
	for _, name := range []string{"Support", "Returns", "Wholesale"} {
		if len(have) > 0 {
			break
		}
		i, err := a.Inboxes.Create(ctx, 0, inbox.Inbox{Name: name, Channel: inbox.Email, ReopenDays: 60,
			Address: name + "@shop.example", FromName: "Linden & Loom"}, inbox.Passwords{})
		if err != nil {
			return p, err
		}
		p.inboxes = append(p.inboxes, int64(i.ID))
	}
	teams, err := a.Team.Teams(ctx)
	if err != nil {
		return p, err
	}
	if len(teams) == 0 {
		t, err := a.Team.CreateTeam(ctx, "Orders", nil, nil)
		if err != nil {
			return p, err
		}
		teams = append(teams, t)
	}
	for _, t := range teams {
		p.teams = append(p.teams, t.ID)
	}
	if err := tags(ctx, a); err != nil {
		return p, err
	}
	p.agents, err = people(ctx, a)
	return p, err
}

// tags are made before, because transactions that make the same one wait for each other.
func tags(ctx context.Context, a *app.App) error {
	for name, color := range story.Tags {
		if _, err := a.Conversations.CreateTag(ctx, name, color); err != nil && !errs.Is(err, errs.Conflict) {
			return err
		}
	}
	return nil
}

// people are the agents who answer; some are made when there are fewer than four.
func people(ctx context.Context, a *app.App) ([]team.Agent, error) {
	list, err := a.Team.Agents(ctx, 0, 50)
	if err != nil || len(list) >= 4 {
		return list, err
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		role, err := a.Team.RoleByKeyTx(ctx, tx, "agent")
		if err != nil {
			return err
		}
		for n, name := range []string{"Anna Berg", "Ben Moor", "Yuki Tanaka", "Emre Aksoy"} {
			if _, err := a.Team.CreateTx(ctx, tx, team.NewAgent{Name: name, Role: role.ID, Email: fmt.Sprintf("agent%d@shop.example", n+1)}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return a.Team.Agents(ctx, 0, 50)
}

// write tells stories in one goroutine and stores them in others.
func (p place) write(ctx context.Context, a *app.App, o SeedOptions) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	writers := 1
	if a.DB.Dialect == db.Postgres {
		writers = seedWriters
	}
	lanes := make([]*lane, writers)
	var wg sync.WaitGroup
	var mu sync.Mutex
	done, started, told := 0, time.Now(), time.Now()
	for i := range lanes {
		l := &lane{groups: make(chan []conversation.History, 1)}
		lanes[i] = l
		wg.Go(func() {
			for g := range l.groups {
				if err := store(ctx, a, g); err != nil {
					cancel(err)
					return
				}
				mu.Lock()
				if done += len(g); time.Since(told) > 2*time.Second {
					told = time.Now()
					o.report(done, started)
				}
				mu.Unlock()
			}
		})
	}
	p.tell(ctx, o, lanes)
	for _, l := range lanes {
		close(l.groups)
	}
	wg.Wait()
	return context.Cause(ctx)
}

func store(ctx context.Context, a *app.App, group []conversation.History) error {
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		for _, h := range group {
			if _, err := a.Conversations.ImportTx(ctx, tx, h); err != nil {
				return err
			}
		}
		return nil
	})
}
