package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/deskbell/deskbell/internal/app"
)

var built struct {
	once sync.Once
	file string
	err  error
}

// real builds the program once.
func real(t *testing.T) string {
	t.Helper()
	built.once.Do(func() {
		dir, err := filepath.Abs("../../.cache")
		if err != nil {
			built.err = err
			return
		}
		built.file = filepath.Join(dir, "bench-test", "deskbell")
		if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", built.file, "../../cmd/deskbell").CombinedOutput(); err != nil {
			t.Logf("%s", out)
			built.err = err
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return built.file
}

func TestBenchmarksMeasureTheRealProgramAndLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	program := real(t)
	each(t, func(t *testing.T, c app.Config) {
		ctx := context.Background()
		if err := Seed(ctx, SeedOptions{Config: c, Conversations: 40}); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		err := Run(ctx, Options{Names: []string{"apikey", "list", "deep", "open", "search", "ingest", "views", "reply", "deliver"}, Data: c.Data, DatabaseURL: c.DatabaseURL,
			Scale: 0.01, JSON: true, Program: program}, &out)
		if err != nil {
			t.Fatal(err)
		}
		var report Report
		if err := json.Unmarshal(out.Bytes(), &report); err != nil || len(report.Results) != 9 || report.Conversations != 40 {
			t.Fatalf("%v\n%s", err, out.String())
		}
		for _, r := range report.Results {
			if r.Operations < 2 || r.P50 <= 0 || r.P99 < r.P50 {
				t.Errorf("%+v was not measured", r)
			}
		}
		a, err := app.Open(ctx, c, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		if n := number(t, a.DB, "SELECT COUNT(*) FROM api_key"); n != 0 {
			t.Errorf("%d API keys are left", n)
		}
		if n := number(t, a.DB, "SELECT COUNT(*) FROM inbox WHERE name LIKE 'Bench %' AND archived_at = 0"); n != 0 {
			t.Errorf("%d inboxes of the benchmarks still send", n)
		}
	})
}
