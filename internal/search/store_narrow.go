package search

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/text"
)

// test is a condition in SQL with its values.
type test struct {
	sql  string
	args []any
}

func all(tests []test) (out test) {
	for _, t := range tests {
		if t.sql == "" {
			continue
		}
		out.sql += " AND " + t.sql
		out.args = append(out.args, t.args...)
	}
	return out
}

func in(column string, ids []int64) test {
	t := test{sql: column + " IN (" + db.Marks(len(ids)) + ")"}
	for _, id := range ids {
		t.args = append(t.args, id)
	}
	return t
}

// either is one of the tests; not even one when not is set, also where a value lacks.
func either(not bool, tests ...test) (out test) {
	var parts []string
	for _, t := range tests {
		if t.sql != "" {
			parts = append(parts, t.sql)
			out.args = append(out.args, t.args...)
		}
	}
	if len(parts) == 0 {
		return test{}
	}
	out.sql = "(" + strings.Join(parts, " OR ") + ")"
	if not {
		out.sql += " IS NOT TRUE"
	}
	return out
}

// narrow are the conditions on conversation c: the statuses, and what is asked
// of it. Values that exclude each other are alternatives: two inboxes, two
// agents, two priorities.
func (l *lookup) narrow() []test {
	marks := make([]any, len(l.statuses))
	for i, s := range l.statuses {
		marks[i] = string(s)
	}
	out := []test{{"c.status IN (" + db.Marks(len(marks)) + ")", marks}}
	var places, agents, urgency []test
	for _, t := range l.terms {
		var one test
		switch {
		case t.status() || t.place():
			continue
		case t.Op == Tag:
			one = in("EXISTS (SELECT 1 FROM conversation_tag g WHERE g.conversation_id = c.id AND g.tag_id", t.ids)
			one.sql += ")"
		case t.Op == In:
			one = either(false, in("c.inbox_id", t.ids), in("c.team_id", t.teams))
			if !t.Not {
				places = append(places, one)
				continue
			}
		case t.Op == Assignee:
			if one = in("c.assignee_id", t.ids); slices.Contains(t.ids, nobody) {
				one = test{sql: "c.assignee_id IS NULL"}
			}
			if !t.Not {
				agents = append(agents, one)
				continue
			}
		case t.priority():
			one = test{"c.priority = ?", []any{t.Value}}
			if !t.Not {
				urgency = append(urgency, one)
				continue
			}
		case t.Op == Is || t.Op == Has:
			one = l.state(t.Value)
		}
		if one.sql != "" {
			out = append(out, either(t.Not, one))
		}
	}
	return append(out, either(false, places...), either(false, agents...), either(false, urgency...))
}

// state tests what a conversation is or has.
func (l *lookup) state(value string) test {
	me := []any{l.actor.AgentID}
	switch value {
	case "unread", "read":
		sql := `c.last_inbound_id > COALESCE((SELECT NULLIF(r.message_id, 0) FROM conversation_read r
			WHERE r.conversation_id = c.id AND r.agent_id = ?), c.read_floor) AND c.status NOT IN ('spam', 'trash')`
		if value == "read" {
			sql = "(" + sql + ") IS NOT TRUE"
		}
		return test{sql, me}
	case "assigned":
		return test{sql: "c.assignee_id IS NOT NULL"}
	case "unassigned":
		return test{sql: "c.assignee_id IS NULL"}
	case "waiting":
		return test{"c.waiting_since < ?", []any{conversation.Never}}
	case "overdue":
		return test{"c.due_at < ?", []any{l.now.UnixMilli()}}
	case "following":
		return test{"EXISTS (SELECT 1 FROM conversation_follower w WHERE w.conversation_id = c.id AND w.agent_id = ? AND w.reason = 'follow')", me}
	case "mentioned":
		return test{"EXISTS (SELECT 1 FROM conversation_follower w WHERE w.conversation_id = c.id AND w.agent_id = ? AND w.reason = 'mention')", me}
	case "note":
		return test{sql: "EXISTS (SELECT 1 FROM message n WHERE n.conversation_id = c.id AND n.kind = 'note')"}
	case "reply":
		return test{sql: "EXISTS (SELECT 1 FROM message n WHERE n.conversation_id = c.id AND n.kind = 'outbound')"}
	case "draft":
		return test{"EXISTS (SELECT 1 FROM draft e WHERE e.conversation_id = c.id AND e.agent_id = ?)", me}
	case "tag":
		return test{sql: "EXISTS (SELECT 1 FROM conversation_tag g WHERE g.conversation_id = c.id)"}
	}
	return test{}
}

