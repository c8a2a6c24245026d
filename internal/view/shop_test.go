package view_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/counter"
	"github.com/deskbell/deskbell/internal/platform/db"
)

// row is a conversation of the shop as the test knows it.
type row struct {
	id, inbox, team, assignee, customer  int64
	status                               conversation.Status
	priority                             string
	activity, waiting, due               int64
	tagged, followed, mentioned, drafted bool // drafted and followed by agent 2
}

// shop is a database full of conversations in three inboxes.
type shop struct {
	db   *db.DB
	rows []row
}

const (
	ann, bob, cleo = 1, 2, 3
	start          = int64(1_700_000_000_000)
)

func exec(t testing.TB, d *db.DB, texts ...string) {
	t.Helper()
	if err := d.Write(context.Background(), func(tx *db.Tx) error {
		for _, text := range texts {
			if _, err := tx.Exec(context.Background(), text); err != nil {
				return fmt.Errorf("%s: %w", text[:min(len(text), 200)], err)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// newShop fills the database with n conversations.
func newShop(t testing.TB, d *db.DB, n int) *shop {
	t.Helper()
	exec(t, d,
		"INSERT INTO brand (id, name, created_at) VALUES (1, 'Shop', 0)",
		`INSERT INTO inbox (id, brand_id, channel, name, address, created_at) VALUES (1, 1, 'email', 'A', 'a@shop.example', 0),
			(2, 1, 'email', 'B', 'b@shop.example', 0), (3, 1, 'email', 'C', 'c@shop.example', 0)`,
		"INSERT INTO role (id, role_key, name, permissions) VALUES (1, 'agent', 'Agent', '[]')",
		`INSERT INTO agent (id, email, name, role_id, created_at) VALUES (1, 'ann@shop.example', 'Ann', 1, 0),
			(2, 'bob@shop.example', 'Bob', 1, 0), (3, 'cleo@shop.example', 'Cleo', 1, 0)`,
		"INSERT INTO team (id, name, created_at) VALUES (1, 'Returns', 0), (2, 'Delivery', 0)",
		"INSERT INTO tag (id, name, color) VALUES (1, 'refund', 'red'), (2, 'rare', 'blue')")
	s := &shop{db: d}
	s.customers(t, 100)
	r := rand.New(rand.NewPCG(1, 2))
	statuses := []conversation.Status{"open", "open", "closed", "closed", "closed", "pending", "snoozed", "spam", "trash"}
	for i := range n {
		c := row{id: int64(i + 1), inbox: 1 + r.Int64N(3), team: r.Int64N(3), assignee: r.Int64N(4), customer: 1 + r.Int64N(100),
			status: statuses[r.IntN(len(statuses))], priority: []string{"low", "normal", "high", "urgent"}[r.IntN(4)],
			// Few different instants, so that order depends on ids too.
			activity: start + r.Int64N(int64(n))*60_000/3, waiting: conversation.Never, due: conversation.Never,
			tagged: r.IntN(5) == 0, followed: r.IntN(40) == 0, mentioned: r.IntN(40) == 0, drafted: r.IntN(60) == 0}
		if c.status == "open" {
			c.waiting = c.activity - r.Int64N(1_000_000)
			c.due = c.waiting + r.Int64N(1_000_000)
		}
		s.rows = append(s.rows, c)
	}
	s.write(t)
	return s
}

func (s *shop) customers(t testing.TB, n int) {
	var names, addresses []string
	for i := 1; i <= n; i++ {
		names = append(names, fmt.Sprintf("(%d, 'Customer %d', 0)", i, i))
		addresses = append(addresses, fmt.Sprintf("(%d, 'email', 'c%d@mail.example', 'C%d@mail.example', 0)", i, i, i))
	}
	exec(t, s.db, "INSERT INTO customer (id, name, created_at) VALUES "+strings.Join(names, ", "),
		"INSERT INTO customer_identity (customer_id, kind, value, shown, created_at) VALUES "+strings.Join(addresses, ", "))
}

func null(id int64) string {
	if id == 0 {
		return "NULL"
	}
	return fmt.Sprint(id)
}

func (s *shop) write(t testing.TB) {
	t.Helper()
	for from := 0; from < len(s.rows); from += 500 {
		var rows, tags, followers, drafts []string
		for _, c := range s.rows[from:min(from+500, len(s.rows))] {
			rows = append(rows, fmt.Sprintf("(%d, %d, 'email', %d, 'Subject %d', 'Where is my parcel?', '%s', '%s', %s, %s, %d, %d, %d, 9, 7, %d)",
				c.id, c.inbox, c.customer, c.id, c.status, c.priority, null(c.assignee), null(c.team), c.activity, c.waiting, c.due, c.activity))
			if c.tagged {
				tags = append(tags, fmt.Sprintf("(%d, 1)", c.id))
			}
			if c.id%500 == 7 {
				tags = append(tags, fmt.Sprintf("(%d, 2)", c.id))
			}
			for reason, on := range map[string]bool{"follow": c.followed, "mention": c.mentioned} {
				if on {
					followers = append(followers, fmt.Sprintf("(%d, 2, '%s', TRUE, %d)", c.id, reason, c.activity))
				}
			}
			if c.drafted {
				drafts = append(drafts, fmt.Sprintf("(%d, 2, '{}', 0)", c.id))
			}
		}
		texts := []string{`INSERT INTO conversation (id, inbox_id, channel, customer_id, subject, preview, status, priority, assignee_id, team_id,
			last_activity_at, waiting_since, due_at, last_message_id, last_inbound_id, created_at) VALUES ` + strings.Join(rows, ", ")}
		for head, list := range map[string][]string{
			"INSERT INTO conversation_tag (conversation_id, tag_id) VALUES ":                            tags,
			"INSERT INTO conversation_follower (conversation_id, agent_id, reason, unread, at) VALUES ": followers,
			"INSERT INTO draft (conversation_id, agent_id, content, updated_at) VALUES ":                drafts,
		} {
			if len(list) > 0 {
				texts = append(texts, head+strings.Join(list, ", "))
			}
		}
		exec(t, s.db, texts...)
	}
	s.count(t)
	if s.db.Dialect == db.Postgres {
		for _, table := range []string{"conversation", "conversation_follower", "conversation_tag", "customer", "customer_identity"} {
			if _, err := s.db.Handle().Exec("VACUUM ANALYZE " + table); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func (s *shop) count(t testing.TB) {
	if err := s.db.Write(context.Background(), func(tx *db.Tx) error {
		for _, c := range s.rows {
			counter.Add(tx, fmt.Sprintf("%s%s/%d/%d/%d", conversation.CellPrefix, c.status, c.inbox, c.team, c.assignee), 1)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// actors with what they see.
func actors() map[string]*access.Actor {
	all := map[access.Permission]bool{}
	for _, p := range access.All {
		all[p] = true
	}
	scoped := func(id int64, s access.Scope) *access.Actor {
		s.Agent = id
		return &access.Actor{AgentID: id, Permissions: all, Scope: s}
	}
	levels := func(a, b, c access.Level) map[int64]access.Level {
		out := map[int64]access.Level{}
		for i, l := range []access.Level{a, b, c} {
			if l != access.None {
				out[int64(i+1)] = l
			}
		}
		return out
	}
	return map[string]*access.Actor{
		"sees everything": scoped(ann, access.Scope{Everything: true}),
		"mixed levels":    scoped(bob, access.Scope{Inboxes: levels(access.Any, access.Team, access.Own), Teams: []int64{1}}),
		"two inboxes":     scoped(cleo, access.Scope{Inboxes: levels(access.None, access.Any, access.Any)}),
		"team only":       scoped(bob, access.Scope{Inboxes: levels(access.Team, access.Team, access.None), Teams: []int64{1, 2}}),
		"own only":        scoped(bob, access.Scope{Inboxes: levels(access.Own, access.Own, access.Own)}),
		"no inbox":        scoped(cleo, access.Scope{}),
	}
}

// seenBy is what the rule of seeing says of a row.
func (c row) seenBy(a *access.Actor) bool {
	return a.Scope.Sees(c.inbox, c.team, c.assignee) || c.assignee != 0 && c.assignee == a.AgentID ||
		a.AgentID == bob && (c.followed || c.mentioned)
}
