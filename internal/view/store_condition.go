package view

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/field"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Condition is one test of a saved view, or several of which all or any must
// hold.
type Condition struct {
	All    []Condition `json:"all,omitempty"`
	Any    []Condition `json:"any,omitempty"`
	Field  string      `json:"field,omitempty"`
	Op     string      `json:"op,omitempty"`
	Values []string    `json:"values,omitempty"`
}

// Bounds of the conditions of one view.
const (
	maxConditions = 50
	maxNesting    = 4
	maxValues     = 50
)

// choices are fields with one value of several: "is" and "is_not" take any of a list.
var choices = map[string]string{
	"status": "c.status", "priority": "c.priority", "channel": "c.channel", "inbox": "c.inbox_id", "team": "c.team_id", "assignee": "c.assignee_id",
}

// moments are instants: "within" and "longer_than" take a span from now, "after"
// and "before" a day, "set" and "not_set" nothing.
var moments = map[string]string{
	"last_activity": "c.last_activity_at", "created": "c.created_at", "waiting_since": "c.waiting_since", "due": "c.due_at",
}

// reader is what conditions are read with.
type reader struct {
	me     int64
	now    time.Time
	fields field.Set // the shop's own, archived ones too
}

// check refuses what is no condition; depth and count bound it. fields are the
// shop's own.
func (c Condition) check(depth int, count *int, fields field.Set) error {
	const where = "body.conditions"
	if *count++; *count > maxConditions {
		return errs.InvalidField(where, "A view has at most 50 conditions.")
	}
	if depth > maxNesting {
		return errs.InvalidField(where, "Groups can be nested four deep.")
	}
	if c.Field != "" {
		if len(c.All)+len(c.Any) > 0 {
			return errs.InvalidField(where, "A condition is either a group or a test.")
		}
		_, err := (&reader{now: time.UnixMilli(0), fields: fields}).test(c)
		return err
	}
	if len(c.All) > 0 && len(c.Any) > 0 {
		return errs.InvalidField(where, "A group has either all or any.")
	}
	for _, sub := range append(slices.Clone(c.All), c.Any...) {
		if err := sub.check(depth+1, count, fields); err != nil {
			return err
		}
	}
	return nil
}

// sql is the condition as SQL; an empty group holds.
func (r *reader) sql(c Condition) (cond, error) {
	if c.Field != "" {
		return r.test(c)
	}
	list, word := c.All, " AND "
	if len(c.Any) > 0 {
		list, word = c.Any, " OR "
	}
	var parts []string
	var args []any
	for _, sub := range list {
		one, err := r.sql(sub)
		if err != nil {
			return cond{}, err
		}
		if one.sql == "" {
			continue
		}
		parts = append(parts, "("+one.sql+")")
		args = append(args, one.args...)
	}
	if len(parts) == 0 {
		return cond{}, nil
	}
	return when("("+strings.Join(parts, word)+")", args...), nil
}

func (r *reader) test(c Condition) (cond, error) {
	if len(c.Values) > maxValues {
		return cond{}, errs.InvalidField("body.conditions", "A condition has at most 50 values.")
	}
	if column := choices[c.Field]; column != "" {
		return r.choice(c, column)
	}
	if column := moments[c.Field]; column != "" {
		return r.moment(c, column)
	}
	switch c.Field {
	case "tag":
		return r.tag(c)
	case "subject":
		return r.subject(c)
	}
	if key, own := strings.CutPrefix(c.Field, ownField); own {
		return r.own(c, key)
	}
	return cond{}, errs.InvalidFieldf("body.conditions", "There is no field %q. Known are status, priority, channel, inbox, team, assignee, tag, subject, "+
		"last_activity, created, waiting_since and due.", clipWord(c.Field))
}

func clipWord(s string) string { return s[:min(len(s), 40)] }

func errOp(c Condition) error {
	return errs.InvalidFieldf("body.conditions", "%s cannot be tested with %q.", clipWord(c.Field), clipWord(c.Op))
}

// choice tests a column for any of several values; "none" is nobody or no team,
// "me" is whoever looks.
func (r *reader) choice(c Condition, column string) (cond, error) {
	if c.Op != "is" && c.Op != "is_not" {
		return cond{}, errOp(c)
	}
	var args []any
	none := false
	for _, v := range c.Values {
		switch {
		case v == "none" && (c.Field == "assignee" || c.Field == "team"):
			none = true
		case v == "me" && c.Field == "assignee":
			args = append(args, r.me)
		case strings.HasSuffix(column, "_id"):
			id, err := strconv.ParseInt(v, 10, 64)
			if err != nil || id <= 0 {
				return cond{}, errs.InvalidFieldf("body.conditions", "%q is no %s.", clipWord(v), c.Field)
			}
			args = append(args, id)
		case c.Field == "status" && !slices.Contains(conversation.Statuses, conversation.Status(v)):
			return cond{}, errs.InvalidField("body.conditions", "The status must be one of open, pending, snoozed, closed, spam and trash.")
		default:
			args = append(args, v)
		}
	}
	sql := column + " IN (" + db.Marks(len(args)) + ")"
	if none {
		sql = "(" + sql + " OR " + column + " IS NULL)"
	}
	if c.Op == "is_not" {
		// What has no value is not one of them either.
		sql = "(" + sql + ") IS NOT TRUE"
	}
	return when(sql, args...), nil
}

