package search_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/search"
)

// furnished is a desk with n messages in four languages, of which some are not
// to be found by everybody. Every fourth week is empty, and one is crowded.
func furnished(t *testing.T, d *db.DB, n int) *desk {
	k := newDesk(t, d)
	fill(k, n)
	k.exec("UPDATE message SET created_at = created_at + (id / 100) * 604800000 WHERE id < 200", "UPDATE message SET created_at = 1770000000000 + id % 7 WHERE id > 230 AND id < 280",
		"UPDATE conversation SET status = 'closed' WHERE id % 3 = 0", "UPDATE conversation SET status = 'spam' WHERE id % 11 = 0", "UPDATE conversation SET team_id = 1 WHERE id % 5 = 0",
		"INSERT INTO conversation_follower (conversation_id, agent_id, reason, at) SELECT id, 2, 'follow', 0 FROM conversation WHERE id % 13 = 0")
	index(k, n)
	k.SmallSteps()
	return k
}

// pages walks through all results, a few at once.
func (k *desk) pages(ctx context.Context, query string, limit int) (out []string) {
	k.t.Helper()
	var from *search.Place
	for range 1000 {
		items, next, err := k.Find(ctx, search.Request{Query: query}, from, limit)
		if err != nil {
			return append(out, err.Error())
		}
		for _, it := range items {
			out = append(out, fmt.Sprintf("%s %d at %s", it.Type, it.ID, it.At.Format(time.RFC3339Nano)))
		}
		if from = next; next == nil {
			return out
		}
	}
	k.t.Fatalf("%q does not end", query)
	return nil
}

// anyQuery is something that people might look for among the messages of [fill].
func anyQuery(r *rand.Rand) string {
	var parts []string
	for range 1 + r.IntN(3) {
		list := words[[]string{"en", "uk", "tr", "ja"}[r.IntN(4)]]
		w := []rune(list[r.IntN(len(list))])
		switch r.IntN(9) {
		case 0:
			w = w[:min(len(w), 2)]
		case 1:
			w = w[:min(len(w), 1+r.IntN(4))]
		case 2:
			w = []rune(`"` + string(w) + " " + list[r.IntN(len(list))] + `"`)
		case 3:
			w = []rune([]string{"zebra", "carla", "carla12@mail.example", "carla1", "from:carla", "is:closed", "in:B", "after:2026-02-01", "before:2026-02-03", "-in:A", "has:attachment"}[r.IntN(11)])
		}
		parts = append(parts, string(w))
	}
	return strings.Join(parts, " ")
}

func TestBothDatabasesFindTheSameWhateverIsLookedFor(t *testing.T) {
	t.Parallel()
	const n = 400
	one, other := furnished(t, dbtest.SQLite(t), n), furnished(t, dbtest.Postgres(t), n)
	actors := []context.Context{admin, as(bob, access.Scope{Inboxes: map[int64]access.Level{1: access.Any, 2: access.Own}}),
		as(bob, access.Scope{Inboxes: map[int64]access.Level{1: access.Team, 3: access.Own}, Teams: []int64{1}})}
	r := rand.New(rand.NewPCG(3, 4))
	some := 0
	for range 80 {
		query, limit, who := anyQuery(r), 3+r.IntN(30), r.IntN(len(actors))
		want, got := one.pages(actors[who], query, 100), other.pages(actors[who], query, limit)
		if !slices.Equal(got, want) {
			t.Errorf("%q, actor %d, %d at once:\n got %d %q\nwant %d %q", query, who, limit, len(got), got, len(want), want)
		}
		if len(want) > 0 {
			some++
		}
	}
	if some < 25 {
		t.Errorf("only %d queries find anything", some)
	}
}

// TestAnImpatientSearchGoesOnFromItsCursor: each call ends after one step, and
// all of them together find what a patient one does.
func TestAnImpatientSearchGoesOnFromItsCursor(t *testing.T) {
	t.Parallel()
	k := furnished(t, dbtest.Postgres(t), 300)
	queries := []string{"parcel", "today order", `"order parcel"`, "zebra", "東京", "carla12@mail.example"}
	var want [][]string
	for _, q := range queries {
		want = append(want, k.pages(admin, q, 5))
	}
	k.Now = func() time.Time {
		k.now = k.now.Add(time.Minute)
		return k.now
	}
	for i, q := range queries {
		if got := k.pages(admin, q, 5); !slices.Equal(got, want[i]) {
			t.Errorf("%q:\n got %q\nwant %q", q, got, want[i])
		}
	}
	items, next, err := k.Find(admin, search.Request{Query: "zebra"}, nil, 5)
	if err != nil || len(items) != 0 || next == nil {
		t.Errorf("%d items, next %v, %v: not looked at everything, and no cursor", len(items), next, err)
	}
}

// TestStepsOfASearchReadNoMoreThanTheirPart: the newest are walked through the
// primary key; a stretch of time is what the word index and the primary key have
// in common, also before anything is known of the table.
func TestStepsOfASearchReadNoMoreThanTheirPart(t *testing.T) {
	t.Parallel()
	d := dbtest.Postgres(t)
	k := newDesk(t, d)
	fill(k, 200)
	index(k, 200)
	k.exec("INSERT INTO search_document SELECT doc + (i << 40), message_id, conversation_id, customer_id, analyzer, terms FROM search_document, generate_series(1, 100) i")
	for _, known := range []bool{false, true} {
		if known {
			if _, err := d.Handle().Exec("ANALYZE search_document"); err != nil {
				t.Fatal(err)
			}
		}
		plans, err := search.StepPlans(context.Background(), d, "parcel")
		if err != nil {
			t.Fatal(err)
		}
		for kind, want := range [][]string{
			{"Index Scan Backward using search_document_pkey on search_document"},
			{"BitmapAnd", "Bitmap Index Scan on search_document_terms", "Bitmap Index Scan on search_document_pkey"},
			{"Bitmap Index Scan on search_document_terms"},
		} {
			for _, part := range append(want, "CTE d") {
				if !strings.Contains(plans[kind], part) {
					t.Errorf("step %d, statistics: %v: no %s in\n%s", kind, known, part, plans[kind])
				}
			}
			if strings.Contains(plans[kind], "Seq Scan on search_document") {
				t.Errorf("step %d, statistics: %v: reads a whole table:\n%s", kind, known, plans[kind])
			}
		}
	}
}
