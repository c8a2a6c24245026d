package view

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/field"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// ownField begins the name of a condition's field that the shop defined; its key follows.
const ownField = "field."

// own tests the value of one of the shop's own fields.
func (r *reader) own(c Condition, key string) (cond, error) {
	f, ok := r.fields.Find(key)
	if !ok {
		return cond{}, errs.InvalidFieldf("body.conditions", "There is no field %q.", clipWord(key))
	}
	switch c.Op {
	case "set":
		return holds(key, cond{}), nil
	case "not_set":
		return negated(holds(key, cond{})), nil
	}
	switch f.Kind {
	case field.Choice:
		return ownChoice(c, key)
	case field.Number:
		return ownNumber(c, f)
	case field.Date:
		return r.ownDate(c, f)
	}
	if c.Op != "contains" || len(c.Values) != 1 || c.Values[0] == "" || len(c.Values[0]) > 200 {
		return cond{}, errs.InvalidField("body.conditions", "A text is tested for some characters that it contains.")
	}
	return holds(key, when(`LOWER(v.value) LIKE ? ESCAPE '\'`, like(c.Values[0]))), nil
}

// holds is the condition that a conversation has a value of the field for which more is true.
func holds(key string, more cond) cond {
	in := when("v.conversation_id = c.id AND v.field_key = ?", key).and(more)
	return when("EXISTS (SELECT 1 FROM conversation_field v WHERE "+in.sql+")", in.args...)
}

func negated(c cond) cond { return when("NOT "+c.sql, c.args...) }

func like(s string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.ToLower(s)) + "%"
}

func ownChoice(c Condition, key string) (cond, error) {
	if c.Op != "is" && c.Op != "is_not" {
		return cond{}, errOp(c)
	}
	args := make([]any, len(c.Values))
	for i, v := range c.Values {
		args[i] = v
	}
	out := holds(key, when("v.value IN ("+db.Marks(len(args))+")", args...))
	if c.Op == "is_not" {
		out = negated(out)
	}
	return out, nil
}

func ownNumber(c Condition, f field.Field) (cond, error) {
	than := map[string]string{"at_least": ">=", "at_most": "<="}[c.Op]
	if than == "" {
		return cond{}, errOp(c)
	}
	value := ""
	if len(c.Values) == 1 && len(c.Values[0]) <= 40 && strings.Trim(c.Values[0], "+-.0123456789") == "" {
		value = c.Values[0]
	}
	n, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return cond{}, errs.InvalidField("body.conditions", "A number is tested with one number, such as 12.5.")
	}
	// Only where the key is that of a number is the value one.
	return holds(f.Key, when("CASE WHEN v.field_key = ? THEN CAST(v.value AS DOUBLE PRECISION) END "+than+" ?", f.Key, n)), nil
}

// ownDate tests a day. Spans count back from today, in UTC.
func (r *reader) ownDate(c Condition, f field.Field) (cond, error) {
	if len(c.Values) != 1 {
		return cond{}, errs.InvalidField("body.conditions", "A moment is tested with one value.")
	}
	today := r.now.UTC().Format(time.DateOnly)
	switch c.Op {
	case "within", "longer_than":
		span, err := parseSpan(c.Values[0])
		if err != nil {
			return cond{}, err
		}
		edge := r.now.UTC().Add(-span).Format(time.DateOnly)
		if c.Op == "within" {
			return holds(f.Key, when("v.value >= ? AND v.value <= ?", edge, today)), nil
		}
		return holds(f.Key, when("v.value < ?", edge)), nil
	case "after", "before":
		if _, err := time.Parse(time.DateOnly, c.Values[0]); err != nil {
			return cond{}, errs.InvalidField("body.conditions", "A day is written as 2026-11-27.")
		}
		if c.Op == "after" {
			return holds(f.Key, when("v.value > ?", c.Values[0])), nil
		}
		return holds(f.Key, when("v.value < ?", c.Values[0])), nil
	}
	return cond{}, errOp(c)
}

// ownLead is a field of which every conversation of the view has one of these
// values: where few have, an index leads to them.
func (c Condition) ownLead() (key string, values []string) {
	for _, sub := range append([]Condition{c}, c.All...) {
		if key, own := strings.CutPrefix(sub.Field, ownField); own && sub.Op == "is" && len(sub.Values) > 0 {
			return key, sub.Values
		}
	}
	return "", nil
}

// ownFields are the keys of the shop's own fields that are tested.
func (c Condition) ownFields() (out []string) {
	if key, own := strings.CutPrefix(c.Field, ownField); own {
		out = append(out, key)
	}
	for _, sub := range append(slices.Clone(c.All), c.Any...) {
		out = append(out, sub.ownFields()...)
	}
	return out
}

// indexed is how much of a value the index of fields holds, in characters. No
// choice is longer.
const indexed = 60

// fieldArm leads to the conversations with one of these values.
func fieldArm(key string, values []string) cond {
	args := []any{key}
	for _, v := range values {
		args = append(args, v)
	}
	return when("(SELECT conversation_id FROM conversation_field WHERE field_key = ? AND substr(value, 1, "+strconv.Itoa(indexed)+") IN ("+db.Marks(len(values))+")) f", args...)
}

// fewHold tells whether few conversations have one of these values.
func fewHold(ctx context.Context, q db.Queryer, key string, values []string) (bool, error) {
	arm := fieldArm(key, values)
	var n int
	err := q.QueryRow(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM "+arm.sql+" LIMIT 1001) few", arm.args...).Scan(&n)
	return n <= 1000, err
}

// keptValues are what conversations have in these fields, by conversation and key.
func keptValues(ctx context.Context, q db.Queryer, ids []int64, keys []string) (map[int64]map[string]string, error) {
	args := pad(ids)
	in := "conversation_id IN (" + db.Marks(len(args)) + ") AND field_key IN (" + db.Marks(len(keys)) + ")"
	for _, key := range keys {
		args = append(args, key)
	}
	out := map[int64]map[string]string{}
	err := db.Each(ctx, q, "SELECT conversation_id, field_key, value FROM conversation_field WHERE "+in, args, func(rows *sql.Rows) error {
		var id int64
		var key, value string
		err := rows.Scan(&id, &key, &value)
		if out[id] == nil {
			out[id] = map[string]string{}
		}
		out[id][key] = value
		return err
	})
	return out, err
}
