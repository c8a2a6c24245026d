package app

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

func TestRetentionDeletesAllThatIsTooOldAndNothingElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, now := context.Background(), time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
		a := &App{DB: d, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)}
		const old, fresh = 2*prunedTogether + 7, 3
		err := d.Write(ctx, func(tx *db.Tx) error {
			for n := range old + fresh {
				at, said := now.AddDate(0, 0, -91), now.Add(-25*time.Hour)
				if n >= old {
					at, said = now.AddDate(0, 0, -89), now.Add(-23*time.Hour)
				}
				if _, err := tx.Exec(ctx, "INSERT INTO event (type, at, actor_type, data) VALUES ('test', ?, 'system', '{}')", at.UnixMilli()); err != nil {
					return err
				}
				if _, err := tx.Exec(ctx, "INSERT INTO idempotency (actor, route, name, body_hash, created_at) VALUES ('a', 'r', ?, ?, ?)",
					at.Add(time.Duration(n)).String(), []byte{1}, said.UnixMilli()); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := a.retain(ctx); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"event", "idempotency"} {
			var n int
			if err := d.QueryRow(ctx, "SELECT COUNT(*) FROM "+table).Scan(&n); err != nil || n != fresh {
				t.Errorf("%d rows of %s are left, want %d: %v", n, table, fresh, err)
			}
		}
	})
}
