package bench

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/app"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// each runs fn with a fresh place for data on each database.
func each(t *testing.T, fn func(t *testing.T, c app.Config)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, app.Config{Data: t.TempDir(), NoSync: true})
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		fn(t, app.Config{Data: t.TempDir(), DatabaseURL: dbtest.PostgresURL(t)})
	})
}

func TestSeedWritesFourMessagesEachAndCanBeRepeated(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, c app.Config) {
		ctx := context.Background()
		var told bytes.Buffer
		for range 2 {
			if err := Seed(ctx, SeedOptions{Config: c, Conversations: 300, Progress: &told}); err != nil {
				t.Fatal(err)
			}
		}
		if !strings.Contains(told.String(), "300 of 300 conversations") {
			t.Errorf("progress says %q", told.String())
		}
		a, err := app.Open(ctx, c, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		for query, want := range map[string][2]int{
			"SELECT COUNT(*) FROM conversation":                       {600, 600},
			"SELECT COUNT(*) FROM message":                            {2400, 2400},
			"SELECT COUNT(*) FROM conversation WHERE status = 'open'": {70, 170},
			"SELECT COUNT(*) FROM inbox":                              {3, 3},
			"SELECT COUNT(*) FROM agent":                              {4, 4},
			"SELECT COUNT(*) FROM counter_delta":                      {0, 0},
			"SELECT COALESCE(SUM(value), 0) FROM counter WHERE name >= 'conversations/' AND name < 'conversations0'": {600, 600},
		} {
			if n := number(t, a.DB, query); n < want[0] || n > want[1] {
				t.Errorf("%s: %d, not between %d and %d", query, n, want[0], want[1])
			}
		}
	})
}

func number(t *testing.T, d *db.DB, query string) (n int) {
	t.Helper()
	if err := d.QueryRow(context.Background(), query).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

func TestSeedWantsANumber(t *testing.T) {
	t.Parallel()
	err := Seed(context.Background(), SeedOptions{Config: app.Config{Data: t.TempDir()}})
	if !errs.Is(err, errs.Invalid) {
		t.Error(err)
	}
}
