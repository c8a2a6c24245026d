package bench

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/bench/post"
)

const (
	viewCount  = 30
	agentCount = 30
	// viewPause is how often a console asks for the number of each view.
	viewPause = 30 * time.Second
	// arrivals a second while views are counted.
	arrivals = 50
)

// desks are agents with keys of their own, and views that everybody has.
type desks struct {
	agents []int64
	keys   []string
	views  []int64
}

// views counts as the consoles of many agents do. What it costs is the CPU time
// beyond that of the same mails without anybody counting.
func views(ctx context.Context, d *drive, r *Result) (err error) {
	if err := d.place(ctx); err != nil {
		return err
	}
	var desk desks
	defer func() { err = errors.Join(err, d.clear(context.WithoutCancel(ctx), &desk)) }()
	if err := d.furnish(ctx, &desk); err != nil {
		return err
	}
	long := time.Duration(d.times(600)) * 100 * time.Millisecond // a minute
	alone, err := d.arrive(ctx, long, nil)
	if err != nil {
		return err
	}
	s := &sample{}
	with, err := d.arrive(ctx, long, func(ctx context.Context) error { return d.count(ctx, desk, s) })
	if err != nil {
		return err
	}
	r.Operations = len(s.list)
	r.finish(s, long, max(with-alone, 0))
	share := func(cpu time.Duration) float64 { return 100 * cpu.Seconds() / long.Seconds() }
	r.Extra = map[string]float64{"percent_of_a_core": share(with - alone), "percent_of_a_core_for_mail_alone": share(alone), "mails_a_second": arrivals}
	return nil
}

// arrive hands in mails at an even pace and gives the server's CPU time of it.
func (d *drive) arrive(ctx context.Context, long time.Duration, beside func(context.Context) error) (time.Duration, error) {
	mails, err := d.mails(int(long.Seconds() * arrivals))
	if err != nil {
		return 0, err
	}
	before, err := CPU(d.server.PID)
	if err != nil {
		return 0, err
	}
	ctx, stop := context.WithTimeout(ctx, long)
	defer stop()
	faults := make(chan error, 1+clients)
	var wg sync.WaitGroup
	if beside != nil {
		wg.Go(func() { faults <- beside(ctx) })
	}
	d.pace(ctx, &wg, mails, faults)
	<-ctx.Done()
	wg.Wait()
	after, err := CPU(d.server.PID)
	close(faults)
	for fault := range faults {
		err = errors.Join(err, fault)
	}
	return after - before, err
}

// pace posts mails, one in each part of a second, from a few clients.
func (d *drive) pace(ctx context.Context, wg *sync.WaitGroup, mails []post.Letter, faults chan<- error) {
	path := fmt.Sprintf("/inboxes/%d/mail", d.inbox)
	next := make(chan []byte)
	wg.Go(func() {
		defer close(next)
		tick := time.NewTicker(time.Second / arrivals)
		defer tick.Stop()
		for _, m := range mails {
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
			select {
			case next <- m.Raw:
			case <-ctx.Done():
				return
			}
		}
	})
	for range clients {
		wg.Go(func() {
			for raw := range next {
				// What is under way when the time is over is still handed in.
				if _, err := d.api.call(context.WithoutCancel(ctx), http.MethodPost, path, "message/rfc822", raw, nil); err != nil {
					faults <- err
					return
				}
			}
		})
	}
}

// count asks for every view of every agent, evenly spread over the pause of a console.
func (d *drive) count(ctx context.Context, desk desks, s *sample) error {
	tick := time.NewTicker(viewPause / time.Duration(len(desk.keys)*len(desk.views)))
	defer tick.Stop()
	clients := make([]*client, len(desk.keys))
	for i, key := range desk.keys {
		clients[i] = newClient(d.server.URL, []string{key})
		clients[i].http = d.api.http
	}
	for i := 0; ; i++ {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
		path := fmt.Sprintf("/views/%d/count", desk.views[i/len(clients)%len(desk.views)])
		took, err := clients[i%len(clients)].get(context.WithoutCancel(ctx), path, nil)
		if err != nil {
			return err
		}
		s.add(took)
	}
}

// furnish makes the agents and their views.
func (d *drive) furnish(ctx context.Context, desk *desks) error {
	var roles struct {
		Items []struct {
			ID  int64  `json:"id"`
			Key string `json:"key"`
		} `json:"items"`
	}
	if _, err := d.api.get(ctx, "/roles", &roles); err != nil {
		return err
	}
	token := strings.ToLower(rand.Text()[:8])
	for n := range agentCount {
		for _, role := range roles.Items {
			if role.Key != "agent" {
				continue
			}
			if err := d.hire(ctx, desk, role.ID, fmt.Sprintf("bench-%s-%d@shop.example", token, n)); err != nil {
				return err
			}
		}
	}
	for n, conditions := range conditions() {
		var made struct {
			ID int64 `json:"id"`
		}
		body := map[string]any{"name": fmt.Sprintf("Bench %s %d", token, n+1), "audience": "all", "conditions": conditions}
		if _, err := d.api.post(ctx, "/views", body, &made); err != nil {
			return err
		}
		desk.views = append(desk.views, made.ID)
	}
	return nil
}

func (d *drive) hire(ctx context.Context, desk *desks, role int64, email string) error {
	var invited struct {
		Link string `json:"link"`
	}
	if _, err := d.api.post(ctx, "/invitations", map[string]any{"email": email, "name": "Bench", "role_id": role}, &invited); err != nil {
		return err
	}
	link, err := url.Parse(invited.Link)
	if err != nil {
		return err
	}
	var me struct {
		ID int64 `json:"id"`
	}
	body := map[string]any{"token": link.Query().Get("token"), "name": "Bench", "password": "correct horse battery staple"}
	if _, err := d.api.post(ctx, "/invitations/accept", body, nil); err != nil {
		return err
	}
	key, err := d.program.command(ctx, "", "apikey", "create", "--user", email, "--name", d.keyName)
	if err != nil {
		return err
	}
	if _, err := newClient(d.server.URL, []string{key}).get(ctx, "/me", &me); err != nil {
		return err
	}
	desk.agents, desk.keys = append(desk.agents, me.ID), append(desk.keys, key)
	return nil
}

// conditions are those of thirty views such as shops save.
func conditions() (out []any) {
	is := func(field string, values ...string) map[string]any {
		return map[string]any{"field": field, "op": "is", "values": values}
	}
	within := func(field, span string) map[string]any {
		return map[string]any{"field": field, "op": "within", "values": []string{span}}
	}
	for _, about := range []map[string]any{is("assignee", "me"), is("assignee", "none"), is("priority", "urgent", "high"), within("waiting_since", "1d"), within("created", "3d"),
		{"field": "waiting_since", "op": "longer_than", "values": []string{"1d"}}} {
		for _, status := range [][]string{{"open"}, {"pending"}, {"snoozed"}, {"closed"}, {"open", "pending"}} {
			out = append(out, map[string]any{"all": []any{is("status", status...), about}})
		}
	}
	return out[:viewCount]
}

// clear takes the views away and lets the agents go, with their keys.
func (d *drive) clear(ctx context.Context, desk *desks) (err error) {
	for _, id := range desk.views {
		err = errors.Join(err, d.api.delete(ctx, fmt.Sprintf("/views/%d", id)))
	}
	for _, id := range desk.agents {
		_, gone := d.api.call(ctx, http.MethodPatch, fmt.Sprintf("/agents/%d", id), "application/json", []byte(`{"active":false}`), nil)
		err = errors.Join(err, gone)
	}
	return err
}
