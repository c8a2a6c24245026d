package demo

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/ledger"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/event"
	"github.com/deskbell/deskbell/internal/team"
)

var now = time.Date(2026, 11, 19, 18, 42, 0, 0, time.UTC)

// shop is a fresh installation.
func shop(t testing.TB, d *db.DB) Deps {
	t.Helper()
	clock := func() time.Time { return now }
	l := &ledger.Service{DB: d, Now: clock}
	feed := &event.Feed{Now: clock, Reactions: l.Reactions()}
	people := team.New(team.Config{DB: d, Now: clock})
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		var roles []team.Role
		for _, key := range []string{"owner", "lead", "agent", "light_agent"} {
			roles = append(roles, team.Role{Key: key, Name: key})
		}
		if _, err := tx.Exec(context.Background(), "INSERT INTO brand (name, created_at) VALUES ('Shop', 0)"); err != nil {
			return err
		}
		return people.SeedRolesTx(context.Background(), tx, roles)
	})
	if err != nil {
		t.Fatal(err)
	}
	inboxes := &inbox.Service{DB: d, Feed: feed, Now: clock}
	files := 0
	return Deps{
		Conversations: &conversation.Service{DB: d, Feed: feed, Now: clock, Customers: &customer.Service{DB: d, Feed: feed, Now: clock},
			Inbox: func(context.Context, db.Queryer, int64) (conversation.InboxSettings, error) {
				return conversation.InboxSettings{Channel: "email", Address: "support@lindenandloom.example"}, nil
			}},
		CreateTeam: func(ctx context.Context, name string) (int64, error) {
			made, err := people.CreateTeam(ctx, name, nil, nil)
			return made.ID, err
		},
		CreateAgent: func(ctx context.Context, a Agent) (id int64, err error) {
			err = d.Write(ctx, func(tx *db.Tx) error {
				role, err := people.RoleByKeyTx(ctx, tx, a.Role)
				if err != nil {
					return err
				}
				id, err = people.CreateTx(ctx, tx, team.NewAgent{Name: a.Name, Email: a.Email, Role: role.ID, Locale: a.Locale, Teams: a.Teams})
				return err
			})
			return id, err
		},
		CreateInbox: func(ctx context.Context, i inbox.Inbox) (int64, error) {
			made, err := inboxes.Create(ctx, 0, i, inbox.Passwords{})
			if err != nil {
				return 0, err
			}
			return int64(made.ID), nil
		},
		Blob: func(_ context.Context, name, _ string, data []byte) (string, error) {
			files++
			return strings.Repeat("x", 10) + string(rune('a'+files%26)) + name, nil
		},
	}
}

