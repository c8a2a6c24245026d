package search_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/search"
	"github.com/deskbell/deskbell/internal/view"
)

func TestASearchBecomesAViewAsFarAsAViewCanHoldIt(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.SQLite(t))
	k.shop()
	for query, want := range map[string]string{
		"is:open tag:vip":            `{"all":[{"field":"status","op":"is","values":["open"]},{"field":"tag","op":"is","values":["1"]}]}`,
		"-is:closed":                 `{"all":[{"field":"status","op":"is","values":["open","pending","snoozed"]}]}`,
		"in:a in:returns":            `{"all":[{"any":[{"field":"inbox","op":"is","values":["1"]},{"field":"team","op":"is","values":["1"]}]}]}`,
		"assignee:me assignee:none":  `{"all":[{"field":"assignee","op":"is","values":["me","none"]}]}`,
		"is:unassigned -is:urgent":   `{"all":[{"field":"assignee","op":"is","values":["none"]},{"field":"priority","op":"is_not","values":["urgent"]}]}`,
		"after:7d before:2026-11-27": `{"all":[{"field":"last_activity","op":"within","values":["7d"]},{"field":"last_activity","op":"before","values":["2026-11-27"]}]}`,
		"after:2026-11":              `{"all":[{"field":"last_activity","op":"after","values":["2026-10-31"]}]}`,
		"lamp is:urgent":             `{"all":[{"field":"priority","op":"is","values":["urgent"]}]} "lamp"`,
		`from:"anna larsen" is:unread after:today tag:vip`: `{"all":[{"field":"tag","op":"is","values":["1"]}]} from:"anna larsen" is:unread after:today`,
	} {
		c, left, err := k.AsView(admin, search.Request{Query: query})
		if err != nil {
			t.Fatal(query, err)
		}
		b, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		got, names, _ := strings.Cut(want, "]} ")
		if names != "" {
			got += "]}"
		}
		if string(b) != got {
			t.Errorf("%q:\n got %s\nwant %s", query, b, got)
		}
		for i, text := range left {
			var name string
			if name, names, _ = strings.Cut(names, " "); strings.HasPrefix(name, "from") {
				name, names, _ = strings.Cut("from:\"anna larsen\"|"+strings.TrimPrefix(names, "larsen\" "), "|")
			}
			if !strings.Contains(text.String(), name) {
				t.Errorf("%q: %d is %q, want one that names %s", query, i, text, name)
			}
		}
		if names != "" {
			t.Errorf("%q: nobody says %s", query, names)
		}
	}
}

func TestTheViewOfASearchFindsTheSame(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.shop()
		views := &view.Service{DB: d, Now: k.Now}
		for _, query := range []string{"is:open tag:vip", "in:a", "-in:a", "-in:returns in:a", "in:returns in:c", "assignee:me", "assignee:none assignee:bob", "is:unassigned", "is:assigned", "-is:assigned",
			"-tag:vip", "is:urgent is:normal", "-is:urgent", "before:2026-11-21", "after:2026-11-24 in:anywhere", "after:3d", "-after:3d", "is:waiting", "-is:waiting", "is:spam", "is:closed is:trash"} {
			c, left, err := k.AsView(admin, search.Request{Query: query})
			if err != nil || len(left) > 0 {
				t.Fatal(query, left, err)
			}
			text, err := json.Marshal(c)
			if err != nil {
				t.Fatal(err)
			}
			v := view.Saved{Name: query, Audience: view.Me, Sort: view.Newest}
			if err := json.Unmarshal(text, &v.Conditions); err != nil {
				t.Fatal(err)
			}
			if v, err = views.Save(admin, v, 0); err != nil {
				t.Fatal(query, err)
			}
			items, _, err := views.List(admin, view.Filter{Saved: v.ID}, nil, 50)
			var got []int64
			for _, it := range items {
				got = append(got, it.ID)
			}
			if want := k.ids(admin, query); err != nil || !slices.Equal(got, want) {
				t.Errorf("%q: the view has %v, the search finds %v (%v)", query, got, want, err)
			}
		}
	})
}