// ofMessage are the conditions on the message of document d.
func (l *lookup) ofMessage() (out []test) {
	others := slices.ContainsFunc(l.terms, func(t meant) bool { return t.Op == From && !t.Not && !t.expr.Empty() })
	for _, t := range l.terms {
		switch {
		case t.Op == Has && t.Value == "attachment":
			one := test{sql: "EXISTS (SELECT 1 FROM attachment f WHERE f.message_id = d.message_id AND f.inline = FALSE)"}
			out = append(out, either(t.Not, one))
		case t.Op == From && len(t.ids) > 0 && (t.Not || !others):
			one := test{"EXISTS (SELECT 1 FROM message m WHERE m.id = d.message_id AND m.author_type = 'agent' AND m.author_id = ?)", []any{t.ids[0]}}
			out = append(out, either(t.Not, one))
		}
	}
	return out
}

// peopleOf reads who wrote messages and whom they went to.
func peopleOf(ctx context.Context, q queryer, found []hit) (map[int64]people, error) {
	args := make([]any, 0, len(found)+25)
	for _, h := range found {
		args = append(args, h.message)
	}
	for len(args)%25 != 0 {
		args = append(args, int64(0))
	}
	out := make(map[int64]people, len(found))
	err := db.Each(ctx, q, "SELECT id, author_name, author_address, CASE WHEN author_type = 'agent' THEN author_id ELSE 0 END, recipients FROM message WHERE id IN ("+db.Marks(len(args))+")", args, func(rows *sql.Rows) error {
		var id int64
		var p people
		var recipients string
		if err := rows.Scan(&id, &p.from.Name, &p.from.Address, &p.agent, &recipients); err != nil {
			return err
		}
		var to conversation.Recipients
		if recipients != "" {
			if err := json.Unmarshal([]byte(recipients), &to); err != nil {
				return err
			}
		}
		p.to = slices.Concat(to.To, to.Cc, to.Bcc)
		out[id] = p
		return nil
	})
	return out, err
}

// keep leaves the hits whose people fit.
func (l *lookup) keep(ctx context.Context, q queryer, found []hit, tests []tester) ([]hit, error) {
	if len(found) == 0 {
		return nil, nil
	}
	who, err := peopleOf(ctx, q, found)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(found, func(h hit) bool {
		p, ok := who[h.message]
		return !ok || slices.ContainsFunc(tests, func(t tester) bool { return !t.fits(l.analyzer, p) })
	}), nil
}

// names are rows with the words that lead to them.
var names = map[string]string{
	"agent": "SELECT id, name, email FROM agent WHERE active = TRUE ORDER BY id LIMIT 5000",
	"team":  "SELECT id, name, '' FROM team ORDER BY id LIMIT 1000",
	"inbox": "SELECT id, name, address FROM inbox ORDER BY id LIMIT 1000",
}

// named are the rows with this name or address, otherwise those of which a word
// begins so.
func named(ctx context.Context, q queryer, table, value string) ([]int64, error) {
	want := text.Fold(value)
	var exact, begin []int64
	err := db.Each(ctx, q, names[table], nil, func(rows *sql.Rows) error {
		var id int64
		var name, address string
		if err := rows.Scan(&id, &name, &address); err != nil {
			return err
		}
		name, address = text.Fold(name), text.Fold(address)
		switch {
		case name == want || address == want:
			exact = append(exact, id)
		case strings.HasPrefix(address, want) || strings.Contains(" "+name, " "+want):
			begin = append(begin, id)
		}
		return nil
	})
	if len(exact) > 0 {
		return exact, err
	}
	return begin[:min(len(begin), 50)], err
}

func inboxesNamed(ctx context.Context, q queryer, a *access.Actor, value string) ([]int64, error) {
	ids, err := named(ctx, q, "inbox", value)
	return slices.DeleteFunc(ids, func(id int64) bool { return !sees(a, id) }), err
}

// tagNamed finds a tag, as it is written or folded.
func tagNamed(ctx context.Context, q queryer, value string) (name string, ids []int64, err error) {
	want := text.Fold(value)
	err = db.Each(ctx, q, "SELECT id, name FROM tag ORDER BY id LIMIT 10000", nil, func(rows *sql.Rows) error {
		var id int64
		var have string
		if err := rows.Scan(&id, &have); err != nil {
			return err
		}
		if text.Fold(have) == want {
			name, ids = have, append(ids, id)
		}
		return nil
	})
	if err == nil && len(ids) == 0 {
		err = errs.InvalidFieldf("query.q", "There is no tag %q.", value)
	}
	return name, ids, err
}
