package view_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/field"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/view"
)

// valuesOf are the tabs in which a row of the shop stands.
func valuesOf(c row, by string) []string {
	id := func(n int64) []string {
		if n == 0 {
			return []string{""}
		}
		return []string{strconv.FormatInt(n, 10)}
	}
	switch by {
	case "status":
		return []string{string(c.status)}
	case "priority":
		return []string{c.priority}
	case "inbox":
		return id(c.inbox)
	case "team":
		return id(c.team)
	case "assignee":
		return id(c.assignee)
	}
	if c.tagged {
		return []string{"1"}
	}
	return []string{""}
}

// inTab narrows a filter to one tab, as the console does.
func inTab(f view.Filter, by, value string) view.Filter {
	n, _ := strconv.ParseInt(value, 10, 64)
	switch {
	case by == "status":
		f.Statuses = []conversation.Status{conversation.Status(value)}
	case by == "priority":
		f.Priority = conversation.Priority(value)
	case by == "inbox":
		f.Inbox = n
	case by == "team":
		f.Team, f.NoTeam = n, n == 0
	case by == "assignee" && n == 0:
		f.Assignee = view.Nobody
	case by == "assignee":
		f.Assignee = n
	case value == "":
		f.NoTag = true
	default:
		f.Tag = "refund"
	}
	return f
}

func TestTabsCountWhatTheirListsShow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d, 700)
		exec(t, d, "DELETE FROM conversation_tag WHERE tag_id <> 1")
		svc := &view.Service{DB: d, Now: time.Now}
		open := []conversation.Status{"open"}
		live := view.Condition{All: []view.Condition{is("status", "open", "pending"), {}, {Any: []view.Condition{is("assignee", "me", "none"), {All: []view.Condition{{}}}, not("inbox", "1")}}}}
		urgent := view.Condition{All: []view.Condition{not("status", "closed"), is("priority", "urgent", "high")}}
		usual := func(c row) bool { return c.status != "spam" && c.status != "trash" }
		lists := map[string]struct {
			f    view.Filter
			c    *view.Condition
			want func(c row, me int64) bool
		}{
			"open":  {view.Filter{Statuses: open}, nil, func(c row, _ int64) bool { return c.status == "open" }},
			"inbox": {view.Filter{Inbox: 2}, nil, func(c row, _ int64) bool { return usual(c) && c.inbox == 2 }},
			"team":  {view.Filter{Team: 1, Priority: "high"}, nil, func(c row, _ int64) bool { return usual(c) && c.team == 1 && c.priority == "high" }},
			"live": {view.Filter{}, &live, func(c row, me int64) bool {
				return (c.status == "open" || c.status == "pending") && (c.assignee == 0 || c.assignee == me || c.inbox != 1)
			}},
			"urgent": {view.Filter{}, &urgent, func(c row, _ int64) bool {
				return usual(c) && c.status != "closed" && (c.priority == "urgent" || c.priority == "high")
			}},
		}
		for who, a := range actors() {
			ctx := access.With(context.Background(), a)
			for name, l := range lists {
				f := l.f
				if l.c != nil {
					made, err := svc.Save(ctx, view.Saved{Name: name, Audience: view.Me, Conditions: *l.c, Sort: view.Newest, TabsBy: "inbox"}, 0)
					if err != nil || made.TabsBy != "inbox" {
						t.Fatalf("%+v, %v", made, err)
					}
					f.Saved = made.ID
				}
				for _, by := range []string{"status", "priority", "inbox", "team", "assignee", "tag"} {
					want := map[string]int64{}
					for _, c := range s.rows {
						if c.seenBy(a) && l.want(c, a.AgentID) {
							for _, v := range valuesOf(c, by) {
								want[v]++
							}
						}
					}
					list, more, err := svc.Tabs(ctx, f, by)
					got := map[string]int64{}
					for _, tab := range list {
						got[tab.Value] = tab.Count
					}
					if diff := cmp.Diff(want, got); diff != "" || more || err != nil {
						t.Errorf("%s by %s as %s: more %v, %v %s", name, by, who, more, err, diff)
					}
					// One tab each is compared with its list; all of them would take long.
					if values := slices.Sorted(maps.Keys(want)); len(values) > 0 {
						value := values[len(name)%len(values)]
						if ids := pages(t, svc, ctx, inTab(f, by, value), 100); int64(len(ids)) != want[value] {
							t.Errorf("%s as %s: the tab %s=%q lists %d of %d", name, who, by, value, len(ids), want[value])
						}
					}
				}
			}
		}
	})
}

