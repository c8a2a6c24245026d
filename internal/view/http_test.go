package view_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/event"
	"github.com/deskbell/deskbell/internal/platform/web"
	"github.com/deskbell/deskbell/internal/view"
)

// serve answers for the actor named in the Authorization header.
func serve(d *db.DB) http.Handler {
	api := web.New(web.Config{DB: d,
		Authenticate: func(r *http.Request) (context.Context, web.Who, error) {
			name := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
			a := actors()[name]
			if a == nil {
				return r.Context(), web.Who{}, nil
			}
			return access.With(r.Context(), a), web.Who{ID: name, Key: true}, nil
		},
		Need: func(ctx context.Context, p string) error { return access.From(ctx).Need(access.Permission(p)) },
	})
	view.Register(api, &view.Service{DB: d})
	return api.Handler()
}

func get(h http.Handler, who, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", "/api/v1"+path, nil)
	r.Header.Set("Authorization", "Bearer "+who)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func decode[T any](t *testing.T, w *httptest.ResponseRecorder) (out T) {
	t.Helper()
	if w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

type page struct {
	Items []struct {
		ID       int64
		Number   int64
		Subject  string
		Customer struct{ Email string }
		Tags     []any
		Waiting  *time.Time `json:"waiting_since"`
		Due      *time.Time `json:"due_at"`
	}
	Next string
}

func TestTheListOverHTTPFollowsItsCursor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d, 300)
		h := serve(d)
		var ids []int64
		cursor := ""
		for range 20 {
			p := decode[page](t, get(h, "two inboxes", "/conversations?status=open,closed&sort=waiting&limit=50&cursor="+cursor))
			for _, it := range p.Items {
				ids = append(ids, it.ID)
				if it.Number != it.ID || it.Tags == nil || !strings.HasSuffix(it.Customer.Email, "@mail.example") ||
					(it.Waiting != nil) != (s.rows[it.ID-1].status == "open") || (it.Waiting == nil) != (it.Due == nil) {
					t.Fatalf("%+v", it)
				}
			}
			if cursor = p.Next; cursor == "" {
				break
			}
		}
		f := view.Filter{Statuses: []conversation.Status{"open", "closed"}, Sort: view.Waiting}
		if want := s.want(f, actors()["two inboxes"]); !slices.Equal(ids, want) {
			t.Fatalf("got %v\nwant %v", ids, want)
		}
	})
}

func TestViewsAreFiltersByName(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	s := newShop(t, d, 300)
	h := serve(d)
	a := actors()["mixed levels"]
	open := []conversation.Status{"open"}
	for name, f := range map[string]view.Filter{
		"view=mine":               {Statuses: open, Assignee: bob},
		"assignee_id=me":          {Assignee: bob},
		"view=mine&status=closed": {Statuses: []conversation.Status{"closed"}, Assignee: bob},
		"view=unassigned":         {Statuses: open, Assignee: view.Nobody},
		"assignee_id=none":        {Assignee: view.Nobody},
		"view=mentions":           {Mentions: true},
		"view=drafts":             {Drafts: true},
		"view=spam":               {Statuses: []conversation.Status{"spam"}},
		"view=open&inbox_id=2":    {Statuses: open, Inbox: 2},
		"customer_id=7":           {Customer: 7},
		"priority=high&team_id=1": {Priority: "high", Team: 1},
	} {
		f.Sort = view.Newest
		p := decode[page](t, get(h, "mixed levels", "/conversations?limit=100&"+name))
		var ids []int64
		for _, it := range p.Items {
			ids = append(ids, it.ID)
		}
		if want := s.want(f, a); !slices.Equal(ids, want[:min(len(want), 100)]) {
			t.Errorf("%s: got %v\nwant %v", name, ids, want)
		}
	}
}

