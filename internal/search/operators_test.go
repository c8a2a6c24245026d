package search_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/search"
)

// shop has eight conversations, a day between them, the last at noon.
func (k *desk) shop() {
	person := func(name, address string) func(*conversation.Inbound) {
		return func(in *conversation.Inbound) {
			in.From = conversation.Person{Name: name, Address: address}
			in.To = []conversation.Person{{Name: "Shop", Address: "help@shop.example"}}
		}
	}
	file := func(in *conversation.Inbound) {
		in.Attachments = []conversation.NewAttachment{{Name: "bill.pdf", BlobKey: "x"}}
	}
	copied := func(in *conversation.Inbound) {
		in.Cc = []conversation.Person{{Name: "Courier", Address: "depot@courier.example"}}
	}
	day := func(n int) { k.now = noon.AddDate(0, 0, n) }
	day(-8)
	k.receive(1, "Lamp", "The lamp of anna is broken. Order LL-10482.", person("Bert Stone", "bert@mail.example"), file) // 1
	day(-7)
	k.receive(1, "Lamp", "Where is my lamp?", person("Anna Larsen", "anna@mail.example")) // 2
	day(-6)
	k.receive(2, "Сукня", "Де моя сукня?", person("Олена Коваль", "olena@mail.example"), copied) // 3
	day(-5)
	k.receive(2, "Kargo", "Siparişim nerede?", person("Çağla Işık", "cagla@mail.example")) // 4
	day(-4)
	k.receive(3, "返品", "返品したいです。", person("山田 花子", "hanako@mail.example"), file) // 5
	day(-3)
	k.receive(3, "Lamp", "Buy a lamp now", person("Spammer", "win@spam.example")) // 6
	day(-2)
	k.receive(1, "Mug", "A mug, please. LL-20001", person("Anna Larsen", "anna@mail.example")) // 7
	day(-1)
	k.receive(1, "Plate", "A plate", person("Bert Stone", "bert@mail.example")) // 8
	day(0)
	k.exec("INSERT INTO tag (id, name) VALUES (1, 'VIP'), (2, 'black friday')",
		"INSERT INTO conversation_tag (conversation_id, tag_id) VALUES (2, 1), (3, 1), (3, 2), (7, 2)",
		"UPDATE conversation SET status = 'spam' WHERE id = 6", "UPDATE conversation SET status = 'closed' WHERE id = 1",
		"UPDATE conversation SET status = 'trash' WHERE id = 8",
		"UPDATE conversation SET assignee_id = 1 WHERE id IN (2, 4)", "UPDATE conversation SET assignee_id = 2 WHERE id = 5",
		"UPDATE conversation SET team_id = 1, priority = 'urgent' WHERE id = 7",
		"INSERT INTO conversation_follower (conversation_id, agent_id, reason, at) VALUES (3, 1, 'follow', 0), (4, 1, 'mention', 0)",
		"INSERT INTO conversation_read (conversation_id, agent_id, message_id) VALUES (2, 1, 2), (3, 1, 2)",
		"INSERT INTO draft (conversation_id, agent_id, content, updated_at) VALUES (5, 1, '{}', 0)")
	if _, err := k.conversations.Note(admin, 7, conversation.NewNote{Text: "fragile"}, nil); err != nil {
		k.t.Fatal(err)
	}
}

