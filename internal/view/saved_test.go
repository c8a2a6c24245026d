package view_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/field"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/event"
	"github.com/deskbell/deskbell/internal/view"
)

func is(field string, values ...string) view.Condition {
	return view.Condition{Field: field, Op: "is", Values: values}
}

func not(field string, values ...string) view.Condition {
	return view.Condition{Field: field, Op: "is_not", Values: values}
}

func moment(field, op string, values ...string) view.Condition {
	return view.Condition{Field: field, Op: op, Values: values}
}

func TestASavedViewShowsWhatItsConditionsSay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d, 900)
		svc := &view.Service{DB: d, Now: time.Now}
		usual := func(c row) bool { return c.status != "spam" && c.status != "trash" }
		day := time.Date(2023, 11, 15, 0, 0, 0, 0, time.UTC).UnixMilli()
		for name, v := range map[string]struct {
			c    view.Condition
			want func(row) bool
		}{
			"nothing":      {view.Condition{}, usual},
			"status":       {is("status", "open", "pending"), func(c row) bool { return c.status == "open" || c.status == "pending" }},
			"spam":         {view.Condition{All: []view.Condition{is("status", "spam")}}, func(c row) bool { return c.status == "spam" }},
			"current":      {view.Condition{All: []view.Condition{is("assignee", "me", "none"), is("status", "open")}}, func(c row) bool { return c.status == "open" && (c.assignee == bob || c.assignee == 0) }},
			"nobody's":     {not("assignee", "1", "2", "3"), func(c row) bool { return usual(c) && (c.assignee == 0 || c.assignee > 3) }},
			"either":       {view.Condition{Any: []view.Condition{is("inbox", "2"), {All: []view.Condition{is("priority", "urgent"), is("inbox", "1")}}}}, func(c row) bool { return usual(c) && (c.inbox == 2 || c.priority == "urgent" && c.inbox == 1) }},
			"a gone tag":   {is("tag", "999"), func(row) bool { return false }},
			"not that tag": {not("tag", "999"), usual},
			"any tag":      {view.Condition{Field: "tag", Op: "set"}, func(c row) bool { return usual(c) && c.tagged }},
			"without":      {view.Condition{All: []view.Condition{{Field: "tag", Op: "not_set"}}}, func(c row) bool { return usual(c) && !c.tagged }},
			"waits since before": {view.Condition{All: []view.Condition{is("status", "open"), moment("waiting_since", "before", "2023-11-15")}},
				func(c row) bool { return c.status == "open" && c.waiting < day }},
			"waits since after": {moment("waiting_since", "after", "2023-11-14"), func(c row) bool { return usual(c) && c.waiting >= day && c.waiting < conversation.Never }},
			"waits not":         {moment("waiting_since", "not_set"), func(c row) bool { return usual(c) && c.waiting == conversation.Never }},
			"active on two sides": {view.Condition{All: []view.Condition{moment("last_activity", "after", "2023-11-14"), moment("last_activity", "before", "2023-11-16"), moment("due", "set")}},
				func(c row) bool {
					return usual(c) && c.activity >= day && c.activity < day+86_400_000 && c.due < conversation.Never
				}},
		} {
			for who, a := range actors() {
				if a.AgentID != bob {
					continue
				}
				ctx := access.With(context.Background(), a)
				made, err := svc.Save(ctx, view.Saved{Name: name, Audience: view.Me, Conditions: v.c, Sort: view.Oldest}, 0)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				var want []int64
				for _, c := range s.rows {
					if c.seenBy(a) && v.want(c) {
						want = append(want, c.id)
					}
				}
				slices.Sort(want)
				for _, sort := range []view.Sort{"", view.Newest, view.Waiting, view.Urgency} {
					got := pages(t, svc, ctx, view.Filter{Saved: made.ID, Sort: sort}, 90)
					slices.Sort(got)
					if !slices.Equal(got, want) {
						t.Errorf("%s as %s, %s: got %d, want %d", name, who, sort, len(got), len(want))
					}
				}
				n, err := svc.CountSaved(ctx, made.ID)
				if err != nil || n.Count != min(len(want), 999) || n.More != (len(want) > 999) {
					t.Errorf("%s as %s counts %+v, %v, want %d", name, who, n, err, len(want))
				}
				if name == "a gone tag" && !slices.Equal(made.Missing, []string{"tag 999"}) {
					t.Errorf("the view does not say what is gone: %v", made.Missing)
				}
			}
		}
	})
}