func TestWrongInputIsRefusedByName(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	h := serve(d)
	next := web.TextCursor("oldest 5", 1)
	for path, field := range map[string]string{
		"/conversations?status=lost":                     "query.status",
		"/conversations?without=priority":                "query.without",
		"/conversations?field=reason":                    "query.field",
		"/views/tabs?by=subject":                         "query.by",
		"/views/tabs?by=status&status=lost":              "query.status",
		"/conversations?view=lost":                       "query.view",
		"/conversations?sort=lost":                       "query.sort",
		"/conversations?assignee_id=-3":                  "query.assignee_id",
		"/conversations?assignee_id=you":                 "query.assignee_id",
		"/conversations?inbox_id=x":                      "query.inbox_id",
		"/conversations?limit=101":                       "query.limit",
		"/conversations?priority=x":                      "query.priority",
		"/conversations?cursor=%21":                      "query.cursor",
		"/conversations?cursor=" + next:                  "query.cursor",
		"/conversations?q=where":                         "query.q",
		"/events?after=x":                                "query.after",
		"/events?limit=0":                                "query.limit",
		"/conversations?customer_id=1e3":                 "query.customer_id",
		"/conversations?tag=" + strings.Repeat("x", 201): "query.tag",
	} {
		w := get(h, "sees everything", path)
		if w.Code != 422 || !strings.Contains(w.Body.String(), `"location":"`+field+`"`) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	for path, code := range map[string]int{"/conversations/1": 404, "/conversations/x": 422} {
		if w := get(h, "sees everything", path); w.Code != code {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	if w := get(h, "", "/conversations"); w.Code != 401 {
		t.Errorf("a stranger gets %d", w.Code)
	}
}

func TestCountsOverHTTPNameEveryView(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	newShop(t, d, 200)
	h := serve(d)
	got := decode[map[string]any](t, get(h, "sees everything", "/counts"))
	for _, name := range []string{"mine", "unassigned", "all_open", "pending", "snoozed", "closed", "drafts", "mentions", "spam", "trash", "needs_attention", "teams", "inboxes"} {
		if _, ok := got[name]; !ok {
			t.Errorf("%s is missing in %v", name, got)
		}
	}
	one := decode[map[string]any](t, get(h, "sees everything", "/conversations/5"))
	for _, name := range []string{"id", "subject", "links", "participants", "customer", "team", "following", "version", "last_message_id"} {
		if _, ok := one[name]; !ok {
			t.Errorf("%s is missing in %v", name, one)
		}
	}
}

type feedPage struct {
	Items []struct {
		ID, Type       string
		ConversationID *int64 `json:"conversation_id"`
		InboxID        *int64 `json:"inbox_id"`
		Data           map[string]any
	}
	Next string
}

func TestTheFeedShowsWhatTheCallerMaySee(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d, 120)
		feed := &event.Feed{Now: time.Now}
		if err := d.Write(context.Background(), func(tx *db.Tx) error {
			for _, c := range s.rows {
				e := event.Event{Type: conversation.MessageReceived, ActorType: "customer", Conversation: c.id, Inbox: c.inbox, Team: c.team, Assignee: c.assignee}
				if err := feed.Publish(context.Background(), tx, e); err != nil {
					return err
				}
				e.Type, e.ActorType, e.ActorID = conversation.Read, "agent", cleo
				if err := feed.Publish(context.Background(), tx, e); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		dbtest.Settle(t, d)
		h := serve(d)
		for who, a := range actors() {
			var got, want []int64
			cursor := ""
			for range 100 {
				p := decode[feedPage](t, get(h, who, "/events?limit=7&after="+cursor))
				for _, e := range p.Items {
					if e.Type == "conversation.read" && a.AgentID != cleo {
						t.Fatalf("%s sees what Cleo has read", who)
					}
					if e.Type == "message.received" {
						got = append(got, *e.ConversationID)
					}
				}
				if p.Next == cursor {
					break
				}
				cursor = p.Next
			}
			for _, c := range s.rows {
				if c.seenBy(a) {
					want = append(want, c.id)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: got %v\nwant %v", who, got, want)
			}
		}
	})
}

func TestACursorOlderThanTheFeedIsGone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := time.Now()
		feed := &event.Feed{Now: func() time.Time { return now }}
		publish := func() {
			if err := d.Write(context.Background(), func(tx *db.Tx) error {
				return feed.Publish(context.Background(), tx, event.Event{Type: conversation.Updated, ActorType: "system", Conversation: 1, Inbox: 1})
			}); err != nil {
				t.Fatal(err)
			}
		}
		publish()
		publish()
		dbtest.Settle(t, d)
		h := serve(d)
		p := decode[feedPage](t, get(h, "sees everything", "/events?limit=1"))
		if len(p.Items) != 1 || p.Items[0].ID != p.Next {
			t.Fatalf("%+v", p)
		}
		now = now.Add(event.Kept + time.Hour)
		publish()
		if _, err := event.Prune(context.Background(), d, now, 100); err != nil {
			t.Fatal(err)
		}
		dbtest.Settle(t, d)
		if w := get(h, "sees everything", "/events?after="+p.Next); w.Code != 410 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		future := event.Cursor{XID: 1 << 50, ID: 1}.String() // of before a backup was restored
		if w := get(h, "sees everything", "/events?after="+future); w.Code != 410 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		if p := decode[feedPage](t, get(h, "sees everything", "/events")); len(p.Items) != 1 {
			t.Fatalf("%+v", p)
		}
	})
}

// BenchmarkFirstPage is the open inbox of 100,000 conversations over HTTP.
func BenchmarkFirstPage(b *testing.B) {
	d := dbtest.SQLite(b)
	newShop(b, d, 100_000)
	exec(b, d, "DELETE FROM conversation_follower WHERE conversation_id % 20 <> 0") // about 250 are followed
	h := serve(d)
	for _, who := range []string{"sees everything", "mixed levels", "own only"} {
		for name, path := range map[string]string{
			"open": "/conversations?status=open", "usual": "/conversations", "mine": "/conversations?view=mine", "counts": "/counts",
			"waiting": "/conversations?status=open&sort=waiting", "tag": "/conversations?tag=refund", "unassigned": "/conversations?view=unassigned",
		} {
			b.Run(who+"/"+name, func(b *testing.B) {
				var took []time.Duration
				b.ReportAllocs()
				for b.Loop() {
					at := time.Now()
					if w := get(h, who, path); w.Code != 200 {
						b.Fatal(w.Code, w.Body)
					}
					took = append(took, time.Since(at))
				}
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
			})
		}
	}
}
