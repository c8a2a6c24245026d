package notification

import (
	"context"
	"database/sql"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// addInbox writes a word about an inbox for those of the agents who want to hear
// of it at the bell or by push, and returns who that is.
func addInbox(ctx context.Context, tx *db.Tx, k Kind, inbox int64, agents []int64, at time.Time) ([]int64, error) {
	who := theseAgents(agents...)
	args := append([]any{string(k), inbox, string(k), at.UnixMilli()}, who.args...)
	return ids(ctx, tx, `INSERT INTO notification_inbox (agent_id, kind, inbox_id, app, at)
		SELECT a.id, ?, CAST(? AS BIGINT), `+wantsApp+`, CAST(? AS BIGINT) FROM agent a
		WHERE `+who.sql+` AND a.active = TRUE AND (`+wantsApp+` OR `+ByPush.wants(k)+`)
		ON CONFLICT (agent_id, inbox_id, kind) WHERE read_at = 0 DO UPDATE SET at = excluded.at, app = excluded.app, times = notification_inbox.times + 1
		RETURNING agent_id`, append(args, string(k), string(k))...)
}

// wantMail are those of the agents who want to hear of a kind by mail.
func wantMail(ctx context.Context, q db.Queryer, k Kind, agents []int64) ([]int64, error) {
	who := theseAgents(agents...)
	return ids(ctx, q, "SELECT a.id FROM agent a WHERE "+who.sql+" AND a.active = TRUE AND "+ByMail.wants(k)+" ORDER BY a.id", append(who.args, string(k))...)
}

// listInboxes are those about inboxes that are shown at the bell.
func listInboxes(ctx context.Context, q db.Queryer, a *access.Actor, unread bool, behind *Place, limit int) ([]Notification, error) {
	where, args := "n.app = TRUE", []any{}
	if unread {
		where += " AND n.read_at = 0"
	}
	if behind != nil {
		where += " AND (n.at < ? OR n.at = ? AND -n.id < ?)"
		args = append(args, behind.At.UnixMilli(), behind.At.UnixMilli(), behind.ID)
	}
	return inboxesWhere(ctx, q, a.AgentID, where, args, limit)
}

func inboxesWhere(ctx context.Context, q db.Queryer, agent int64, where string, args []any, limit int) (out []Notification, err error) {
	text := `SELECT n.id, n.kind, n.inbox_id, i.name, i.address, n.times, n.at, n.read_at FROM notification_inbox n JOIN inbox i ON i.id = n.inbox_id
		WHERE n.agent_id = ? AND ` + where + " ORDER BY n.at DESC, n.id LIMIT ?"
	err = db.Each(ctx, q, text, append(append([]any{agent}, args...), limit), func(rows *sql.Rows) error {
		n := Notification{ActorType: "system"}
		var at, read int64
		err := rows.Scan(&n.ID, &n.Kind, &n.Inbox, &n.Subject, &n.Text, &n.Times, &at, &read)
		n.ID, n.At, n.ReadAt = -n.ID, web.Millis(at), web.Millis(read)
		out = append(out, n)
		return err
	})
	return out, err
}

func unreadInboxes(ctx context.Context, q db.Queryer, agent int64) (n int64, err error) {
	err = q.QueryRow(ctx, "SELECT COUNT(*) FROM notification_inbox WHERE agent_id = ? AND app = TRUE AND read_at = 0", agent).Scan(&n)
	return n, err
}

func markInbox(ctx context.Context, tx *db.Tx, k Kind, inbox int64, at time.Time) ([]int64, error) {
	return ids(ctx, tx, "UPDATE notification_inbox SET read_at = ? WHERE inbox_id = ? AND kind = ? AND read_at = 0 RETURNING agent_id", at.UnixMilli(), inbox, string(k))
}