// happen changes conversations as a service does, with an event of each, and
// waits until the feed shows them.
func happen(t *testing.T, d *db.DB, set string, ids ...int64) {
	t.Helper()
	feed := &event.Feed{Now: time.Now}
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		for _, id := range ids {
			if _, err := tx.Exec(context.Background(), "UPDATE conversation SET "+set+" WHERE id = ?", id); err != nil {
				return err
			}
			if err := feed.Publish(context.Background(), tx, event.Event{Type: "conversation.updated", ActorType: "agent", Conversation: id}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Settle(t, d)
}

func TestACountFollowsWhatChangesAfterFiveSeconds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		newShop(t, d, 200)
		now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
		clock := func() time.Time { return now }
		svc := &view.Service{DB: d, Now: clock}
		open := view.Condition{Field: "status", Op: "is", Values: []string{"open"}}
		var views []int64
		for _, c := range []view.Condition{is("priority", "high", "urgent"), is("assignee", "me"), is("assignee", "none"), is("assignee", "2"), is("inbox", "1"),
			is("team", "2"), not("tag", "1"), {Any: []view.Condition{is("status", "closed"), is("priority", "urgent")}}} {
			v, err := svc.Save(access.With(context.Background(), savedBy(1, access.ViewsManage)), view.Saved{Name: "v", Audience: view.All, Sort: view.Newest,
				Conditions: view.Condition{All: []view.Condition{open, c}}}, 0)
			if err != nil {
				t.Fatal(err)
			}
			views = append(views, v.ID)
		}
		levels := func(one, two, three access.Level) access.Scope {
			return access.Scope{Agent: bob, Teams: []int64{1}, Inboxes: map[int64]access.Level{1: one, 2: two, 3: three}}
		}
		actors := map[string]*access.Actor{
			"everything": access.System, "all of every inbox": {AgentID: bob, Scope: levels(access.Any, access.Any, access.Any)},
			"some": {AgentID: bob, Scope: levels(access.Any, access.Team, access.Own)}, "nothing": {AgentID: bob, Scope: access.Scope{Agent: bob}},
		}
		count := func(svc *view.Service, a *access.Actor, id int64) view.Counted {
			t.Helper()
			n, err := svc.CountSaved(access.With(context.Background(), a), id)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		each := func(f func(who string, a *access.Actor, id int64)) {
			for who, a := range actors {
				for _, id := range views {
					f(who, a, id)
				}
			}
		}
		before := map[string]view.Counted{}
		each(func(who string, a *access.Actor, id int64) { before[fmt.Sprint(who, id)] = count(svc, a, id) })
		happen(t, d, "status = 'open', priority = 'urgent'", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
		each(func(who string, a *access.Actor, id int64) {
			if n := count(svc, a, id); n != before[fmt.Sprint(who, id)] {
				t.Errorf("%s, view %d: at once it is %+v", who, id, n)
			}
		})
		for round, set := range []string{"priority = 'urgent'", "status = 'trash'", "status = 'open', assignee_id = 2", "priority = 'low'", "priority = 'high', team_id = 2",
			"inbox_id = 1, status = 'open'", "assignee_id = NULL", "status = 'closed'"} {
			now = now.Add(5 * time.Second)
			each(func(who string, a *access.Actor, id int64) {
				if n, want := count(svc, a, id), count(&view.Service{DB: d, Now: clock}, a, id); n != want {
					t.Errorf("round %d, %s, view %d: what changed makes it %+v, a whole count %+v", round, who, id, n, want)
				}
			})
			happen(t, d, set, int64(round)*7+3, int64(round)*7+4, 190-int64(round)*11, 5, 6)
		}
	})
}

// Conversations change without an event here, so that what is followed stays and
// what is counted anew is seen.
func TestWhoSeesAllOfEveryInboxSharesACountWithEverybody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		newShop(t, d, 50)
		now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
		svc := &view.Service{DB: d, Now: func() time.Time { return now }}
		v, err := svc.Save(access.With(context.Background(), savedBy(1, access.ViewsManage)), view.Saved{Name: "v", Audience: view.All, Sort: view.Newest}, 0)
		if err != nil {
			t.Fatal(err)
		}
		count := func(a *access.Actor) int {
			t.Helper()
			n, err := svc.CountSaved(access.With(context.Background(), a), v.ID)
			if err != nil {
				t.Fatal(err)
			}
			return n.Count
		}
		whole := count(access.System)
		exec(t, d, "UPDATE conversation SET status = 'trash'")
		all := access.Scope{Agent: bob, Inboxes: map[int64]access.Level{1: access.Any, 2: access.Any, 3: access.Any}}
		if n := count(&access.Actor{AgentID: bob, Scope: all}); n != whole || n == 0 {
			t.Errorf("it is %d, and %d for who sees everything", n, whole)
		}
		exec(t, d, "INSERT INTO inbox (id, brand_id, channel, name, address, created_at) VALUES (4, 1, 'email', 'D', 'd@shop.example', 0)")
		if n := count(&access.Actor{AgentID: bob, Scope: all}); n != 0 {
			t.Errorf("with an inbox that the agent does not see it is still %d", n)
		}
	})
}

