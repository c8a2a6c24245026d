package view_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/view"
)

// lists are what the console asks for, and freer filters.
func lists() map[string]view.Filter {
	open := []conversation.Status{"open"}
	return map[string]view.Filter{
		"usual":               {},
		"open":                {Statuses: open},
		"closed":              {Statuses: []conversation.Status{"closed"}},
		"spam":                {Statuses: []conversation.Status{"spam"}},
		"inbox":               {Statuses: open, Inbox: 2},
		"inbox, all":          {Inbox: 1},
		"unknown inbox":       {Inbox: 99},
		"team":                {Statuses: open, Team: 1},
		"mine":                {Statuses: open, Assignee: bob},
		"of a colleague":      {Assignee: cleo},
		"unassigned":          {Statuses: open, Assignee: view.Nobody},
		"unassigned, closed":  {Statuses: []conversation.Status{"closed"}, Assignee: view.Nobody},
		"inbox and team":      {Inbox: 1, Team: 2},
		"inbox, not assigned": {Inbox: 2, Statuses: open, Assignee: view.Nobody},
		"tag":                 {Tag: "refund"},
		"rare tag":            {Tag: "rare"},
		"rare tag, inbox":     {Tag: "rare", Inbox: 3},
		"unknown tag":         {Tag: "nothing"},
		"priority":            {Priority: "urgent"},
		"customer":            {Customer: 5},
		"mentions":            {Mentions: true},
		"mentions with a tag": {Mentions: true, Tag: "rare"},
		"drafts":              {Drafts: true},
		"channel":             {Channel: "chat"},
	}
}

func (c row) matches(f view.Filter, a *access.Actor) bool {
	in := func(want, have int64) bool { return want == 0 || want == have }
	status := slices.Contains(f.Statuses, c.status) || len(f.Statuses) == 0 && c.status != "spam" && c.status != "trash"
	assignee := f.Assignee == view.Nobody && c.assignee == 0 || in(f.Assignee, c.assignee)
	tag := f.Tag == "" || f.Tag == "refund" && c.tagged || f.Tag == "rare" && c.id%500 == 7
	return status && assignee && tag && in(f.Inbox, c.inbox) && in(f.Team, c.team) && in(f.Customer, c.customer) &&
		(f.Priority == "" || string(f.Priority) == c.priority) && f.Channel == "" &&
		(!f.Mentions || c.mentioned && a.AgentID == bob) && (!f.Drafts || c.drafted && a.AgentID == bob)
}

// want is what the list must show, in order.
func (s *shop) want(f view.Filter, a *access.Actor) (ids []int64) {
	var rows []row
	for _, c := range s.rows {
		if c.seenBy(a) && c.matches(f, a) {
			rows = append(rows, c)
		}
	}
	key := func(c row) int64 {
		switch f.Sort {
		case view.Waiting:
			return c.waiting
		case view.Urgency:
			return c.due
		}
		return c.activity
	}
	slices.SortFunc(rows, func(a, b row) int {
		d := key(a) - key(b)
		if d == 0 {
			d = a.id - b.id
		}
		if f.Sort == view.Newest {
			d = -d
		}
		return int(max(-1, min(d, 1)))
	})
	for _, c := range rows {
		ids = append(ids, c.id)
	}
	return ids
}

// TestListsShowExactlyWhatTheActorSees pages through every list as everybody, in every order.
func TestListsShowExactlyWhatTheActorSees(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d, 900)
		svc := &view.Service{DB: d}
		for who, a := range actors() {
			ctx := access.With(context.Background(), a)
			for name, f := range lists() {
				for _, f.Sort = range []view.Sort{view.Newest, view.Oldest, view.Waiting, view.Urgency} {
					got := pages(t, svc, ctx, f, 90)
					if want := s.want(f, a); !slices.Equal(got, want) {
						t.Fatalf("%s, %s, %s:\n got %d %v\nwant %d %v", who, name, f.Sort, len(got), got[:min(len(got), 12)], len(want), want[:min(len(want), 12)])
					}
				}
			}
		}
	})
}

