package search

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Condition is one of a saved view, as package view reads it.
type Condition struct {
	All    []Condition `json:"all,omitempty"`
	Any    []Condition `json:"any,omitempty"`
	Field  string      `json:"field,omitempty"`
	Op     string      `json:"op,omitempty"`
	Values []string    `json:"values,omitempty"`
}

// AsView gives the conditions of a saved view that finds what the operators of
// the query find, and says in words what of the query a view cannot hold.
func (s *Service) AsView(ctx context.Context, r Request) (c Condition, left []errs.Text, err error) {
	defer errs.Wrap(&err, "make a view of a search")
	l, err := s.look(ctx, r)
	if err != nil {
		return c, nil, err
	}
	q, err := Parse(r.Query)
	if err != nil {
		return c, nil, err
	}
	if words := strings.TrimSpace(q.Words); words != "" {
		left = append(left, errs.Say("The words %q are left out: a view looks at what a conversation is, not at what was written in it.", words))
	}
	c.All = []Condition{}
	if l.named || len(l.statuses) != 4 {
		list := make([]string, len(l.statuses))
		for i, one := range l.statuses {
			list[i] = string(one)
		}
		c.All = append(c.All, Condition{Field: "status", Op: "is", Values: list})
	}
	c.All = append(c.All, l.alternatives()...)
	for _, t := range l.terms {
		one, say := t.condition()
		if one.Field != "" || len(one.All) > 0 {
			c.All = append(c.All, one)
		}
		if say.Format != "" {
			left = append(left, say)
		}
	}
	return c, left, nil
}

// alternatives are the inboxes, agents and priorities of which any will do.
func (l *lookup) alternatives() (out []Condition) {
	var inboxes, teams, agents, urgency []string
	for _, t := range l.terms {
		switch {
		case t.Not:
		case t.Op == In:
			inboxes, teams = append(inboxes, idTexts(t.ids)...), append(teams, idTexts(t.teams)...)
		case t.Op == Assignee:
			agents = append(agents, t.agents()...)
		case t.priority():
			urgency = append(urgency, t.Value)
		}
	}
	add := func(field string, values []string) {
		if len(values) > 0 {
			out = append(out, Condition{Field: field, Op: "is", Values: slices.Compact(values)})
		}
	}
	if len(inboxes) > 0 && len(teams) > 0 {
		out = append(out, Condition{Any: []Condition{{Field: "inbox", Op: "is", Values: inboxes}, {Field: "team", Op: "is", Values: teams}}})
	} else {
		add("inbox", inboxes)
		add("team", teams)
	}
	add("assignee", agents)
	add("priority", urgency)
	return out
}

// condition is the term alone, or why there is none.
func (t *meant) condition() (c Condition, why errs.Text) {
	op := "is"
	if t.Not {
		op = "is_not"
	}
	switch {
	case t.status() || t.place() || !t.Not && (t.Op == In || t.Op == Assignee || t.priority()):
		return c, why // said already
	case t.Op == Tag:
		return Condition{Field: "tag", Op: op, Values: idTexts(t.ids)}, why
	case t.Op == Assignee:
		return Condition{Field: "assignee", Op: op, Values: t.agents()}, why
	case t.priority():
		return Condition{Field: "priority", Op: op, Values: []string{t.Value}}, why
	case t.Op == In:
		var both []Condition
		for field, ids := range map[string][]int64{"inbox": t.ids, "team": t.teams} {
			if len(ids) > 0 {
				both = append(both, Condition{Field: field, Op: op, Values: idTexts(ids)})
			}
		}
		slices.SortFunc(both, func(a, b Condition) int { return strings.Compare(a.Field, b.Field) })
		return Condition{All: both}, why
	case t.Op == Before || t.Op == After:
		return t.moment()
	case t.Op == Is && (t.Value == "unassigned" || t.Value == "assigned"):
		if (t.Value == "assigned") != t.Not {
			op = "is_not"
		} else {
			op = "is"
		}
		return Condition{Field: "assignee", Op: op, Values: []string{"none"}}, why
	case t.Op == Is && t.Value == "waiting":
		return Condition{Field: "waiting_since", Op: map[bool]string{false: "set", true: "not_set"}[t.Not]}, why
	case t.Op == Is && t.Value == "overdue" && !t.Not:
		return Condition{Field: "due", Op: "longer_than", Values: []string{"1m"}}, why
	}
	return c, errs.Say("%s is left out: a view cannot test that.", t.text())
}

// moment is a test of the last activity. A span stays one, so that it moves with time.
func (t *meant) moment() (Condition, errs.Text) {
	after := (t.Op == After) != t.Not
	if span.MatchString(strings.ToLower(t.Value)) {
		return Condition{Field: "last_activity", Op: map[bool]string{true: "within", false: "longer_than"}[after], Values: []string{strings.ToLower(t.Value)}}, errs.Text{}
	}
	if t.moves {
		return Condition{}, errs.Say("%s is left out: in a view that day would never change. Write a span such as 7d, or a date.", t.text())
	}
	if after { // a view's "after" begins with the next day
		return Condition{Field: "last_activity", Op: "after", Values: []string{t.at.AddDate(0, 0, -1).Format(time.DateOnly)}}, errs.Text{}
	}
	return Condition{Field: "last_activity", Op: "before", Values: []string{t.at.Format(time.DateOnly)}}, errs.Text{}
}

// text is the term as somebody types it.
func (t *meant) text() string {
	value, minus := t.Value, ""
	if strings.ContainsAny(value, " \t\u3000") {
		value = `"` + value + `"`
	}
	if t.Not {
		minus = "-"
	}
	return minus + string(t.Op) + ":" + value
}

// agents are the values of a condition; "me" stays whoever looks.
func (t *meant) agents() []string {
	if strings.EqualFold(t.Value, "me") {
		return []string{"me"}
	}
	if slices.Contains(t.ids, nobody) {
		return []string{"none"}
	}
	return idTexts(t.ids)
}

func idTexts(ids []int64) (out []string) {
	for _, id := range ids {
		out = append(out, strconv.FormatInt(id, 10))
	}
	return out
}
