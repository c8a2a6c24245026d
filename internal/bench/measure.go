package bench

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// start stops and starts the server several times.
func start(ctx context.Context, d *drive, r *Result) error {
	s := &sample{}
	var cpu time.Duration
	r.Operations = d.times(5)
	for range r.Operations {
		if err := d.server.Stop(); err != nil {
			return err
		}
		began := time.Now()
		if err := d.up(ctx); err != nil {
			return err
		}
		s.add(time.Since(began))
		used, err := CPU(d.server.PID)
		if err != nil {
			return err
		}
		cpu += used
	}
	r.finish(s, 0, cpu)
	r.Extra = map[string]float64{"rss_mb": memory(d.server.PID, "VmRSS")}
	return nil
}

// idle measures what nobody pays for: first the server works, so that its
// caches are as full as at the end of a morning, then it rests.
func idle(ctx context.Context, d *drive, r *Result) error {
	for range d.times(1000) {
		if _, err := d.api.get(ctx, "/conversations?status=open", nil); err != nil {
			return err
		}
	}
	for i := range d.times(100) {
		q := queries[i%len(queries)].list
		if _, err := d.api.get(ctx, "/search?q="+url.QueryEscape(q[i%len(q)]), nil); err != nil {
			return err
		}
	}
	if err := rest(ctx, time.Duration(d.times(300))*100*time.Millisecond); err != nil {
		return err
	}
	r.Operations = d.times(10)
	err := d.measure(r, &sample{}, func() error { return rest(ctx, time.Duration(r.Operations)*time.Second) })
	r.Rate = 0
	r.Extra = map[string]float64{"rss_mb": memory(d.server.PID, "VmRSS")}
	return err
}

func rest(ctx context.Context, t time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(t):
		return nil
	}
}

func apikey(ctx context.Context, d *drive, r *Result) error {
	return d.repeat(r, d.times(2000), func(int) (time.Duration, error) { return d.api.get(ctx, "/me", nil) })
}

func list(ctx context.Context, d *drive, r *Result) error {
	return d.repeat(r, d.times(1000), func(int) (time.Duration, error) {
		return d.api.get(ctx, "/conversations?status=open", nil)
	})
}

func deep(ctx context.Context, d *drive, r *Result) error {
	var counts struct {
		Open int `json:"all_open"`
	}
	if _, err := d.api.get(ctx, "/counts", &counts); err != nil {
		return err
	}
	cursor, behind := "", 0
	for behind < counts.Open*9/10-100 {
		var p page
		if _, err := d.api.get(ctx, "/conversations?status=open&limit=100&cursor="+url.QueryEscape(cursor), &p); err != nil {
			return err
		}
		if p.Next == "" {
			break
		}
		cursor, behind = p.Next, behind+len(p.Items)
	}
	r.Extra = map[string]float64{"rows_before": float64(behind)}
	return d.repeat(r, d.times(1000), func(int) (time.Duration, error) {
		return d.api.get(ctx, "/conversations?status=open&cursor="+url.QueryEscape(cursor), nil)
	})
}

// some lists conversations, at most n.
func (d *drive) some(ctx context.Context, filter string, n int) (ids []int64, err error) {
	cursor := ""
	for len(ids) < n {
		var p page
		if _, err := d.api.get(ctx, "/conversations?limit=100&"+filter+"&cursor="+url.QueryEscape(cursor), &p); err != nil {
			return nil, err
		}
		for _, c := range p.Items {
			ids = append(ids, c.ID)
		}
		if cursor = p.Next; cursor == "" {
			break
		}
	}
	if len(ids) == 0 {
		return nil, fmt.Errorf("there is no conversation to work with")
	}
	return ids[:min(n, len(ids))], nil
}

func open(ctx context.Context, d *drive, r *Result) error {
	ids, err := d.some(ctx, "", 600)
	if err != nil {
		return err
	}
	return d.repeat(r, d.times(1000), func(i int) (time.Duration, error) {
		path := "/conversations/" + strconv.FormatInt(ids[i%len(ids)], 10)
		first, err := d.api.get(ctx, path, nil)
		if err != nil {
			return 0, err
		}
		second, err := d.api.get(ctx, path+"/messages", nil)
		return first + second, err
	})
}