func TestOperatorsNarrowTheSearch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.shop()
		for query, want := range map[string][]int64{
			// Words and operators: messages.
			"lamp": {2, 1}, "lamp from:anna": {2}, "lamp from:bert": {1}, "lamp -from:anna": {1}, "from:anna": {7, 2}, "from:larsen": {7, 2},
			"from:ANNA@mail.example": {7, 2}, "from:anna from:bert": {7, 2, 1}, "lamp from:nobodyhere": nil, "from:олена": {3}, "from:cagla": {4}, "from:ÇAĞLA": {4}, "from:山田": {5},
			`from:"anna larsen" mug`: {7}, "from:me": {7}, "from:me from:cagla": {7, 4}, "-from:me from:anna": {7, 2},
			"to:courier": {3}, "to:depot@courier.example": {3}, "to:help@shop.example -to:courier from:olena": nil, "сукня to:depot": {3},
			"has:attachment": {5, 1}, "lamp has:attachment": {1}, "lamp -has:attachment": {2}, "has:attachment is:closed": {1},
			"order:LL-10482": {1}, "order:10482": {1}, "order:ll-1": {1}, "lamp order:20001": nil, "order:LL-20001 mug": {7},
			"lamp is:spam": {6}, "lamp in:spam": {6}, "lamp in:anywhere": {6, 2, 1}, "lamp is:closed": {1}, "lamp -is:closed": {2}, "plate": nil, "plate in:trash": {8},
			"lamp tag:vip": {2}, "lamp -tag:vip": {1}, "lamp assignee:me": {2}, "lamp assignee:none": {1}, "lamp in:a": {2, 1}, "lamp in:B": nil,
			"lamp before:2026-11-20": {1}, "lamp after:2026-11-20": {2}, "lamp after:2026-11-19 before:2026-11-20": {1}, "lamp -after:2026-11-20": {1}, "lamp after:8d": {2, 1}, "lamp after:7d": {2},
			// Operators alone: conversations.
			"is:open": {7, 5, 4, 3, 2}, "is:closed": {1}, "is:open is:closed": {7, 5, 4, 3, 2, 1}, "is:spam": {6}, "in:trash": {8}, "-is:open": {1}, "in:anywhere -is:open": {8, 6, 1},
			"tag:vip": {3, 2}, "tag:VIP -tag:\"black friday\"": {2}, "tag:vip tag:\"Black Friday\"": {3}, "tag:“black friday”": {7, 3}, "has:tag": {7, 3, 2}, "-has:tag": {5, 4, 1},
			"assignee:me": {4, 2}, "assignee:ann": {4, 2}, "assignee:bob@shop.example": {5}, "assignee:me assignee:bob": {5, 4, 2}, "assignee:none": {7, 3, 1}, "is:unassigned": {7, 3, 1}, "-is:unassigned": {5, 4, 2},
			"-assignee:me": {7, 5, 3, 1}, "is:assigned is:open": {5, 4, 2}, "assignee:me assignee:none": {7, 4, 3, 2, 1},
			"in:a": {7, 2, 1}, "in:A is:open": {7, 2}, "in:a in:c": {7, 5, 2, 1}, "-in:a": {5, 4, 3}, "in:returns": {7}, "in:returns in:c": {7, 5}, "-in:returns in:a": {2, 1},
			"is:urgent": {7}, "-is:urgent in:a": {2, 1}, "is:urgent is:normal in:a": {7, 2, 1}, "is:following": {3}, "is:mentioned": {4}, "has:draft": {5}, "has:note": {7}, "-has:note in:a": {2, 1}, "has:reply": nil,
			"is:unread": {7, 5, 4, 3, 1}, "is:read": {2}, "-is:unread": {2}, "is:waiting is:urgent": {7},
			"before:2026-11-21": {2, 1}, "after:2026-11-24 in:anywhere": {8, 7, 6}, "after:yesterday in:anywhere": {8}, "after:2026-11-21 before:2026-11-23": {4, 3}, "after:今日": nil, "after:2d": {7}, "before:2025": nil, "is:open tag:vip assignee:me": {2},
		} {
			if got := k.ids(admin, query); !slices.Equal(got, want) {
				t.Errorf("%q finds %v, want %v", query, got, want)
			}
			got, _, err := k.Conversations(admin, query, 100)
			if slices.Sort(got); err != nil || !slices.Equal(got, slices.Sorted(slices.Values(want))) {
				t.Errorf("%q leads to %v, want %v (%v)", query, got, want, err)
			}
		}
		for _, it := range k.find(admin, "tag:vip") {
			if it.Type != search.Conversation || it.ID != it.Conversation || it.Snippet == "" {
				t.Errorf("%+v", it)
			}
		}
	})
}

