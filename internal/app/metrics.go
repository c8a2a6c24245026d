package app

import (
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/deskbell/deskbell/internal/access"
)

// meters count what happens while the program runs. Everything else is read
// when somebody asks.
type meters struct {
	requests *prometheus.HistogramVec
	jobs     *prometheus.CounterVec
	jobTime  *prometheus.CounterVec
	registry *prometheus.Registry
}

func (a *App) measure() {
	m := &meters{
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "deskbell_http_request_duration_seconds",
			Help: "Requests by class of their status.", Buckets: []float64{.001, .003, .01, .03, .1, .3, 1, 3, 10}}, []string{"status"}),
		jobs:     prometheus.NewCounterVec(prometheus.CounterOpts{Name: "deskbell_jobs_run_total", Help: "Jobs run on this node, by kind and result."}, []string{"kind", "result"}),
		jobTime:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "deskbell_jobs_run_seconds_total", Help: "Time spent on jobs on this node."}, []string{"kind"}),
		registry: prometheus.NewRegistry(),
	}
	m.registry.MustRegister(m.requests, m.jobs, m.jobTime, gauges{a}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, status := range statusClasses[1:] {
		m.requests.WithLabelValues(status)
	}
	for _, k := range a.Jobs.Kinds {
		m.jobs.WithLabelValues(k.Name, "done")
		m.jobs.WithLabelValues(k.Name, "failed")
		m.jobTime.WithLabelValues(k.Name)
	}
	a.Jobs.Ran = m.ran
	a.meters = m
}

var statusClasses = []string{"", "1xx", "2xx", "3xx", "4xx", "5xx"}

// answered leaves out the realtime connections, which last for hours.
func (m *meters) answered(_ string, status int, took time.Duration) {
	if class := status / 100; class > 1 && class < len(statusClasses) {
		m.requests.WithLabelValues(statusClasses[class]).Observe(took.Seconds())
	}
}

func (m *meters) ran(kind string, done, failed int, took time.Duration) {
	m.jobs.WithLabelValues(kind, "done").Add(float64(done))
	m.jobs.WithLabelValues(kind, "failed").Add(float64(failed))
	m.jobTime.WithLabelValues(kind).Add(took.Seconds())
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
	promhttp.HandlerFor(a.meters.registry, promhttp.HandlerOpts{}).ServeHTTP(w, r)
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