// reason is a choice of the shop, with a field that is none beside it.
func reasons(_ context.Context, _ db.Queryer) (field.Set, error) {
	return field.Set{{Key: "reason", Kind: field.Choice, Choices: []string{"damaged", "late: twice"}}, {Key: "amount", Kind: field.Number}}, nil
}

func TestAChoiceOfTheShopMakesTabsAndColumns(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		newShop(t, d, 6)
		exec(t, d, "UPDATE conversation SET status = 'open'", `INSERT INTO conversation_field (conversation_id, field_key, value) VALUES
			(1, 'reason', 'damaged'), (2, 'reason', 'late: twice'), (3, 'reason', 'damaged'), (3, 'amount', '12.5')`)
		svc := &view.Service{DB: d, Now: time.Now, Defined: reasons}
		ctx := access.With(context.Background(), actors()["sees everything"])
		list, more, err := svc.Tabs(ctx, view.Filter{}, "field.reason")
		want := []view.Tab{{Value: "", Count: 3}, {Value: "damaged", Count: 2}, {Value: "late: twice", Count: 1}}
		if diff := cmp.Diff(want, list); diff != "" || more || err != nil {
			t.Errorf("%v %v %s", more, err, diff)
		}
		for value, want := range map[string][]int64{"damaged": {1, 3}, "late: twice": {2}, "": {4, 5, 6}} {
			got := pages(t, svc, ctx, view.Filter{Own: "reason", OwnValue: value}, 10)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%q lists %v", value, got)
			}
		}
		for _, by := range []string{"field.amount", "field.gone", "subject", "", "field."} {
			if _, _, err := svc.Tabs(ctx, view.Filter{}, by); !errs.Is(err, errs.Invalid) {
				t.Errorf("tabs by %q: %v", by, err)
			}
		}
		layout := view.Layout{View: "mine", Table: true, Columns: []string{"field.amount", "subject"}, TabsBy: "field.reason"}
		if err := svc.KeepLayout(ctx, layout); err != nil {
			t.Fatal(err)
		}
		kept, err := svc.Layouts(ctx)
		if diff := cmp.Diff([]view.Layout{layout}, kept); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
		for _, wrong := range []view.Layout{{View: "mine", Columns: []string{"field.gone"}}, {View: "mine", TabsBy: "field.amount"}} {
			if err := svc.KeepLayout(ctx, wrong); !errs.Is(err, errs.Invalid) {
				t.Errorf("%+v: %v", wrong, err)
			}
		}
	})
}

func TestWhatWasWalkedIsCountedAgainAfterFiveSeconds(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	newShop(t, d, 30)
	exec(t, d, "UPDATE conversation SET status = 'open', priority = 'low'")
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	svc := &view.Service{DB: d, Now: func() time.Time { return now }}
	ctx := access.With(context.Background(), actors()["sees everything"])
	tabs := func() string {
		list, _, err := svc.Tabs(ctx, view.Filter{Statuses: []conversation.Status{"open"}}, "priority")
		return fmt.Sprint(list, err)
	}
	first := tabs()
	exec(t, d, "UPDATE conversation SET priority = 'high' WHERE id = 1")
	if again := tabs(); again != first {
		t.Errorf("at once they are %s, were %s", again, first)
	}
	now = now.Add(5 * time.Second)
	if later := tabs(); later != "[{low 29} {high 1}] <nil>" {
		t.Errorf("later they are %s", later)
	}
}