// A clock that goes on while it is read makes each whole count take that long.
func TestCountingAllAnewWaitsWhereItTookMoreThanItsShare(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		newShop(t, d, 50)
		now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
		slow := time.Duration(0)
		svc := &view.Service{DB: d, Now: func() time.Time { now = now.Add(slow); return now }}
		ctx := access.With(context.Background(), access.System)
		v, err := svc.Save(access.With(context.Background(), savedBy(1, access.ViewsManage)), view.Saved{Name: "v", Audience: view.All, Sort: view.Newest}, 0)
		if err != nil {
			t.Fatal(err)
		}
		slow = 2 * time.Second
		first, err := svc.CountSaved(ctx, v.ID)
		if slow = 0; err != nil {
			t.Fatal(err)
		}
		exec(t, d, "UPDATE conversation SET status = 'trash'")
		now = now.Add(time.Minute)
		if n, err := svc.CountSaved(ctx, v.ID); err != nil || n != first {
			t.Errorf("after a minute it is %+v, %v", n, err)
		}
		now = now.Add(10 * time.Minute)
		if n, err := svc.CountSaved(ctx, v.ID); err != nil || n.Count != 0 {
			t.Errorf("ten minutes later it is %+v, %v", n, err)
		}
	})
}

func TestACountByTagIsMadeAnewEachMinute(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		newShop(t, d, 50)
		now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
		svc := &view.Service{DB: d, Now: func() time.Time { return now }}
		ctx := access.With(context.Background(), access.System)
		v, err := svc.Save(access.With(context.Background(), savedBy(1, access.ViewsManage)), view.Saved{Name: "v", Audience: view.All, Sort: view.Newest,
			Conditions: not("tag", "2")}, 0)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := svc.CountSaved(ctx, v.ID); err != nil || n.Count == 0 {
			t.Fatalf("it is %+v, %v", n, err)
		}
		if err := d.Write(ctx, func(tx *db.Tx) error { // as a deleted tag does: without a word
			_, err := tx.Exec(ctx, "UPDATE conversation SET status = 'trash'")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Minute)
		if n, err := svc.CountSaved(ctx, v.ID); err != nil || n.Count != 0 {
			t.Errorf("a minute later it is %+v, %v", n, err)
		}
	})
}

func savedBy(agent int64, may ...access.Permission) *access.Actor {
	a := &access.Actor{AgentID: agent, Permissions: map[access.Permission]bool{}, Scope: access.Scope{Agent: agent, Teams: []int64{1}}}
	for _, p := range may {
		a.Permissions[p] = true
	}
	return a
}

