package view

import (
	"context"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/text"
)

// itemText reads conversations with what a list shows beside them.
var itemText = "SELECT " + qualified(conversation.Columns) + `, c.due_at, i.brand_id, u.name,
		COALESCE((SELECT x.shown FROM customer_identity x WHERE x.customer_id = c.customer_id AND x.kind = 'email' ORDER BY x.id LIMIT 1), ''),
		COALESCE(a.name, ''), COALESCE(t.name, ''), COALESCE(r.message_id, 0), COALESCE(d.version, 0),
		COALESCE(SUBSTR(d.content, 1, 1500), '')
	FROM conversation c CROSS JOIN inbox i CROSS JOIN customer u
		LEFT JOIN agent a ON a.id = c.assignee_id LEFT JOIN team t ON t.id = c.team_id
		LEFT JOIN conversation_read r ON r.conversation_id = c.id AND r.agent_id = ?
		LEFT JOIN draft d ON d.conversation_id = c.id AND d.agent_id = ?
	WHERE i.id = c.inbox_id AND u.id = c.customer_id AND c.id IN `

func qualified(columns string) string {
	list := strings.Split(columns, ",")
	for i, name := range list {
		list[i] = "c." + strings.TrimSpace(name)
	}
	return strings.Join(list, ", ")
}

// items reads the conversations with these ids, in their order.
func items(ctx context.Context, q db.Queryer, agent int64, ids []int64) ([]Item, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list := pad(ids)
	rows, err := q.Query(ctx, itemText+"("+db.Marks(len(list))+")", append([]any{agent, agent}, list...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := make(map[int64]*Item, len(ids))
	for rows.Next() {
		it, err := scanItem(rows)
		if err != nil {
			return nil, err
		}
		found[it.ID] = &it
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if err := addTags(ctx, q, found, list); err != nil {
		return nil, err
	}
	out := make([]Item, 0, len(ids))
	for _, id := range ids {
		if it := found[id]; it != nil {
			out = append(out, *it)
		}
	}
	return out, nil
}

type scanner interface{ Scan(...any) error }

// wider lets [conversation.Scan] read the first columns of a longer row.
type wider struct {
	row  scanner
	more []any
}

func (w wider) Scan(into ...any) error { return w.row.Scan(append(into, w.more...)...) }

func scanItem(row scanner) (it Item, err error) {
	var due, mark, draft int64
	var head string
	it.Conversation, err = conversation.Scan(wider{row, []any{&due, &it.Brand, &it.Customer.Name, &it.Customer.Email,
		&it.Assignee.Name, &it.TeamName, &mark, &draft, &head}})
	it.Customer.ID, it.Assignee.ID = it.Conversation.Customer, it.Conversation.Assignee
	it.Unread, it.Draft = it.Conversation.Unread(mark), draft > 0
	it.Written = text.Preview(conversation.DraftText(head), 200)
	if due != conversation.Never {
		it.DueAt = time.UnixMilli(due).UTC()
	}
	return it, err
}

func addTags(ctx context.Context, q db.Queryer, found map[int64]*Item, list []any) error {
	rows, err := q.Query(ctx, `SELECT j.conversation_id, t.id, t.name, t.color FROM conversation_tag j CROSS JOIN tag t
		WHERE t.id = j.tag_id AND j.conversation_id IN (`+db.Marks(len(list))+") ORDER BY t.name", list...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var t Tag
		if err := rows.Scan(&id, &t.ID, &t.Name, &t.Color); err != nil {
			return err
		}
		if it := found[id]; it != nil {
			it.Tags = append(it.Tags, t)
		}
	}
	return rows.Err()
}

// seen tells whether the actor may read the conversation.
func seen(ctx context.Context, q db.Queryer, a *access.Actor, id int64) (bool, error) {
	where := when("c.id = ? AND c.status <> 'erased'", id).and(visible(a))
	var n int
	err := q.QueryRow(ctx, "SELECT COUNT(*) FROM conversation c WHERE "+where.sql, where.args...).Scan(&n)
	return n > 0, err
}

// around reads what only the page of one conversation shows.
func around(ctx context.Context, q db.Queryer, a *access.Actor, d *Detail) error {
	var following, held int
	err := q.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM conversation_participant WHERE conversation_id = ?),
		(SELECT COUNT(*) FROM conversation_follower WHERE conversation_id = ? AND agent_id = ? AND reason = 'follow'),
		(SELECT COUNT(*) FROM conversation c WHERE c.id = ? AND `+conversation.Held+")",
		d.ID, d.ID, a.AgentID, d.ID).Scan(&d.Participants, &following, &held)
	if err != nil {
		return err
	}
	d.Following, d.Held = following > 0, held > 0
	where := when("l.conversation_id = ? AND c.id = l.other_id", d.ID).and(visible(a))
	rows, err := q.Query(ctx, `SELECT c.id, c.subject, c.status, l.reason FROM conversation_link l CROSS JOIN conversation c
		WHERE `+where.sql+" ORDER BY c.id DESC LIMIT 100", where.args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var l Link
		if err := rows.Scan(&l.ID, &l.Subject, &l.Status, &l.Reason); err != nil {
			return err
		}
		if l.Status == string(conversation.Merged) {
			l.Status = string(conversation.Closed)
		}
		d.Links = append(d.Links, l)
	}
	return rows.Err()
}

// hidden counts a customer's conversations that the actor may not read.
func hidden(ctx context.Context, q db.Queryer, a *access.Actor, customer int64) (n int64, err error) {
	see := visible(a)
	if see.sql == "" {
		return 0, nil
	}
	err = q.QueryRow(ctx, `SELECT COUNT(*) FROM conversation c WHERE c.customer_id = ? AND c.status NOT IN ('spam', 'trash', 'merged', 'erased')
		AND `+see.sql+" IS NOT TRUE", append([]any{customer}, see.args...)...).Scan(&n)
	return n, err
}
