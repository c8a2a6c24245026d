package view

import (
	"context"
	"database/sql"
	"strings"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/event"
)

// changedSince lists the conversations of which something happened behind the
// cursor, more than limit of them at most by one, and how far that is.
func changedSince(ctx context.Context, q db.Queryer, d db.Dialect, after event.Cursor, limit int) (ids []int64, end event.Cursor, err error) {
	if end, err = event.Head(ctx, q, d); err != nil || end == after {
		return nil, end, err
	}
	behind, args := after.Behind(d)
	upTo, more := end.UpTo(d)
	args = append(append(args, more...), limit+1)
	err = db.Each(ctx, q, "SELECT DISTINCT conversation_id FROM event WHERE "+behind+" AND "+upTo+" AND conversation_id <> 0 LIMIT ?", args,
		func(rows *sql.Rows) error {
			var id int64
			err := rows.Scan(&id)
			ids = append(ids, id)
			return err
		})
	return ids, end, err
}

// feedFilter limits the feed to what the actor may see by the columns of the
// event: conversations in their scope, assigned to them or followed by them;
// read marks and drafts only of their own.
func feedFilter(a *access.Actor, d db.Dialect, end event.Cursor) event.Filter {
	upTo, args := end.UpTo(d)
	where := when(upTo, args...).and(when("type <> ?", string(access.Changed)))
	if !a.System {
		where = where.and(when("(type NOT IN (?, ?) OR actor_id = ?)", string(conversation.Read), string(conversation.DraftChanged), a.AgentID))
	}
	if !conversation.SeesEverything(a) {
		where = where.and(feedScope(a))
	}
	return event.Filter{SQL: where.sql, Args: where.args}
}

func feedScope(a *access.Actor) cond {
	scope, args := a.Scope.Where("")
	or := []string{scope, "conversation_id <> 0 AND (assignee_id = ? OR conversation_id IN (SELECT conversation_id FROM conversation_follower WHERE agent_id = ?))"}
	args = append(args, a.AgentID, a.AgentID)
	if a.May(access.CustomersRead) {
		or = append(or, "type = ?")
		args = append(args, string(customer.Updated))
	}
	var inboxes []int64
	for _, l := range []access.Level{access.Team, access.Own} {
		inboxes = append(inboxes, a.Scope.InboxesAt(l)...)
	}
	if len(inboxes) > 0 {
		or = append(or, "conversation_id = 0 AND inbox_id IN ("+db.Marks(len(inboxes))+")")
		args = append(args, values(inboxes)...)
	}
	return when("("+strings.Join(or, " OR ")+")", args...)
}