func TestSavedViewsBelongToWhomTheyAreFor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		newShop(t, d, 10)
		svc := &view.Service{DB: d, Now: time.Now}
		boss := access.With(context.Background(), savedBy(1, access.ViewsManage))
		agent := access.With(context.Background(), savedBy(bob))
		save := func(ctx context.Context, v view.Saved) (view.Saved, error) {
			v.Sort = view.Newest
			return svc.Save(ctx, v, 0)
		}
		own, err := save(boss, view.Saved{Name: "own", Audience: view.Me})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := svc.OneSaved(agent, own.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("a colleague's view was read: %v", err)
		}
		if _, err := save(agent, view.Saved{Name: "x", Audience: view.All}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("shared without permission: %v", err)
		}
		teams, err := save(boss, view.Saved{Name: "team", Audience: view.Team, Team: 1})
		if err != nil {
			t.Fatal(err)
		}
		if v, err := svc.OneSaved(agent, teams.ID); err != nil || v.MayEdit(access.From(agent)) {
			t.Errorf("%+v, %v", v, err)
		}
		if err := svc.DeleteSaved(agent, teams.ID); !errs.Is(err, errs.Forbidden) {
			t.Errorf("err = %v", err)
		}
		if list, err := svc.Saved(agent); err != nil || len(list) != 1 {
			t.Errorf("%v, %v", list, err)
		}
	})
}

func TestConditionsThatMakeNoSenseAreRefusedInWords(t *testing.T) {
	d := dbtest.SQLite(t)
	newShop(t, d, 10)
	svc := &view.Service{DB: d, Now: time.Now}
	ctx := access.With(context.Background(), savedBy(1))
	deep := is("status", "open")
	for range 5 {
		deep = view.Condition{All: []view.Condition{deep}}
	}
	for name, c := range map[string]view.Condition{
		"field": is("mood", "good"), "op": {Field: "status", Op: "like", Values: []string{"x"}}, "status": is("status", "merged"), "id": is("team", "x' OR 1=1"),
		"span": {Field: "created", Op: "within", Values: []string{"soon"}}, "day": {Field: "due", Op: "before", Values: []string{"1.1.2026"}},
		"deep": deep, "both": {All: []view.Condition{deep}, Any: []view.Condition{deep}}, "group and test": {Field: "status", Op: "is", All: []view.Condition{deep}},
		"many": {All: make([]view.Condition, 51)}, "values": is("tag", make([]string, 51)...),
	} {
		if _, err := svc.Save(ctx, view.Saved{Name: name, Audience: view.Me, Sort: view.Newest, Conditions: c}, 0); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestADeletedViewComesBackAndOthersCannotBringItBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		newShop(t, d, 10)
		now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
		svc := &view.Service{DB: d, Now: func() time.Time { return now }}
		boss := access.With(context.Background(), savedBy(1, access.ViewsManage))
		agent := access.With(context.Background(), savedBy(bob))
		own, err := svc.Save(agent, view.Saved{Name: "own", Audience: view.Me, Sort: view.Newest}, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := svc.DeleteSaved(agent, own.ID); err != nil {
			t.Fatal(err)
		}
		if list, err := svc.Saved(agent); err != nil || len(list) != 0 {
			t.Errorf("it is still listed: %v, %v", list, err)
		}
		if _, _, err := svc.List(agent, view.Filter{Saved: own.ID}, nil, 10); !errs.Is(err, errs.NotFound) {
			t.Errorf("its conversations were listed: %v", err)
		}
		if _, err := svc.RestoreSaved(boss, own.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("somebody else's own view was brought back: %v", err)
		}
		if back, err := svc.RestoreSaved(agent, own.ID); err != nil || back.Name != "own" {
			t.Errorf("%+v, %v", back, err)
		}
		if err := svc.DeleteSaved(agent, own.ID); err != nil {
			t.Fatal(err)
		}
		now = now.AddDate(0, 0, 31)
		other, err := svc.Save(agent, view.Saved{Name: "other", Audience: view.Me, Sort: view.Newest}, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := svc.DeleteSaved(agent, other.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := svc.RestoreSaved(agent, own.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("after a month it can still be brought back: %v", err)
		}
	})
}

func TestEachAgentHasAnOrderOfTheirOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		newShop(t, d, 10)
		svc := &view.Service{DB: d, Now: time.Now}
		boss := access.With(context.Background(), savedBy(1, access.ViewsManage))
		agent := access.With(context.Background(), savedBy(bob))
		var ids []int64
		for _, name := range []string{"a", "b", "c"} {
			v, err := svc.Save(boss, view.Saved{Name: name, Audience: view.All, Sort: view.Newest}, 0)
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, v.ID)
		}
		hidden, err := svc.Save(boss, view.Saved{Name: "hidden", Audience: view.Me, Sort: view.Newest}, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := svc.OrderSaved(agent, []int64{ids[2], hidden.ID, ids[0], ids[2]}); err != nil {
			t.Fatal(err)
		}
		names := func(ctx context.Context) (out string) {
			list, err := svc.Saved(ctx)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range list {
				out += v.Name
			}
			return out
		}
		if got := names(agent); got != "cab" {
			t.Errorf("bob has them as %q", got)
		}
		if got := names(boss); got != "abchidden" {
			t.Errorf("the others have them as %q", got)
		}
	})
}