func TestAFaultyOperatorIsNamed(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.SQLite(t))
	k.shop()
	hidden := as(bob, access.Scope{Inboxes: map[int64]access.Level{1: access.Any}})
	for query, names := range map[string]string{
		"lamp is:broken": "broken", "has:wings": "wings", "tag:nosuch": "nosuch", "assignee:zoe": "zoe", "in:attic": "attic", "before:whenever": "whenever",
		"after:2026-13-01": "2026-13-01", "after:0d": "0d", "from:!!!": "!!!", "-order:12": "order:", "is:open -is:open": "excludes each other", "sender:x": "sender:",
		"before:2026-01-01 after:2026-01-01": "excludes each other",
	} {
		_, _, err := k.Find(admin, search.Request{Query: query}, nil, 10)
		if !errs.Is(err, errs.Invalid) || !strings.Contains(fmt.Sprint(errs.TextOf(err)), names) && !strings.Contains(faults(err), names) {
			t.Errorf("%q: %v", query, err)
		}
	}
	// An inbox that bob may not see does not exist for him.
	if _, _, err := k.Find(hidden, search.Request{Query: "in:b"}, nil, 10); !errs.Is(err, errs.Invalid) {
		t.Errorf("a hidden inbox: %v", err)
	}
	if got := k.ids(hidden, "is:open"); !slices.Equal(got, []int64{7, 5, 2}) {
		t.Errorf("bob finds %v", got)
	}
	if got := k.ids(hidden, "has:attachment"); !slices.Equal(got, []int64{5, 1}) { // 5 is assigned to him
		t.Errorf("bob finds %v", got)
	}
	if got := k.ids(as(bob, access.Scope{}), "in:anywhere"); !slices.Equal(got, []int64{5}) {
		t.Errorf("bob without inboxes finds %v", got)
	}
}

func faults(err error) (all string) {
	var e *errs.Error
	if errors.As(err, &e) {
		for _, f := range e.Fields {
			all += f.Text.String() + " "
		}
	}
	return all
}

func TestADayBeginsWhereTheReaderIs(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.SQLite(t))
	k.now = time.Date(2026, 11, 26, 21, 30, 0, 0, time.UTC) // the 27th in Tokyo and in Kyiv
	k.receive(1, "Lamp", "lamp")
	for zone, want := range map[string]int{"UTC": 0, "Asia/Tokyo": 1, "America/New_York": 0, "Asia/Kolkata": 1} {
		z, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		for _, query := range []string{"lamp after:2026-11-27", "after:27.11.2026", "after:2026年11月27日"} {
			items, _, err := k.Find(admin, search.Request{Query: query, Zone: z}, nil, 10)
			if err != nil || len(items) != want {
				t.Errorf("%s, %s: %d, want %d (%v)", zone, query, len(items), want, err)
			}
		}
	}
	if w := get(k.serve(admin), "/search?q=lamp&time_zone=Mars/Olympus"); w.Code != 422 || !strings.Contains(w.Body.String(), "query.time_zone") {
		t.Error(w.Code, w.Body)
	}
}

// TestOperatorsAloneAreReadInPagesThatEnd: rows that no index leads to are tested, at most 20,000 in a call.
func TestOperatorsAloneAreReadInPagesThatEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		for i := range 30 {
			k.receive(1+int64(i%3), "Zebra", "zebra", func(in *conversation.Inbound) {
				in.To = []conversation.Person{{Address: fmt.Sprintf("shop%d@shop.example", i%2)}}
				in.At = noon.Add(-time.Duration(i/4) * time.Hour)
			})
		}
		for query, want := range map[string]int{"in:a": 10, "in:a in:b": 20, "to:shop1@shop.example": 15, "zebra to:shop1": 15, "after:2026-11-27": 30, "-in:a to:shop0": 10} {
			seen := map[int64]bool{}
			var from *search.Place
			for range 50 {
				items, next, err := k.Find(admin, search.Request{Query: query}, from, 4)
				if err != nil {
					t.Fatal(query, err)
				}
				for _, it := range items {
					if seen[it.ID] {
						t.Fatalf("%s: %d comes twice", query, it.ID)
					}
					seen[it.ID] = true
				}
				if from = next; next == nil {
					break
				}
			}
			if len(seen) != want || from != nil {
				t.Errorf("%s: %d, want %d", query, len(seen), want)
			}
		}
	})
}

// TestTheNewestAreWalkedThroughTheirKeys: no row is sorted and none is read twice.
func TestTheNewestAreWalkedThroughTheirKeys(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	plan := explain(t, d, search.WalkText(d.Dialect, "c.inbox_id = 1", " AND EXISTS (SELECT 1 FROM attachment f WHERE f.message_id = d.message_id AND f.inline = FALSE)"), 9, 0, 20000, 10)
	if strings.Contains(plan, "TEMP B-TREE") || strings.Contains(plan, "AUTOMATIC") || strings.Contains(plan, "SCAN c") ||
		!strings.Contains(plan, "USING INTEGER PRIMARY KEY") || !strings.Contains(plan, "attachment_message") {
		t.Error(plan)
	}
}

func explain(t *testing.T, d *db.DB, text string, args ...any) string {
	t.Helper()
	rows, err := d.Query(context.Background(), "EXPLAIN QUERY PLAN "+text, args...)
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
	return strings.Join(steps, "\n")
}
