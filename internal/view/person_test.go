package view_test

import (
	"context"
	"slices"
	"testing"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/view"
)

// newTalk is a shop whose conversations have three messages, a line about a
// change and two files each, one of them a picture inside a text.
func newTalk(t *testing.T, d *db.DB) *shop {
	t.Helper()
	s := newShop(t, d, 300)
	for _, kind := range []string{"inbound", "event", "outbound", "note"} {
		exec(t, d, `INSERT INTO message (conversation_id, origin_conversation_id, kind, author_type, text, created_at)
			SELECT id, id, '`+kind+`', 'customer', 'words', last_activity_at FROM conversation ORDER BY id`)
	}
	exec(t, d, `INSERT INTO attachment (message_id, name, content_type, size, inline, blob_key, created_at)
		SELECT id, 'a.txt', 'text/plain', 4, FALSE, 'k', 0 FROM message WHERE kind = 'inbound'`,
		`INSERT INTO attachment (message_id, name, content_type, size, inline, blob_key, created_at)
		SELECT id, 'b.png', 'image/png', 4, TRUE, 'k', 0 FROM message WHERE kind = 'inbound'`)
	return s
}

// wanted are the customer's conversations that the actor sees, newest activity first.
func (s *shop) wanted(a *access.Actor, customer int64) (out []int64) {
	list := slices.Clone(s.rows)
	slices.SortFunc(list, func(a, b row) int {
		if a.activity != b.activity {
			return int(b.activity - a.activity)
		}
		return int(b.id - a.id)
	})
	for _, c := range list {
		if c.customer == customer && c.seenBy(a) {
			out = append(out, c.id)
		}
	}
	return out
}

func TestTheTimelineTellsOnlyWhatTheAgentMaySee(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newTalk(t, d)
		svc := &view.Service{DB: d}
		for who, a := range actors() {
			ctx := access.With(context.Background(), a)
			for customer := int64(1); customer <= 30; customer++ {
				var said, files []int64
				var from *view.Spot
				for {
					list, next, err := svc.Timeline(ctx, customer, from, 4)
					if err != nil || len(list) > 4 {
						t.Fatalf("%d, %v", len(list), err)
					}
					for _, one := range list {
						if one.Kind == "event" || (one.Kind == "inbound") != (one.Files == 1) {
							t.Fatalf("%+v", one)
						}
						said = append(said, one.About.ID)
					}
					if from = next; next == nil {
						break
					}
				}
				for from = nil; ; {
					list, next, err := svc.Files(ctx, customer, from, 2)
					if err != nil || len(list) > 2 {
						t.Fatalf("%d, %v", len(list), err)
					}
					for _, f := range list {
						files = append(files, f.About.ID)
					}
					if from = next; next == nil {
						break
					}
				}
				want := s.wanted(a, customer)
				var three []int64
				for _, id := range want {
					three = append(three, id, id, id)
				}
				if !slices.Equal(said, three) || !slices.Equal(files, want) {
					t.Fatalf("%s, customer %d: said in %v, files of %v, want %v", who, customer, said, files, want)
				}
			}
		}
	})
}
