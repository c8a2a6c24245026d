package view

import (
	"context"
	"strings"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/event"
)

// feedBound is the cursor of the event number n behind after, or of the last one.
func feedBound(ctx context.Context, q db.Queryer, d db.Dialect, after event.Cursor, n int) (end event.Cursor, err error) {
	behind := "FROM event WHERE (xid, id) > (?, ?) AND " + d.Settled("xid")
	err = q.QueryRow(ctx, "SELECT xid, id "+behind+" ORDER BY xid, id LIMIT 1 OFFSET ?", after.XID, after.ID, n-1).Scan(&end.XID, &end.ID)
	if !db.IsNoRows(err) {
		return end, err
	}
	err = q.QueryRow(ctx, "SELECT xid, id "+behind+" ORDER BY xid DESC, id DESC LIMIT 1", after.XID, after.ID).Scan(&end.XID, &end.ID)
	if db.IsNoRows(err) {
		return after, nil
	}
	return end, err
}

// feedFilter limits the feed to what the actor may see by the columns of the
// event: conversations in their scope, assigned to them or followed by them;
// read marks and drafts only of their own.
func feedFilter(a *access.Actor, end event.Cursor) event.Filter {
	where := when("(xid, id) <= (?, ?) AND type <> ?", end.XID, end.ID, string(access.Changed))
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