func TestAnAgentWhoFollowsVeryMuchStillSeesAllOfIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d, 900)
		for i := range s.rows {
			s.rows[i].followed = s.rows[i].followed || s.rows[i].id%3 > 0
		}
		exec(t, d, `INSERT INTO conversation_follower (conversation_id, agent_id, reason, unread, at)
			SELECT id, 2, 'follow', FALSE, 0 FROM conversation WHERE id % 3 > 0 ON CONFLICT DO NOTHING`)
		svc := &view.Service{DB: d}
		for who, a := range actors() {
			ctx := access.With(context.Background(), a)
			for _, f := range []view.Filter{{Sort: view.Newest}, {Sort: view.Waiting, Inbox: 3}, {Sort: view.Urgency, Statuses: []conversation.Status{"open"}}} {
				if got, want := pages(t, svc, ctx, f, 40), s.want(f, a); !slices.Equal(got, want) {
					t.Errorf("%s, %+v: got %d, want %d", who, f, len(got), len(want))
				}
			}
		}
	})
}

func pages(t *testing.T, svc *view.Service, ctx context.Context, f view.Filter, limit int) (ids []int64) {
	t.Helper()
	var from *view.Place
	for range 200 {
		items, next, err := svc.List(ctx, f, from, limit)
		if err != nil {
			t.Fatal(err)
		}
		if len(items) > limit {
			t.Fatalf("%d items on a page of %d", len(items), limit)
		}
		for _, it := range items {
			ids = append(ids, it.ID)
		}
		if next == nil {
			return ids
		}
		from = next
	}
	t.Fatal("the list does not end")
	return nil
}

func TestCountsAreThoseOfTheLists(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d, 600)
		svc := &view.Service{DB: d}
		for who, a := range actors() {
			c, err := svc.Counts(access.With(context.Background(), a))
			if err != nil {
				t.Fatal(err)
			}
			open, todo := []conversation.Status{"open"}, []conversation.Status{"open", "pending", "snoozed"}
			for name, pair := range map[string]struct {
				got int64
				f   view.Filter
			}{
				"mine":           {c.Mine.Open, view.Filter{Statuses: open, Assignee: a.AgentID}},
				"unassigned":     {c.Unassigned.Open, view.Filter{Statuses: open, Assignee: view.Nobody}},
				"open":           {c.ByStatus["open"], view.Filter{Statuses: open}},
				"closed":         {c.ByStatus["closed"], view.Filter{Statuses: []conversation.Status{"closed"}}},
				"trash":          {c.ByStatus["trash"], view.Filter{Statuses: []conversation.Status{"trash"}}},
				"drafts":         {c.Drafts, view.Filter{Drafts: true}},
				"mentions":       {c.Mentions, view.Filter{Mentions: true}},
				"team 1":         {c.Teams[1].Open, view.Filter{Statuses: open, Team: 1}},
				"mine, pending":  {c.Mine.Pending, view.Filter{Statuses: []conversation.Status{"pending"}, Assignee: a.AgentID}},
				"mine, all":      {c.Mine.All, view.Filter{Statuses: todo, Assignee: a.AgentID}},
				"unassigned all": {c.Unassigned.All, view.Filter{Statuses: todo, Assignee: view.Nobody}},
				"team 1, all":    {c.Teams[1].All, view.Filter{Statuses: todo, Team: 1}},
				"inbox 2, all":   {c.Inboxes[2].All, view.Filter{Statuses: todo, Inbox: 2}},
				"inbox 2":        {c.Inboxes[2].Open, view.Filter{Statuses: open, Inbox: 2}},
			} {
				if want := len(s.want(pair.f, a)); pair.got != int64(want) {
					t.Errorf("%s: %s = %d, the list has %d", who, name, pair.got, want)
				}
			}
		}
	})
}

