package realtime

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// Postgres is a bus over LISTEN and NOTIFY of the database that the nodes share.
type Postgres struct {
	local  Local
	out    *outgoing
	health health
	db     *db.DB
	log    *slog.Logger
	node   string
	url    string
	heap   parts
}

// NewPostgres makes the bus; it works while [Postgres.Run] runs. The URL is that
// of d: listening takes a connection of its own.
func NewPostgres(url string, d *db.DB, log *slog.Logger) *Postgres {
	return &Postgres{url: url, db: d, log: log, node: rand.Text(), out: newOutgoing()}
}

const (
	channel    = "deskbell"
	checkAfter = 20 * time.Second // a silent connection is asked whether it lives
)

// Publish implements [Bus]: this node at once, the others a moment later.
func (p *Postgres) Publish(subject string, data []byte) {
	p.local.Publish(subject, data)
	p.out.add(subject, data)
}

// Subscribe implements [Bus].
func (p *Postgres) Subscribe(subject string, f func([]byte)) func() {
	return p.local.Subscribe(subject, f)
}

// Status implements [Bus].
func (p *Postgres) Status() Status { return p.health.status("postgres") }

// Run sends and listens until ctx ends. Failures of the database are logged and
// tried again: the feed is polled meanwhile.
func (p *Postgres) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	wg.Go(func() { p.out.run(ctx, p.send) })
	for ctx.Err() == nil {
		err := p.listen(ctx)
		if p.health.set(false) && ctx.Err() == nil {
			p.log.Warn("hints between nodes are interrupted, the feed is polled", "error", err)
		}
		wait(ctx, time.Second)
	}
	wg.Wait()
	return nil
}

func (p *Postgres) send(ctx context.Context, list []hint) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	var texts []string
	for _, one := range list {
		texts = append(texts, split(p.node, one)...)
	}
	text, err := json.Marshal(texts)
	if err == nil {
		_, err = p.db.Handle().ExecContext(ctx, "SELECT pg_notify('"+channel+"', value) FROM json_array_elements_text($1::json)", string(text))
	}
	if err != nil && ctx.Err() == nil {
		p.log.Warn("hints for other nodes were not sent", "hints", len(list), "error", err)
	}
}

func (p *Postgres) listen(ctx context.Context) error {
	cfg, err := db.ParseURL(p.url)
	if err != nil {
		return err
	}
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() {
		done, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = conn.Close(done)
	}()
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		return err
	}
	p.health.set(true)
	for {
		quiet, cancel := context.WithTimeout(ctx, checkAfter)
		n, err := conn.WaitForNotification(quiet)
		cancel()
		switch {
		case err == nil:
			p.heard(n.Payload)
		case ctx.Err() != nil || conn.IsClosed() || quiet.Err() == nil:
			return err
		default:
			alive, cancel := context.WithTimeout(ctx, 10*time.Second)
			err := conn.Ping(alive)
			cancel()
			if err != nil {
				return err
			}
		}
	}
}

// heard passes on what another node said.
func (p *Postgres) heard(text string) {
	node, rest, _ := strings.Cut(text, "\n")
	subject, data, ok := strings.Cut(rest, "\n")
	if !ok || node == p.node {
		return
	}
	if one, whole := p.heap.add(node, subject, data); whole {
		p.local.Publish(one.subject, []byte(one.data))
	}
}