func TestConditionsAreCountedBeforeTheyAreSaved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d, 300)
		svc := &view.Service{DB: d, Now: time.Now}
		ctx := access.With(context.Background(), access.System)
		want := 0
		for _, c := range s.rows {
			if c.status == "open" {
				want++
			}
		}
		if n, err := svc.CountConditions(ctx, is("status", "open")); err != nil || n.Count != want || n.More {
			t.Errorf("%+v, %v, want %d", n, err, want)
		}
		if _, err := svc.CountConditions(ctx, is("status")); err != nil {
			t.Errorf("a test without values: %v", err)
		}
		if _, err := svc.CountConditions(ctx, is("mood", "good")); !errs.Is(err, errs.Invalid) {
			t.Errorf("err = %v", err)
		}
	})
}

// withFields lets the shop have fields of its own, and conversations values of them.
func withFields(t *testing.T, d *db.DB, s *shop) *view.Service {
	t.Helper()
	set := field.Set{
		{Key: "reason", Label: "Reason", Kind: field.Choice, Choices: []string{"Late", "Lost"}}, {Key: "amount", Label: "Amount", Kind: field.Number},
		{Key: "promised", Label: "Promised", Kind: field.Date}, {Key: "order", Label: "Order", Kind: field.Text, Archived: true},
	}
	for _, c := range s.rows {
		for key, value := range ownOf(c.id) {
			exec(t, d, fmt.Sprintf("INSERT INTO conversation_field (conversation_id, field_key, value) VALUES (%d, '%s', '%s')", c.id, key, value))
		}
	}
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	return &view.Service{DB: d, Now: func() time.Time { return now },
		Defined: func(context.Context, db.Queryer) (field.Set, error) { return set, nil }}
}

// ownOf are the values of a conversation: every third has a reason, every fourth an amount and so on.
func ownOf(id int64) map[string]string {
	out := map[string]string{}
	if id%3 == 0 {
		out["reason"] = []string{"Late", "Lost"}[id%2]
	}
	if id%4 == 0 {
		out["amount"] = strconv.FormatFloat(float64(id)/8, 'f', -1, 64)
	}
	if id%5 == 0 {
		out["promised"] = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(id%30)).Format(time.DateOnly)
	}
	if id%7 == 0 {
		out["order"] = fmt.Sprintf("A-%d 100%%", id)
	}
	return out
}

