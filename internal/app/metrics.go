package app

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/deskbell/deskbell/internal/access"
)

var (
	descLedger = prometheus.NewDesc("deskbell_ledger_messages_total", "Messages by stage of the ledger.", []string{"stage"}, nil)
	descOpen   = prometheus.NewDesc("deskbell_ledger_pending", "Messages on their way.", []string{"direction"}, nil)
	descGaps   = prometheus.NewDesc("deskbell_ledger_gaps", "Messages that did not get where they should.", nil, nil)
	descJobs   = prometheus.NewDesc("deskbell_jobs", "Jobs by state.", []string{"state"}, nil)
	descHints  = prometheus.NewDesc("deskbell_hints_up", "Whether hints reach the other nodes; 0 = the feed is read each second.", []string{"via"}, nil)
	descLeases = prometheus.NewDesc("deskbell_leases", "What this node looks after for all nodes: mailboxes and schedules.", []string{"kind"}, nil)
	descLive   = prometheus.NewDesc("deskbell_realtime_connections", "Open consoles on this node.", nil, nil)
)

// gauges reads its figures when it is asked, so that counting costs nothing in between.
type gauges struct{ a *App }

func (g gauges) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{descLedger, descOpen, descGaps, descJobs, descHints, descLeases, descLive} {
		ch <- d
	}
}

func (g gauges) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	value := func(d *prometheus.Desc, t prometheus.ValueType, v int64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, t, float64(v), labels...)
	}
	value(descLive, prometheus.GaugeValue, int64(g.a.Hub.Count()))
	hints := g.a.Bus.Status()
	up := int64(0)
	if hints.Up {
		up = 1
	}
	value(descHints, prometheus.GaugeValue, up, hints.Via)
	for kind, n := range g.a.Leases.Held() {
		value(descLeases, prometheus.GaugeValue, int64(n), kind)
	}
	if b, err := g.a.Ledger.Balance(ctx, false); err == nil {
		for stage, n := range b.Counts {
			value(descLedger, prometheus.CounterValue, n, stage)
		}
		value(descOpen, prometheus.GaugeValue, b.PendingIn, "in")
		value(descOpen, prometheus.GaugeValue, b.PendingOut, "out")
		value(descGaps, prometheus.GaugeValue, int64(len(b.Gaps)))
	}
	if counts, err := g.a.Jobs.Counts(ctx); err == nil {
		for state, n := range counts {
			value(descJobs, prometheus.GaugeValue, n, string(state))
		}
	}
}

// metrics answers programs on this machine, and others that have the scope.
func (a *App) metrics(w http.ResponseWriter, r *http.Request) {
	if !fromHere(r) {
		ctx, _, err := a.Access.Authenticate(r)
		if err != nil || access.Need(ctx, string(access.Metrics)) != nil {
			answer(w, http.StatusForbidden, "Metrics are for this machine, or for an API key with the scope metrics.")
			return
		}
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(gauges{a}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(w, r)
}

// fromHere tells whether the request came from this machine without a proxy.
func fromHere(r *http.Request) bool {
	for name := range r.Header {
		if name == "Forwarded" || strings.HasPrefix(name, "X-Forwarded-") {
			return false
		}
	}
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && peer.Addr().IsLoopback()
}
