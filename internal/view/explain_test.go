package view_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/view"
)

// shown are the lists that the console shows by itself.
func shown(to *access.Actor) map[string]view.Filter {
	out := map[string]view.Filter{
		"all":        {},
		"mine":       {Statuses: []conversation.Status{"open"}, Assignee: to.AgentID},
		"unassigned": {Statuses: []conversation.Status{"open"}, Assignee: view.Nobody},
	}
	for _, s := range conversation.Statuses {
		out[string(s)] = view.Filter{Statuses: []conversation.Status{s}}
		out["inbox, "+string(s)] = view.Filter{Statuses: []conversation.Status{s}, Inbox: 1}
	}
	out["team"] = view.Filter{Statuses: []conversation.Status{"open"}, Team: 1}
	return out
}

var orders = []view.Sort{view.Newest, view.Oldest, view.Waiting, view.Urgency}

// TestTheConsolesListsWalkIndexes: no list sorts or scans the table on SQLite.
func TestTheConsolesListsWalkIndexes(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	newShop(t, d, 3000)
	svc := &view.Service{DB: d}
	for who, a := range actors() {
		for name, f := range shown(a) {
			for _, f.Sort = range orders {
				e, err := svc.Explain(context.Background(), a, f, 51)
				if err != nil {
					t.Fatal(err)
				}
				steps := explain(t, d, "EXPLAIN QUERY PLAN "+e.Text, e.Args)
				checkSteps(t, fmt.Sprintf("%s, %s, %s", who, name, f.Sort), e.Indexes, steps)
			}
		}
	}
}

func checkSteps(t *testing.T, what string, indexes, steps []string) {
	t.Helper()
	short := 0
	for _, index := range indexes {
		if index == "" {
			short++
			continue
		}
		uses := func(s string) bool {
			return (strings.HasPrefix(s, "SEARCH c USING") || strings.HasPrefix(s, "SEARCH f USING")) && strings.Contains(s, "INDEX "+index+" (")
		}
		if !slices.ContainsFunc(steps, uses) {
			t.Errorf("%s: %s is not used:\n%s", what, index, strings.Join(steps, "\n"))
		}
	}
	sorts := 0
	for _, s := range steps {
		if strings.HasPrefix(s, "SCAN c ") || strings.HasPrefix(s, "SCAN f ") {
			t.Errorf("%s: %s", what, s)
		}
		if strings.Contains(s, "TEMP B-TREE") {
			sorts++
		}
	}
	if sorts > short {
		t.Errorf("%s sorts %d times with %d short arms:\n%s", what, sorts, short, strings.Join(steps, "\n"))
	}
}