func TestAViewTestsTheShopsOwnFields(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d, 300)
		svc := withFields(t, d, s)
		one := func(key, op string, values ...string) view.Condition {
			return view.Condition{All: []view.Condition{{Field: "field." + key, Op: op, Values: values}}}
		}
		a := &access.Actor{AgentID: ann, Scope: access.Scope{Everything: true}}
		ctx := access.With(context.Background(), a)
		for name, v := range map[string]struct {
			c    view.Condition
			want func(own map[string]string, id int64) bool
		}{
			"late":        {one("reason", "is", "Late"), func(own map[string]string, _ int64) bool { return own["reason"] == "Late" }},
			"not late":    {one("reason", "is_not", "Late"), func(own map[string]string, _ int64) bool { return own["reason"] != "Late" }},
			"no reason":   {one("reason", "not_set"), func(own map[string]string, _ int64) bool { return own["reason"] == "" }},
			"10 and more": {one("amount", "at_least", "10"), func(own map[string]string, id int64) bool { return own["amount"] != "" && id >= 80 }},
			"at most 9.5": {one("amount", "at_most", "9.5"), func(own map[string]string, id int64) bool { return own["amount"] != "" && id <= 76 }},
			"last week": {one("promised", "within", "1w"), func(own map[string]string, _ int64) bool {
				return own["promised"] >= "2026-11-14" && own["promised"] <= "2026-11-21"
			}},
			"long ago": {one("promised", "longer_than", "2w"), func(own map[string]string, _ int64) bool {
				return own["promised"] != "" && own["promised"] < "2026-11-07"
			}},
			"later":    {one("promised", "after", "2026-11-25"), func(own map[string]string, _ int64) bool { return own["promised"] > "2026-11-25" }},
			"an order": {one("order", "contains", "0 100%"), func(own map[string]string, _ int64) bool { return strings.Contains(own["order"], "0 100%") }},
			"either": {view.Condition{Any: []view.Condition{{Field: "field.reason", Op: "is", Values: []string{"Lost"}}, {Field: "field.amount", Op: "set"}}},
				func(own map[string]string, _ int64) bool { return own["reason"] == "Lost" || own["amount"] != "" }},
		} {
			made, err := svc.Save(ctx, view.Saved{Name: name, Audience: view.Me, Conditions: v.c, Sort: view.Newest}, 0)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			var want []int64
			for _, c := range s.rows {
				if c.status != "spam" && c.status != "trash" && v.want(ownOf(c.id), c.id) {
					want = append(want, c.id)
				}
			}
			got := pages(t, svc, ctx, view.Filter{Saved: made.ID}, 40)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) || len(want) == 0 {
				t.Errorf("%s: got %v, want %v", name, got, want)
			}
			if n, err := svc.CountSaved(ctx, made.ID); err != nil || n.Count != len(want) {
				t.Errorf("%s counts %+v, %v, want %d", name, n, err, len(want))
			}
			if gone := name == "an order"; gone != slices.Equal(made.Missing, []string{"field order"}) {
				t.Errorf("%s: missing %v", name, made.Missing)
			}
		}
		for _, wrong := range []view.Condition{one("nothing", "set"), one("amount", "at_least", "many"), one("amount", "at_least", "NaN"), one("amount", "is", "3"),
			one("reason", "contains", "L"), one("promised", "after", "soon"), one("order", "contains", "")} {
			if _, err := svc.Save(ctx, view.Saved{Name: "w", Audience: view.Me, Conditions: wrong, Sort: view.Newest}, 0); !errs.Is(err, errs.Invalid) {
				t.Errorf("%+v: %v", wrong, err)
			}
		}
	})
}

func TestAValueThatFewHaveLeadsToThemByAnIndex(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	svc := withFields(t, d, newShop(t, d, 60))
	late := view.Condition{Field: "field.reason", Op: "is", Values: []string{"Late"}}
	a := &access.Actor{AgentID: ann, Scope: access.Scope{Everything: true}}
	made, err := svc.Save(access.With(context.Background(), a), view.Saved{Name: "late", Audience: view.Me, Conditions: late, Sort: view.Newest}, 0)
	if err != nil {
		t.Fatal(err)
	}
	e, err := svc.Explain(context.Background(), a, view.Filter{Saved: made.ID}, 51)
	if err != nil {
		t.Fatal(err)
	}
	steps := explain(t, d, "EXPLAIN QUERY PLAN "+e.Text, e.Args)
	if !slices.ContainsFunc(steps, func(s string) bool { return strings.Contains(s, "conversation_field_value") }) {
		t.Errorf("the index is not used:\n%s", strings.Join(steps, "\n"))
	}
}
