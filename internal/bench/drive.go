package bench

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/deskbell/deskbell/internal/bench/post"
)

// drive is a server under test with what the benchmarks share.
type drive struct {
	o             *Options
	own           bool // the data folder is ours to remove
	program       program
	keys          []string
	keyName       string
	server        *Server
	api           *client
	conversations int

	sink    *Sink
	inbox   int64
	address string
	seed    uint64
	sent    atomic.Uint64 // mails of the seed written so far
}

func (d *drive) say(format string, args ...any) {
	if d.o.Progress != nil {
		fmt.Fprintf(d.o.Progress, format+"\n", args...)
	}
}

// times is a number of operations at the chosen scale.
func (d *drive) times(n int) int { return max(int(float64(n)*d.o.Scale), 2) }

// up starts the server and counts what it holds.
func (d *drive) up(ctx context.Context) (err error) {
	if d.server, err = d.program.serve(ctx); err != nil {
		return err
	}
	d.api = newClient(d.server.URL, d.keys)
	var counts struct {
		Open    int `json:"all_open"`
		Pending int `json:"pending"`
		Snoozed int `json:"snoozed"`
		Closed  int `json:"closed"`
	}
	if _, err := d.api.get(ctx, "/counts", &counts); err != nil {
		return err
	}
	d.conversations = counts.Open + counts.Pending + counts.Snoozed + counts.Closed
	return nil
}

// close archives our inbox, so that nothing is sent later, and ends the server.
func (d *drive) close() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if d.server != nil {
		if d.inbox != 0 {
			if err := d.api.delete(ctx, fmt.Sprintf("/inboxes/%d", d.inbox)); err != nil {
				d.say("the inbox of the benchmarks could not be archived: %v", err)
			}
		}
		if err := d.dropKeys(ctx); err != nil {
			d.say("the API keys of the benchmarks could not be deleted: %v", err)
		}
		if err := d.server.Stop(); err != nil {
			d.say("%v", err)
		}
	}
	if d.sink != nil {
		_ = d.sink.Close()
	}
	if d.own {
		_ = os.RemoveAll(d.o.Data)
	}
}

// dropKeys deletes our API keys from an installation that goes on living, last
// the one that it works with.
func (d *drive) dropKeys(ctx context.Context) error {
	if d.own || d.api == nil {
		return nil
	}
	var list struct {
		Items []struct {
			ID     int64  `json:"id"`
			Name   string `json:"name"`
			Prefix string `json:"prefix"`
		} `json:"items"`
	}
	c := newClient(d.server.URL, d.keys[:1])
	if _, err := c.get(ctx, "/api-keys", &list); err != nil {
		return err
	}
	var last int64
	for _, k := range list.Items {
		if k.Name != d.keyName {
			continue
		}
		if strings.HasPrefix(d.keys[0], k.Prefix) {
			last = k.ID
			continue
		}
		if err := c.delete(ctx, fmt.Sprintf("/api-keys/%d", k.ID)); err != nil {
			return err
		}
	}
	return c.delete(ctx, fmt.Sprintf("/api-keys/%d", last))
}

// measure runs fn and gives the server's CPU time and the time that passed.
func (d *drive) measure(r *Result, s *sample, fn func() error) error {
	before, err := CPU(d.server.PID)
	if err != nil {
		return err
	}
	started := time.Now()
	if err := fn(); err != nil {
		return err
	}
	took := time.Since(started)
	after, err := CPU(d.server.PID)
	r.finish(s, took, after-before)
	return err
}

// repeat measures n operations one after another, after a few that do not count.
func (d *drive) repeat(r *Result, n int, op func(i int) (time.Duration, error)) error {
	for i := range min(n, 20) {
		if _, err := op(i); err != nil {
			return err
		}
	}
	s := &sample{}
	r.Operations = n
	return d.measure(r, s, func() error {
		for i := range n {
			took, err := op(i)
			if err != nil {
				return err
			}
			s.add(took)
		}
		return nil
	})
}

// place makes the inbox of the benchmarks, whose mail goes to our sink alone.
func (d *drive) place(ctx context.Context) (err error) {
	if d.inbox != 0 {
		return nil
	}
	if d.sink, err = NewSink(); err != nil {
		return err
	}
	token := strings.ToLower(rand.Text()[:8])
	d.address = "bench-" + token + "@shop.example"
	d.seed = uint64(time.Now().UnixNano()) % 1_000_000_007
	var made struct {
		ID int64 `json:"id"`
	}
	_, err = d.api.post(ctx, "/inboxes", map[string]any{
		"name": "Bench " + token, "channel": "email", "address": d.address, "from_name": "Bench",
		"smtp": map[string]any{"host": "127.0.0.1", "port": d.sink.Port, "username": "", "tls": "none"},
	}, &made)
	d.inbox = made.ID
	return err
}

// mails writes the next n mails of the seed.
func (d *drive) mails(n int) ([]post.Letter, error) {
	out := make([]post.Letter, n)
	first := d.sent.Add(uint64(n)) - uint64(n)
	for i := range out {
		var err error
		if out[i], err = post.Write(d.seed, first+uint64(i), d.address); err != nil {
			return nil, err
		}
	}
	return out, nil
}

const clients = 12

// handIn posts mails from several clients and waits until all can be read.
func (d *drive) handIn(ctx context.Context, mails []post.Letter, s *sample) error {
	path := fmt.Sprintf("/inboxes/%d/mail", d.inbox)
	var next atomic.Int64
	var mu sync.Mutex
	var failed error
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(mails) {
					return
				}
				took, err := d.api.call(ctx, http.MethodPost, path, "message/rfc822", mails[i].Raw, nil)
				mu.Lock()
				s.add(took)
				if err != nil && failed == nil {
					failed = err
				}
				stop := failed != nil
				mu.Unlock()
				if stop {
					return
				}
			}
		})
	}
	wg.Wait()
	if failed != nil {
		return failed
	}
	return d.settled(ctx)
}

// settled waits until no mail is on its way in.
func (d *drive) settled(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	for {
		var balance struct {
			Balanced bool `json:"balanced"`
			Pending  int  `json:"pending_in"`
		}
		if _, err := d.api.get(ctx, "/ledger/balance", &balance); err != nil {
			return err
		}
		if balance.Pending == 0 {
			if !balance.Balanced {
				return fmt.Errorf("the ledger does not balance")
			}
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%d mails did not arrive: %w", balance.Pending, ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}