// explain returns the last column of each row of a plan.
func explain(t *testing.T, d *db.DB, text string, args []any) (out []string) {
	t.Helper()
	rows, err := d.Query(context.Background(), text, args...)
	if err != nil {
		t.Fatal(err, text)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		into := make([]any, len(names))
		for i := range into {
			into[i] = new(any)
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		switch v := (*into[len(into)-1].(*any)).(type) {
		case []byte:
			out = append(out, string(v))
		default:
			out = append(out, fmt.Sprint(v))
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// exactly tells whether the list of this actor needs no test on a row.
func exactly(who, list string) bool {
	switch {
	case who == "sees everything", list == "mine":
		return true
	case list == "team", list == "unassigned", strings.HasPrefix(list, "inbox"):
		return false
	}
	return who == "two inboxes" || who == "own only"
}

// TestTheConsolesListsReadOnlyWhatTheyShow counts the rows that PostgreSQL took
// out of the table and its indexes.
func TestTheConsolesListsReadOnlyWhatTheyShow(t *testing.T) {
	t.Parallel()
	// A test's table is so small that reading all of it is sometimes cheapest.
	url := dbtest.PostgresURL(t) + "&enable_seqscan=off&enable_bitmapscan=off&enable_hashjoin=off&enable_mergejoin=off"
	d, err := db.Open(context.Background(), db.Config{URL: url, MaxConn: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	newShop(t, d, 6000)
	// It serves waking, and is so short here that sorting it is cheaper than walking another.
	exec(t, d, "DROP INDEX conversation_snoozed")
	svc := &view.Service{DB: d}
	for who, a := range actors() {
		for name, f := range shown(a) {
			if !exactly(who, name) {
				continue
			}
			for _, f.Sort = range orders {
				e, err := svc.Explain(context.Background(), a, f, 21)
				if err != nil {
					t.Fatal(err)
				}
				text := strings.Join(explain(t, d, "EXPLAIN (ANALYZE, FORMAT JSON) "+e.Text, e.Args), "")
				var plan []struct{ Plan node }
				if err := json.Unmarshal([]byte(text), &plan); err != nil {
					t.Fatal(err, text)
				}
				if read, full := plan[0].Plan.read(); full != "" || read > e.Rows {
					t.Errorf("%s, %s, %s reads %d rows for %d (%s):\n%s", who, name, f.Sort, read, e.Rows, full, text)
				}
			}
		}
	}
}

type node struct {
	Type    string  `json:"Node Type"`
	Table   string  `json:"Relation Name"`
	Rows    float64 `json:"Actual Rows"`
	Loops   float64 `json:"Actual Loops"`
	Removed float64 `json:"Rows Removed by Filter"`
	Plans   []node
}

// read is how many conversations the plan touched, and whether it went through all.
func (n node) read() (rows int, full string) {
	if n.Table == "conversation" || n.Table == "conversation_follower" {
		rows = int((n.Rows + n.Removed) * n.Loops)
		if n.Type == "Seq Scan" && n.Loops > 0 {
			full = n.Type
		}
	}
	for _, p := range n.Plans {
		more, f := p.read()
		rows += more
		if f != "" {
			full = f
		}
	}
	return rows, full
}

// TestAPageIsCompletedById: what stands beside the conversations is found by keys alone.
func TestAPageIsCompletedById(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	steps := explain(t, d, "EXPLAIN QUERY PLAN "+view.ItemText+"(?, ?)", []any{1, 1, 1, 2})
	for _, s := range steps {
		if strings.HasPrefix(s, "SCAN") || strings.Contains(s, "TEMP") || strings.Contains(s, "AUTOMATIC") {
			t.Errorf("%s in:\n%s", s, strings.Join(steps, "\n"))
		}
	}
}

func TestAFreeFilterReadsABoundedNumberOfRowsAndGoesOn(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	newShop(t, d, 1)
	exec(t, d, "DELETE FROM conversation_follower", "DELETE FROM conversation_tag", "DELETE FROM draft", "DELETE FROM conversation",
		`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 45000)
		INSERT INTO conversation (id, inbox_id, channel, customer_id, subject, preview, status, priority, last_activity_at, waiting_since, due_at, created_at)
		SELECT i, 1, 'email', 1, '', '', 'open', CASE WHEN i <= 3 THEN 'urgent' ELSE 'normal' END, i, i, i, i FROM n`)
	svc := &view.Service{DB: d}
	ctx := access.With(context.Background(), actors()["sees everything"])
	var from *view.Place
	var calls []int
	for {
		items, next, err := svc.List(ctx, view.Filter{Priority: "urgent"}, from, 50)
		if err != nil {
			t.Fatal(err)
		}
		calls = append(calls, len(items))
		if next == nil {
			break
		}
		if from != nil && from.Key-next.Key > 20_000 {
			t.Errorf("a call went from %d to %d", from.Key, next.Key)
		}
		from = next
	}
	if !slices.Equal(calls, []int{0, 0, 3}) {
		t.Errorf("items of the calls: %v", calls)
	}
}

// TestAViewOfWhoWaitsLongWalksTheirIndexAlone: what is asked of the sort key bounds the walk.
func TestAViewOfWhoWaitsLongWalksTheirIndexAlone(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	newShop(t, d, 300)
	svc := &view.Service{DB: d, Now: time.Now}
	a := savedBy(1, access.ViewsManage)
	a.Scope.Everything = true
	v, err := svc.Save(access.With(context.Background(), a), view.Saved{Name: "v", Audience: view.All, Sort: view.Waiting,
		Conditions: view.Condition{All: []view.Condition{is("status", "open", "closed"), moment("waiting_since", "longer_than", "1d")}}}, 0)
	if err != nil {
		t.Fatal(err)
	}
	e, err := svc.Explain(context.Background(), a, view.Filter{Saved: v.ID}, 51)
	if err != nil {
		t.Fatal(err)
	}
	steps := explain(t, d, "EXPLAIN QUERY PLAN "+e.Text, e.Args)
	checkSteps(t, "waits long", e.Indexes, steps)
	if len(e.Indexes) != 2 || !strings.Contains(strings.Join(steps, "\n"), "conversation_waiting (status=? AND waiting_since>? AND waiting_since<?") {
		t.Errorf("the bound is not part of the walk: %v\n%s", e.Indexes, strings.Join(steps, "\n"))
	}
}
