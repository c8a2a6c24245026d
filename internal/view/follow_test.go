package view_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/view"
)

// newFollower is an agent of no inbox who follows every tenth of n conversations
// and was mentioned in every twentieth.
func newFollower(t testing.TB, d *db.DB, n int) (*shop, context.Context) {
	s := newShop(t, d, n)
	exec(t, d, "DELETE FROM conversation_follower",
		"INSERT INTO conversation_follower (conversation_id, agent_id, reason, unread, at) SELECT id, 3, 'follow', FALSE, created_at FROM conversation WHERE id % 10 = 0",
		"INSERT INTO conversation_follower (conversation_id, agent_id, reason, unread, at) SELECT id, 3, 'mention', TRUE, created_at FROM conversation WHERE id % 20 = 0")
	return s, access.With(context.Background(), actors()["no inbox"])
}

func TestWhatIsFollowedKeepsItsPlaceInListsWhateverHappensToIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		newFollower(t, d, 300)
		exec(t, d, // as programs do that do not know of the copies
			"UPDATE conversation SET status = 'closed', last_activity_at = last_activity_at + 1000, waiting_since = 5, due_at = 6 WHERE id % 30 = 0",
			"UPDATE conversation SET inbox_id = 2, team_id = NULL, assignee_id = 2 WHERE id % 50 = 0",
			"UPDATE conversation_follower SET unread = FALSE WHERE conversation_id = 20")
		var rows, wrong int
		err := d.QueryRow(context.Background(), `SELECT COUNT(*), COALESCE(SUM(CASE WHEN f.status = c.status AND f.inbox_id = c.inbox_id AND f.team_id = COALESCE(c.team_id, 0)
			AND f.assignee_id = COALESCE(c.assignee_id, 0) AND f.last_activity_at = c.last_activity_at AND f.waiting_since = c.waiting_since AND f.due_at = c.due_at
			THEN 0 ELSE 1 END), 0) FROM conversation_follower f JOIN conversation c ON c.id = f.conversation_id`).Scan(&rows, &wrong)
		if err != nil || rows != 45 || wrong != 0 {
			t.Errorf("%d of %d copies are wrong, %v", wrong, rows, err)
		}
	})
}

func TestWhoFollowsHundredsPagesThroughAllOfThemOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := newFollower(t, d, 900)
		svc := &view.Service{DB: d}
		for _, order := range orders {
			for _, f := range []view.Filter{{Sort: order}, {Sort: order, Follows: true}, {Sort: order, Mentions: true}, {Sort: order, Priority: "high"}} {
				step := int64(10)
				if f.Mentions {
					step = 20
				}
				want := map[int64]bool{}
				for _, c := range s.rows {
					follows := c.id%step == 0 || !f.Follows && !f.Mentions && c.assignee == cleo
					if follows && c.status != "spam" && c.status != "trash" && (f.Priority == "" || c.priority == string(f.Priority)) {
						want[c.id] = true
					}
				}
				got := pagedIDs(ctx, t, svc, f)
				for _, id := range got {
					if !want[id] {
						t.Fatalf("%s: conversation %d is there, or twice", order, id)
					}
					delete(want, id)
				}
				if len(want) > 0 {
					t.Fatalf("%s: %d are missing", order, len(want))
				}
			}
		}
	})
}

func pagedIDs(ctx context.Context, t *testing.T, svc *view.Service, f view.Filter) (ids []int64) {
	t.Helper()
	var from *view.Place
	for {
		items, next, err := svc.List(ctx, f, from, 20)
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range items {
			ids = append(ids, it.ID)
		}
		if next == nil {
			return ids
		}
		from = next
	}
}

// TestAPageOfWhatIsFollowedIsWalkedInItsOrder: neither database sorts, or looks
// at conversations that it does not return.
func TestAPageOfWhatIsFollowedIsWalkedInItsOrder(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	newFollower(t, d, 3000)
	svc := &view.Service{DB: d}
	for _, f := range []view.Filter{{}, {Follows: true}, {Mentions: true}} {
		for _, f.Sort = range orders {
			e, err := svc.Explain(context.Background(), actors()["no inbox"], f, 51)
			if err != nil {
				t.Fatal(err)
			}
			if slices.Contains(e.Indexes, "") {
				t.Errorf("%+v has a part that is sorted", f)
			}
			checkSteps(t, fmt.Sprintf("%+v", f), e.Indexes, explain(t, d, "EXPLAIN QUERY PLAN "+e.Text, e.Args))
			if f.Follows && strings.Contains(e.Text, "conversation AS c") {
				t.Errorf("conversations are read: %s", e.Text)
			}
		}
	}
}

// BenchmarkFirstPageOfWhoFollowsHundreds: 300 followed of 3,000.
func BenchmarkFirstPageOfWhoFollowsHundreds(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			d := open(b)
			_, ctx := newFollower(b, d, 3000)
			svc := &view.Service{DB: d}
			for what, f := range map[string]view.Filter{"all": {}, "open": {Statuses: []conversation.Status{"open"}}, "following": {Follows: true}} {
				b.Run(what, func(b *testing.B) {
					for b.Loop() {
						if items, _, err := svc.List(ctx, f, nil, 50); err != nil || len(items) == 0 {
							b.Fatal(len(items), err)
						}
					}
				})
			}
			b.Run("counts", func(b *testing.B) {
				for b.Loop() {
					if _, err := svc.Counts(ctx); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}