func TestAListItemShowsWhatTheAgentNeeds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		newShop(t, d, 1)
		exec(t, d, "DELETE FROM draft", "DELETE FROM conversation_tag", "DELETE FROM conversation_follower",
			"UPDATE conversation SET inbox_id = 1, assignee_id = 3, team_id = 1, status = 'open', waiting_since = 5000, due_at = 9000, customer_id = 4",
			"INSERT INTO conversation_tag (conversation_id, tag_id) VALUES (1, 2), (1, 1)",
			`INSERT INTO draft (conversation_id, agent_id, content, updated_at) VALUES (1, 2, '{"kind":"reply","text":"Dear\nCleo","html":""}', 0)`,
			"INSERT INTO conversation_read (conversation_id, agent_id, message_id) VALUES (1, 2, 6)",
			"INSERT INTO conversation_read (conversation_id, agent_id, message_id) VALUES (1, 3, 7)")
		svc := &view.Service{DB: d}
		for agent, want := range map[int64]string{
			bob:  "unread true draft true Dear Cleo",
			cleo: "unread false draft false ",
		} {
			ctx := access.With(context.Background(), &access.Actor{AgentID: agent, Scope: access.Scope{Everything: true}})
			items, _, err := svc.List(ctx, view.Filter{}, nil, 10)
			if err != nil || len(items) != 1 {
				t.Fatal(len(items), err)
			}
			it := items[0]
			if got := fmt.Sprintf("unread %v draft %v %s", it.Unread, it.Draft, it.Written); got != want {
				t.Errorf("agent %d: %s, want %s", agent, got, want)
			}
			got := fmt.Sprint(it.Customer, it.Assignee, it.TeamName, it.Tags, it.Brand, it.WaitingSince.UnixMilli(), it.DueAt.UnixMilli())
			if got != "{4 Customer 4 C4@mail.example} {3 Cleo }Returns[{2 rare blue} {1 refund red}] 1 5000 9000" {
				t.Error(got)
			}
		}
	})
}

func TestOneConversationIsReadOnlyByThoseWhoSeeIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d, 300)
		exec(t, d, "INSERT INTO conversation_link (conversation_id, other_id, reason) SELECT 1, id, 'thread' FROM conversation WHERE id > 1 AND id < 50")
		svc := &view.Service{DB: d}
		for who, a := range actors() {
			ctx := access.With(context.Background(), a)
			hidden := map[int64]int64{}
			for _, c := range s.rows {
				got, err := svc.Conversation(ctx, c.id)
				if (err == nil) != c.seenBy(a) {
					t.Fatalf("%s reads %+v: %v", who, c, err)
				}
				if !c.seenBy(a) && c.status != "spam" && c.status != "trash" {
					hidden[c.customer]++
				}
				for _, l := range got.Links {
					if !s.rows[l.ID-1].seenBy(a) {
						t.Fatalf("%s sees the link to %d", who, l.ID)
					}
				}
			}
			for customer := int64(1); customer <= 100; customer++ {
				if got, err := svc.HiddenOf(ctx, customer); err != nil || got != hidden[customer] {
					t.Fatalf("%s: %d hidden of customer %d, want %d (%v)", who, got, customer, hidden[customer], err)
				}
			}
		}
	})
}

func TestWordsLeadToTheConversationsThatSearchFinds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d, 400)
		var found []int64
		for i := int64(400); i > 0; i -= 3 {
			found = append(found, i)
		}
		svc := &view.Service{DB: d, Match: func(_ context.Context, q string, limit int) ([]int64, []conversation.Status, error) {
			if q == "nothing" {
				return nil, nil, nil
			}
			return found[:min(len(found), limit)], nil, nil
		}}
		for who, a := range actors() {
			ctx := access.With(context.Background(), a)
			for _, f := range []view.Filter{{Sort: view.Newest}, {Sort: view.Urgency, Inbox: 2, Tag: "rare"}, {Sort: view.Oldest, Assignee: bob}} {
				want := slices.DeleteFunc(s.want(f, a), func(id int64) bool { return !slices.Contains(found, id) })
				f.Query = "words"
				if got := pages(t, svc, ctx, f, 25); !slices.Equal(got, want) {
					t.Errorf("%s, %+v: got %v\nwant %v", who, f, got, want)
				}
			}
			if got := pages(t, svc, ctx, view.Filter{Query: "nothing"}, 25); len(got) > 0 {
				t.Errorf("nothing finds %v", got)
			}
		}
	})
}
