package app_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/app"
)

// scrape reads /metrics as Prometheus on the same machine does.
func scrape(t *testing.T, a *app.App) string {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "http://desk.example/metrics", nil)
	r.RemoteAddr = "127.0.0.1:1000"
	w := httptest.NewRecorder()
	a.API.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

// metricNames are those that the program has, with and without data.
func metricNames(t *testing.T) []string {
	t.Helper()
	a, key, in := shopOn(t, func(*app.Config) {})
	if _, err := postMail(a, key, in, mailOf(1)); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range regexp.MustCompile(`(?m)^# TYPE (\S+) (\S+)`).FindAllStringSubmatch(scrape(t, a), -1) {
		out = append(out, m[1])
		if m[2] == "histogram" {
			out = append(out, m[1]+"_count", m[1]+"_sum", m[1]+"_bucket")
		}
	}
	// What a fresh shop does not have yet.
	return append(out, "deskbell_inbox_receiving", "deskbell_inbox_backlog", "deskbell_inbox_last_success_timestamp_seconds",
		"deskbell_disk_days_left", "deskbell_leases")
}

var metricName = regexp.MustCompile(`\b(?:deskbell|process|go)_[a-z_]+`)

func TestTheDashboardAndTheAlertsNameMetricsThatThereAre(t *testing.T) {
	t.Parallel()
	have := metricNames(t)
	used := map[string]bool{}
	for _, file := range []string{"grafana-dashboard.json", "prometheus-alerts.yml"} {
		text, err := os.ReadFile(filepath.Join("../../deploy", file))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range metricName.FindAllString(string(text), -1) {
			used[name] = true
			if !slices.Contains(have, name) {
				t.Errorf("%s names %s, which the program does not have", file, name)
			}
		}
	}
	described := regexp.MustCompile(`gauge\("([a-z_]+)"`)
	text, err := os.ReadFile("metrics_read.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range described.FindAllStringSubmatch(string(text), -1) {
		if name := "deskbell_" + m[1]; !used[name] {
			t.Errorf("neither the dashboard nor an alert shows %s", name)
		}
	}
	var board struct {
		Panels []struct{ Title string }
	}
	text, err = os.ReadFile("../../deploy/grafana-dashboard.json")
	if err == nil {
		err = json.Unmarshal(text, &board)
	}
	if err != nil || len(board.Panels) < 20 {
		t.Errorf("the dashboard has %d panels, %v", len(board.Panels), err)
	}
}

func TestPrometheusUnderstandsTheAlertsAndTheMetrics(t *testing.T) {
	t.Parallel()
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not installed (apt-get install prometheus)")
	}
	if out, err := exec.Command(promtool, "check", "rules", "../../deploy/prometheus-alerts.yml").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	a, _, _ := shopOn(t, func(*app.Config) {})
	check := exec.Command(promtool, "check", "metrics")
	check.Stdin = strings.NewReader(scrape(t, a))
	if out, err := check.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestMetricsAreOnlyForThisMachineOrAKeyWithTheScope(t *testing.T) {
	t.Parallel()
	s := newSight(t)
	ask := func(from, header, key string) int {
		r := httptest.NewRequest(http.MethodGet, "http://desk.example/metrics", nil)
		r.RemoteAddr = from
		if header != "" {
			r.Header.Set(header, "192.0.2.1")
		}
		if key != "" {
			r.Header.Set("Authorization", "Bearer "+key)
		}
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		return w.Code
	}
	for _, c := range []struct {
		from, header, key string
		want              int
	}{
		{"127.0.0.1:1", "", "", 200},
		{"[::1]:1", "", "", 200},
		{"127.0.0.1:1", "X-Forwarded-For", "", 403},
		{"127.0.0.1:1", "Forwarded", "", 403},
		{"192.0.2.9:1", "", "", 403},
		{"192.0.2.9:1", "", s.keys[narrow], 403},
		{"192.0.2.9:1", "", s.key(t, s.ids[string(admin)], time.Time{}, access.Metrics), 200},
		{"192.0.2.9:1", "", s.keys[expired], 403},
	} {
		if got := ask(c.from, c.header, c.key); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
}