func fill(t testing.TB, d *db.DB, o Options) Summary {
	t.Helper()
	o.Now = now
	s, err := Fill(context.Background(), shop(t, d), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// number reads one count.
func number(t *testing.T, d *db.DB, query string, args ...any) (n int) {
	t.Helper()
	if err := d.QueryRow(context.Background(), query, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

func TestShopLooksLikeAShop(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := fill(t, d, Options{Conversations: 2200, Seed: 1})
		for _, c := range []struct {
			what, query string
			least, most int
		}{
			{"conversations", "SELECT COUNT(*) FROM conversation", 2200, 2200},
			{"open ones", "SELECT COUNT(*) FROM conversation WHERE status = 'open'", 45, 90},
			{"unassigned open ones", "SELECT COUNT(*) FROM conversation WHERE status = 'open' AND assignee_id IS NULL", 5, 40},
			{"pending ones", "SELECT COUNT(*) FROM conversation WHERE status = 'pending'", 10, 80},
			{"snoozed ones", "SELECT COUNT(*) FROM conversation WHERE status = 'snoozed'", 2, 40},
			{"spam", "SELECT COUNT(*) FROM conversation WHERE status = 'spam'", 5, 40},
			{"unread open ones", "SELECT COUNT(*) FROM conversation WHERE status = 'open' AND read_floor < last_inbound_id", 20, 70},
			{"urgent ones", "SELECT COUNT(*) FROM conversation WHERE priority = 'urgent'", 5, 80},
			{"notes", "SELECT COUNT(*) FROM message WHERE kind = 'note'", 200, 1000},
			{"mentions", "SELECT COUNT(*) FROM conversation_follower WHERE reason = 'mention'", 50, 600},
			{"files", "SELECT COUNT(*) FROM attachment", 10, 200},
			{"long threads", "SELECT COUNT(*) FROM (SELECT conversation_id FROM message GROUP BY conversation_id HAVING COUNT(*) > 9) AS big", 5, 60},
			{"customers", "SELECT COUNT(*) FROM customer", 1200, 1900},
			{"tags", "SELECT COUNT(*) FROM tag", 15, 40},
			{"Japanese mail", "SELECT COUNT(*) FROM message WHERE kind = 'inbound' AND author_address LIKE '%.example.jp'", 330, 800},
			{"messages of the future", "SELECT COUNT(*) FROM message WHERE created_at > ?", 0, 0},
		} {
			var args []any
			if strings.Contains(c.query, "?") {
				args = append(args, now.UnixMilli())
			}
			if n := number(t, d, c.query, args...); n < c.least || n > c.most {
				t.Errorf("%s: %d, not between %d and %d", c.what, n, c.least, c.most)
			}
		}
		if len(s.Agents) < 5 || len(s.Teams) != 3 || len(s.Inboxes) != 3 || s.Owner.Email != "ayse@lindenandloom.example" {
			t.Errorf("the people of the shop are %+v", s)
		}
		l := &ledger.Service{DB: d, Now: func() time.Time { return now }}
		if b, err := l.Balance(context.Background(), false); err != nil || !b.Balanced || b.Counts["received"] != 0 {
			t.Errorf("the ledger knows of mail that never came: %+v, %v", b, err)
		}
	})
}

func TestNovemberStandsOut(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	fill(t, d, Options{Conversations: 2200, Seed: 2})
	month := func(y int, m time.Month) int {
		from := time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
		return number(t, d, "SELECT COUNT(*) FROM conversation WHERE created_at >= ? AND created_at < ?", from.UnixMilli(), from.AddDate(0, 1, 0).UnixMilli())
	}
	if now := month(2026, time.November); now < 2*month(2026, time.July) || now < 2*month(2026, time.February) {
		t.Errorf("%d in November so far is no peak", now)
	}
	if first := number(t, d, "SELECT MIN(created_at / 1000) FROM conversation"); int64(first) < now.AddDate(-1, 0, -2).Unix() {
		t.Errorf("the first conversation is older than a year: %v", time.Unix(int64(first), 0))
	}
}

func TestSameSeedFillsTheSameShop(t *testing.T) {
	t.Parallel()
	read := func() string {
		d := dbtest.SQLite(t)
		fill(t, d, Options{Conversations: 150, Seed: 9})
		rows, err := d.Query(context.Background(), "SELECT kind, author_name, text, created_at FROM message ORDER BY id")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		var all strings.Builder
		for rows.Next() {
			var kind, name, text, at string
			if err := rows.Scan(&kind, &name, &text, &at); err != nil {
				t.Fatal(err)
			}
			all.WriteString(kind + name + text + at)
		}
		return all.String()
	}
	if read() != read() {
		t.Error("two shops of one seed differ")
	}
}

func TestSmallShopsWork(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 3, 60} {
		if s := fill(t, dbtest.SQLite(t), Options{Conversations: n}); s.Conversations != n {
			t.Errorf("%d conversations, not %d", s.Conversations, n)
		}
	}
}

func BenchmarkFill(b *testing.B) {
	for b.Loop() {
		fill(b, dbtest.SQLite(b), Options{})
	}
}
