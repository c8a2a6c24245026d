package search_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/web"
	"github.com/deskbell/deskbell/internal/search"
)

// serve answers as the actor of ctx.
func (k *desk) serve(ctx context.Context) http.Handler {
	api := web.New(web.Config{DB: k.DB,
		Authenticate: func(r *http.Request) (context.Context, web.Who, error) {
			return access.With(r.Context(), access.From(ctx)), web.Who{ID: "key:1", Key: true}, nil
		},
		Need: func(ctx context.Context, p string) error { return access.From(ctx).Need(access.Permission(p)) },
	})
	search.Register(api, k.Service)
	return api.Handler()
}

func get(h http.Handler, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/api/v1"+path, nil))
	return w
}

func TestSearchOverHTTPPagesThroughEverything(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		for range 9 {
			k.receive(1, "Stripes", "A zebra & more")
		}
		h := k.serve(admin)
		found, cursor := 0, ""
		for range 10 {
			w := get(h, "/search?q=zebra&limit=4&cursor="+url.QueryEscape(cursor))
			var page struct {
				Items []struct {
					Type, Title, Snippet string
					ID                   int64
					ConversationID       int64 `json:"conversation_id"`
				}
				Next string
			}
			if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || w.Code != 200 {
				t.Fatal(w.Code, w.Body, err)
			}
			for _, it := range page.Items {
				if it.Type != "message" || it.Title != "Stripes" || it.Snippet != "A <mark>zebra</mark> &amp; more" || it.ConversationID == 0 {
					t.Fatalf("%+v", it)
				}
			}
			found += len(page.Items)
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		if found != 9 {
			t.Errorf("%d found", found)
		}
	})
}

func TestAWrongSearchIsRefusedByName(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.SQLite(t))
	h := k.serve(admin)
	for path, field := range map[string]string{
		"/search":                                "query.q",
		"/search?q=" + strings.Repeat("a", 1001): "query.q",
		"/search?q=a&limit=0":                    "query.limit",
		"/search?q=a&cursor=%21":                 "query.cursor",
	} {
		if w := get(h, path); w.Code != 422 || !strings.Contains(w.Body.String(), `"location":"`+field+`"`) {
			t.Errorf("%s: %d %s", path[:min(len(path), 40)], w.Code, w.Body)
		}
	}
	nobody := access.With(context.Background(), &access.Actor{AgentID: 1})
	if w := get(k.serve(nobody), "/search?q=a"); w.Code != 403 {
		t.Errorf("without the permission: %d", w.Code)
	}
}

// TestAFrequentWordIsNotReadToItsEnd: the index is a coroutine that the page stops.
func TestAFrequentWordIsNotReadToItsEnd(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	rows, err := d.Query(context.Background(), "EXPLAIN QUERY PLAN "+search.MatchSQLite("c.inbox_id = 1"), "x", 1, 0, 20000, 10)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var a, b, c int
		var step string
		if err := rows.Scan(&a, &b, &c, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	plan := strings.Join(steps, "\n")
	if !strings.Contains(plan, "CO-ROUTINE s") || strings.Contains(plan, "TEMP B-TREE") || strings.Contains(plan, "AUTOMATIC") ||
		!strings.Contains(plan, "SEARCH d USING INTEGER PRIMARY KEY") || !strings.Contains(plan, "SEARCH c USING INTEGER PRIMARY KEY") {
		t.Error(plan)
	}
}

// TestAnOwnOnlyAgentOfAFullInboxIsAnsweredWithinTheBound: candidates that are not
// theirs are not tested without end, and nothing of theirs is left out.
func TestAnOwnOnlyAgentOfAFullInboxIsAnsweredWithinTheBound(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	k := newDesk(t, d)
	first := k.receive(1, "Mine", "zebra")
	k.exec("UPDATE conversation SET assignee_id = 2")
	other := k.receive(1, "Other", "zebra")
	// Copies of the other's document, newer than mine.
	base := noon.UnixMilli() + 3_600_000
	k.exec(
		"CREATE TEMP TABLE n (i INTEGER)",
		"INSERT INTO n WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 25000) SELECT i FROM c",
	)
	k.write(func(tx *db.Tx) error {
		ctx := context.Background()
		if _, err := tx.Exec(ctx, `INSERT INTO search_document (doc, message_id, conversation_id, customer_id, analyzer)
			SELECT (? + i) << 20, ?, ?, 1, 1 FROM n`, base, other.Message, other.Conversation); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "INSERT INTO search_index (rowid, terms) SELECT (? + i) << 20, 'zebra ªin1' FROM n", base)
		return err
	})
	bob := as(bob, access.Scope{Inboxes: map[int64]access.Level{1: access.Own}})
	items, next, err := k.Find(bob, search.Request{Query: "zebra"}, nil, 10)
	if err != nil || len(items) != 0 || next == nil {
		t.Fatalf("%d items, next %v, %v", len(items), next, err)
	}
	items, next, err = k.Find(bob, search.Request{Query: "zebra"}, next, 10)
	if err != nil || len(items) != 1 || items[0].Conversation != first.Conversation || next != nil {
		t.Fatalf("%+v, next %v, %v", items, next, err)
	}
}
