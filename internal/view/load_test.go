package view_test

import (
	"context"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/view"
)

func TestLoadSaysWhoIsThereAndWhatTheyHaveOpen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d, 300)
		now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
		svc := &view.Service{DB: d, Now: func() time.Time { return now }}
		if err := d.Write(context.Background(), func(tx *db.Tx) error {
			for id, seen := range map[int]time.Duration{1: time.Minute, 2: 5 * time.Minute, 3: time.Hour} {
				if _, err := tx.Exec(context.Background(), "UPDATE agent SET last_seen_at = ? WHERE id = ?", now.Add(-seen).UnixMilli(), id); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		want := map[int64]int64{}
		for _, c := range s.rows {
			if c.status == "open" {
				want[c.assignee]++
			}
		}
		list, err := svc.Loads(access.With(context.Background(), savedBy(bob)))
		if err != nil || len(list) == 0 {
			t.Fatal(list, err)
		}
		presence := map[int64]view.Presence{1: view.Online, 2: view.Away, 3: view.Offline}
		for _, l := range list {
			if l.Open != want[l.Agent] {
				t.Errorf("agent %d has %d, want %d", l.Agent, l.Open, want[l.Agent])
			}
			if p, ok := presence[l.Agent]; ok && l.Presence != p {
				t.Errorf("agent %d is %s, want %s", l.Agent, l.Presence, p)
			}
		}
		if err := d.Write(context.Background(), func(tx *db.Tx) error {
			_, err := tx.Exec(context.Background(), "UPDATE agent SET away = TRUE WHERE id = 1")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if list, err = svc.Loads(access.With(context.Background(), savedBy(bob))); err != nil || list[0].Presence != view.Away {
			t.Errorf("who says that they are away is %+v, %v", list[0], err)
		}
		if _, err := svc.Loads(context.Background()); err == nil {
			t.Error("a stranger was told")
		}
	})
}
