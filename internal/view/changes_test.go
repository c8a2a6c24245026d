package view_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/event"
	"github.com/deskbell/deskbell/internal/view"
)

func TestRememberedChangesAreThoseOfTheFeed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		remembered := view.Changes(20)
		r := rand.New(rand.NewPCG(5, 6))
		cursors := []event.Cursor{{}}
		for round := range 40 {
			err := d.Write(ctx, func(tx *db.Tx) error {
				for range r.IntN(12) + r.IntN(2)*r.IntN(20) {
					if _, err := tx.Exec(ctx, "INSERT INTO event (type, at, actor_type, conversation_id, data) VALUES ('x', 0, 'system', ?, '{}')", r.IntN(15)); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			dbtest.Settle(t, d)
			for _, after := range append(slices.Clone(cursors[max(0, len(cursors)-4):]), cursors[r.IntN(len(cursors))]) {
				want, end, err := view.ChangedSince(ctx, d, after, 100)
				if err != nil {
					t.Fatal(err)
				}
				got, seen, err := remembered(ctx, d, after, 100)
				slices.Sort(got)
				slices.Sort(want)
				if err != nil || seen != end || !slices.Equal(got, want) {
					t.Fatalf("round %d, behind %v: %v up to %v, %v; the feed has %v up to %v", round, after, got, seen, err, want, end)
				}
				cursors = append(cursors, end)
			}
		}
	})
}