func (r *reader) moment(c Condition, column string) (cond, error) {
	switch c.Op {
	case "set":
		return when(column+" < ?", conversation.Never), nil
	case "not_set":
		return when(column+" = ?", conversation.Never), nil
	}
	if len(c.Values) != 1 {
		return cond{}, errs.InvalidField("body.conditions", "A moment is tested with one value.")
	}
	switch c.Op {
	case "within", "longer_than":
		span, err := parseSpan(c.Values[0])
		if err != nil {
			return cond{}, err
		}
		edge := r.now.Add(-span).UnixMilli()
		if c.Op == "within" {
			return when(column+" >= ? AND "+column+" < ?", edge, conversation.Never), nil
		}
		return when(column+" < ?", edge), nil
	case "after", "before":
		day, err := time.Parse(time.DateOnly, c.Values[0])
		if err != nil {
			return cond{}, errs.InvalidField("body.conditions", "A day is written as 2026-11-27.")
		}
		if c.Op == "before" {
			return when(column+" < ?", day.UnixMilli()), nil
		}
		return when(column+" >= ? AND "+column+" < ?", day.AddDate(0, 0, 1).UnixMilli(), conversation.Never), nil
	}
	return cond{}, errOp(c)
}

// parseSpan reads 30m, 12h, 3d or 2w.
func parseSpan(s string) (time.Duration, error) {
	units := map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}
	if len(s) > 1 {
		n, err := strconv.Atoi(s[:len(s)-1])
		if unit := units[s[len(s)-1]]; err == nil && unit > 0 && n > 0 && n <= 10_000 {
			return time.Duration(n) * unit, nil
		}
	}
	return 0, errs.InvalidField("body.conditions", "A span is written as 30m, 12h, 3d or 2w.")
}

func (r *reader) tag(c Condition) (cond, error) {
	some := when("EXISTS (SELECT 1 FROM conversation_tag v WHERE v.conversation_id = c.id)")
	switch c.Op {
	case "set":
		return some, nil
	case "not_set":
		return negated(some), nil
	}
	if c.Op != "is" && c.Op != "is_not" {
		return cond{}, errOp(c)
	}
	var args []any
	for _, v := range c.Values {
		id, err := strconv.ParseInt(v, 10, 64)
		if err != nil || id <= 0 {
			return cond{}, errs.InvalidFieldf("body.conditions", "%q is no %s.", clipWord(v), c.Field)
		}
		args = append(args, id)
	}
	not := ""
	if c.Op == "is_not" {
		not = "NOT "
	}
	return when(not+"EXISTS (SELECT 1 FROM conversation_tag v WHERE v.conversation_id = c.id AND v.tag_id IN ("+db.Marks(len(args))+"))", args...), nil
}

func (r *reader) subject(c Condition) (cond, error) {
	if c.Op != "contains" || len(c.Values) != 1 || c.Values[0] == "" || len(c.Values[0]) > 200 {
		return cond{}, errs.InvalidField("body.conditions", "The subject is tested for some characters that it contains.")
	}
	return when(`LOWER(c.subject) LIKE ? ESCAPE '\'`, like(c.Values[0])), nil
}

// statusesOf are the statuses that can occur: where the conditions name some
// that must hold, only those are walked.
func (c Condition) statuses() []conversation.Status {
	for _, sub := range append([]Condition{c}, c.All...) {
		if sub.Field == "status" && sub.Op == "is" && len(sub.Values) > 0 {
			var out []conversation.Status
			for _, v := range sub.Values {
				if s := conversation.Status(v); !slices.Contains(out, s) {
					out = append(out, s)
				}
			}
			return out
		}
	}
	return nil
}

// lead lets the filter begin with what every conversation of the view has: an
// index then leads to them, where the condition alone would be tested on all.
func (c Condition) lead(f *Filter, me int64) {
	for _, sub := range append([]Condition{c}, c.All...) {
		if sub.Op != "is" || len(sub.Values) != 1 {
			continue
		}
		id, _ := strconv.ParseInt(sub.Values[0], 10, 64)
		switch {
		case sub.Field == "assignee" && sub.Values[0] == "me":
			f.Assignee = orElse(f.Assignee, me)
		case sub.Field == "assignee" && sub.Values[0] == "none":
			f.Assignee = orElse(f.Assignee, Nobody)
		case sub.Field == "assignee":
			f.Assignee = orElse(f.Assignee, id)
		case sub.Field == "team":
			f.Team = orElse(f.Team, id)
		case sub.Field == "inbox":
			f.Inbox = orElse(f.Inbox, id)
		}
	}
	f.ownKey, f.ownValues = c.ownLead()
}

// spans are the moments that every conversation of the view has, as bounds of an
// index where one has that column.
func (r *reader) spans(c Condition) (map[string]cond, error) {
	out := map[string]cond{}
	for _, sub := range append([]Condition{c}, c.All...) {
		column, ok := strings.CutPrefix(moments[sub.Field], "c.")
		if !ok {
			continue
		}
		one, err := r.moment(sub, "c."+column)
		if err != nil {
			return nil, err
		}
		out[column] = out[column].and(one)
	}
	return out, nil
}

// hasty tells whether what the conditions show changes without an event of a
// conversation: as time passes, or with a tag or team that is deleted.
func (c Condition) hasty() bool {
	own := strings.HasPrefix(c.Field, ownField)
	return moments[c.Field] != "" || own || c.Field == "tag" || c.Field == "team" ||
		slices.ContainsFunc(c.All, Condition.hasty) || slices.ContainsFunc(c.Any, Condition.hasty)
}

// named collects the ids that tests of the field name.
func (c Condition) named(field string) (out []int64) {
	if c.Field == field {
		for _, v := range c.Values {
			if id, err := strconv.ParseInt(v, 10, 64); err == nil {
				out = append(out, id)
			}
		}
	}
	for _, sub := range append(slices.Clone(c.All), c.Any...) {
		out = append(out, sub.named(field)...)
	}
	return out
}

func parseConditions(text string) (c Condition, err error) {
	err = json.Unmarshal([]byte(text), &c)
	return c, err
}
