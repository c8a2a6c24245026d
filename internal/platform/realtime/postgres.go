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
	local Local
	url   string
	db    *db.DB
	log   *slog.Logger
	node  string

	mu      sync.Mutex
	waiting []string
	queued  map[string]bool
	bell    chan struct{}
	listens chan struct{} // closed when the first LISTEN stands
}

// NewPostgres makes the bus; it works while [Postgres.Run] runs. The URL is that
// of d: listening takes a connection of its own.
func NewPostgres(url string, d *db.DB, log *slog.Logger) *Postgres {
	return &Postgres{url: url, db: d, log: log, node: rand.Text(),
		queued: map[string]bool{}, bell: make(chan struct{}, 1), listens: make(chan struct{})}
}

const (
	channel    = "deskbell"
	maxWaiting = 1024                 // hints not yet sent
	maxAtOnce  = 100                  // hints of one statement
	sendGap    = 5 * time.Millisecond // hints that come closer go together
	checkAfter = time.Minute          // a silent connection is asked whether it lives
)

// Publish implements [Bus]: this node at once, the others a moment later.
func (p *Postgres) Publish(subject string, data []byte) {
	p.local.Publish(subject, data)
	text := p.node + "\n" + subject + "\n" + string(data)
	p.mu.Lock()
	if len(data) <= MaxHint && len(p.waiting) < maxWaiting && !p.queued[text] {
		p.queued[text] = true
		p.waiting = append(p.waiting, text)
	}
	p.mu.Unlock()
	select {
	case p.bell <- struct{}{}:
	default:
	}
}

// Subscribe implements [Bus].
func (p *Postgres) Subscribe(subject string, f func([]byte)) func() {
	return p.local.Subscribe(subject, f)
}

// Run sends and listens until ctx ends. Failures of the database are logged and
// tried again: the feed is polled meanwhile.
func (p *Postgres) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	wg.Go(func() { p.send(ctx) })
	for first := true; ctx.Err() == nil; {
		err := p.listen(ctx, &first)
		if ctx.Err() == nil {
			p.log.Warn("hints between nodes are interrupted, the feed is polled", "error", err)
			wait(ctx, time.Second)
		}
	}
	wg.Wait()
	return nil
}

func (p *Postgres) send(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.bell:
		}
		for list := p.take(); len(list) > 0; list = p.take() {
			text, err := json.Marshal(list)
			if err == nil {
				_, err = p.db.Handle().ExecContext(ctx, "SELECT pg_notify('"+channel+"', value) FROM json_array_elements_text($1::json)", string(text))
			}
			if err != nil && ctx.Err() == nil {
				p.log.Warn("hints for other nodes were not sent", "hints", len(list), "error", err)
			}
		}
		wait(ctx, sendGap)
	}
}

func (p *Postgres) take() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := min(len(p.waiting), maxAtOnce)
	list := p.waiting[:n:n]
	p.waiting = p.waiting[n:]
	for _, text := range list {
		delete(p.queued, text)
	}
	return list
}

func (p *Postgres) listen(ctx context.Context, first *bool) error {
	conn, err := pgx.Connect(ctx, p.url)
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
	if *first {
		*first = false
		close(p.listens)
	}
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
	if ok && node != p.node {
		p.local.Publish(subject, []byte(data))
	}
}

func wait(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
