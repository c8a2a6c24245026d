package view

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/field"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Tab is a part of a list: the conversations with one value of a property.
type Tab struct {
	Value string // an id, a word of the property or a choice; "" = there is none
	Count int64
}

// properties are what a view can have tabs by, beside the shop's own choices.
var properties = []string{"status", "priority", "inbox", "team", "assignee", "tag"}

// ownKey is the key of the shop's own field that a property or column names, "" when it names none.
func ownKey(name string) string {
	key, own := strings.CutPrefix(name, ownField)
	if !own {
		return ""
	}
	return key
}

func ownKeys(names ...string) (out []string) {
	for _, name := range names {
		if key := ownKey(name); key != "" {
			out = append(out, key)
		}
	}
	return out
}

// checkTabs refuses a property that there can be no tabs by; location is where it was named.
func checkTabs(by, location string, fields field.Set) error {
	if slices.Contains(properties, by) {
		return nil
	}
	if f, ok := fields.Find(ownKey(by)); ok && f.Kind == field.Choice {
		return nil
	}
	return errs.InvalidFieldf(location, "There are no tabs by %q. Known are status, priority, inbox, team, assignee, tag, and the shop's own choices as field.reason.", clipWord(by))
}

// Tabs counts by a property what the filter shows, the most frequent first. more
// tells that there is more than was counted: up to 999 conversations are, of
// 20,000 that are looked at. Where the counters know the numbers, all are counted.
func (s *Service) Tabs(ctx context.Context, f Filter, by string) (list []Tab, more bool, err error) {
	defer errs.Wrap(&err, "count tabs by %s", clipWord(by))
	a, err := caller(ctx)
	if err != nil {
		return nil, false, err
	}
	fields, err := s.defined(ctx, s.DB, ownKeys(by))
	if err != nil {
		return nil, false, err
	}
	if err := checkTabs(by, "query.by", fields); err != nil {
		return nil, false, err
	}
	var saved Saved
	if f.Saved != 0 {
		if saved, err = s.oneSaved(ctx, s.DB, a, f.Saved); err != nil {
			return nil, false, err
		}
	}
	if slices.Contains(cellFields, by) && f.ofCells() && saved.Conditions.ofCells() {
		list, err = s.cellTabs(ctx, a, f, saved.Conditions, by)
		return list, false, err
	}
	return s.walkedTabs(ctx, a, f, saved, by)
}

// walkedTabs walks the list and groups what it finds. What was found is shown for five seconds.
func (s *Service) walkedTabs(ctx context.Context, a *access.Actor, f Filter, saved Saved, by string) ([]Tab, bool, error) {
	seen := fmt.Sprintf("%d %+v", a.AgentID, a.Scope)
	if conversation.SeesEverything(a) && f.leads() && !saved.Conditions.personal() {
		seen = "everything"
	}
	key := fmt.Sprintf("%s %d %s %+v", seen, saved.Version, by, f)
	now := s.Now()
	if have, ok := s.tabs.get(key); ok && now.Sub(have.at) < countFresh {
		return have.list, have.more, nil
	}
	places, next, err := s.places(ctx, a, f, nil, 999)
	if err != nil {
		return nil, false, err
	}
	ids := make([]int64, len(places))
	for i, at := range places {
		ids[i] = at.ID
	}
	list, err := tabsOf(ctx, s.DB, by, ids)
	if err != nil {
		return nil, false, err
	}
	sortTabs(list)
	s.tabs.keep(key, madeTabs{list, next != nil, now}, 1000)
	return list, next != nil, nil
}

func sortTabs(list []Tab) {
	slices.SortFunc(list, func(a, b Tab) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(len(a.Value), len(b.Value)), strings.Compare(a.Value, b.Value))
	})
}

// madeTabs are remembered.
type madeTabs struct {
	list []Tab
	more bool
	at   time.Time
}

// cellFields are the properties that the counters tell apart.
var cellFields = []string{"status", "inbox", "team", "assignee"}

// cellTabs sums the counters.
func (s *Service) cellTabs(ctx context.Context, a *access.Actor, f Filter, c Condition, by string) ([]Tab, error) {
	if len(f.Statuses) == 0 {
		f.Statuses = c.statuses()
	}
	sums := map[string]int64{}
	err := s.cells(ctx, a, func(of cell, n int64) {
		if f.holds(of) && c.holds(of, a.AgentID) {
			sums[of.value(by)] += n
		}
	})
	var out []Tab
	for value, n := range sums {
		if value == "none" {
			value = ""
		}
		if n > 0 {
			out = append(out, Tab{value, n})
		}
	}
	sortTabs(out)
	return out, err
}

func (c cell) value(property string) string {
	id := map[string]int64{"inbox": c.inbox, "team": c.team, "assignee": c.assignee}[property]
	switch {
	case property == "status":
		return string(c.status)
	case id == 0:
		return "none" // as conditions name it
	}
	return strconv.FormatInt(id, 10)
}

// ofCells tells whether the filter asks for nothing but what the counters tell apart.
func (f *Filter) ofCells() bool {
	return f.leads() && f.Customer == 0 && f.Tag == "" && !f.NoTag && f.Priority == "" && f.Channel == "" && f.Own == ""
}

func (f *Filter) holds(c cell) bool {
	return slices.Contains(f.statuses(), c.status) && (f.Inbox == 0 || f.Inbox == c.inbox) && (f.Team == 0 || f.Team == c.team) && (!f.NoTeam || c.team == 0) &&
		(f.Assignee == 0 || f.Assignee == c.assignee || f.Assignee == Nobody && c.assignee == 0)
}

// parts are the tests and groups of a group, without groups that say nothing.
func (c Condition) parts() (out []Condition) {
	for _, sub := range append(slices.Clone(c.All), c.Any...) {
		if sub.Field != "" || len(sub.parts()) > 0 {
			out = append(out, sub)
		}
	}
	return out
}

func (c Condition) ofCells() bool {
	if c.Field != "" {
		return slices.Contains(cellFields, c.Field)
	}
	return !slices.ContainsFunc(c.parts(), func(sub Condition) bool { return !sub.ofCells() })
}

// holds is for conditions of cells what [reader.sql] is for rows.
func (c Condition) holds(of cell, me int64) bool {
	if c.Field != "" {
		value := of.value(c.Field)
		in := slices.ContainsFunc(c.Values, func(v string) bool {
			return v == value || v == "me" && c.Field == "assignee" && value == strconv.FormatInt(me, 10)
		})
		return in == (c.Op == "is")
	}
	parts := c.parts()
	if len(c.Any) > 0 && len(parts) > 0 {
		return slices.ContainsFunc(parts, func(sub Condition) bool { return sub.holds(of, me) })
	}
	return !slices.ContainsFunc(parts, func(sub Condition) bool { return !sub.holds(of, me) })
}
