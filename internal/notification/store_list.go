package notification

import (
	"context"
	"database/sql"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// shownText is how much of a message is read for a line of it.
const shownText = "400"

// list reads what the reader may see now. The words of a message are those of
// this conversation alone: one that was split off may be hidden from them.
func list(ctx context.Context, q db.Queryer, a *access.Actor, unread bool, behind *Place, limit int) (out []Notification, err error) {
	seen, args := conversation.Visible(a, "c.")
	where := "n.agent_id = ? AND " + seen
	args = append([]any{a.AgentID}, args...)
	if unread {
		where += " AND n.read_at = 0"
	}
	if behind != nil {
		where += " AND (n.at < ? OR n.at = ? AND n.id < ?)"
		args = append(args, behind.At.UnixMilli(), behind.At.UnixMilli(), behind.ID)
	}
	text := `SELECT n.id, n.kind, n.conversation_id, c.subject, n.message_id, n.actor_type, n.actor_id, n.times, n.at, n.read_at,
		CASE n.actor_type
			WHEN 'agent' THEN COALESCE((SELECT g.name FROM agent g WHERE g.id = n.actor_id), '')
			WHEN 'customer' THEN COALESCE((SELECT NULLIF(u.name, '') FROM customer u WHERE u.id = n.actor_id),
				(SELECT i.shown FROM customer_identity i WHERE i.customer_id = n.actor_id ORDER BY i.id LIMIT 1), '')
			ELSE '' END,
		COALESCE((SELECT SUBSTR(m.text, 1, ` + shownText + `) FROM message m WHERE m.id = n.message_id AND m.conversation_id = n.conversation_id AND m.kind <> 'event'), '')
		FROM notification n JOIN conversation c ON c.id = n.conversation_id WHERE ` + where + " ORDER BY n.at DESC, n.id DESC LIMIT ?"
	err = db.Each(ctx, q, text, append(args, limit), func(rows *sql.Rows) error {
		var n Notification
		var at, read int64
		err := rows.Scan(&n.ID, &n.Kind, &n.Conversation, &n.Subject, &n.Message, &n.ActorType, &n.ActorID, &n.Times, &at, &read, &n.ActorName, &n.Text)
		n.At, n.ReadAt = web.Millis(at), web.Millis(read)
		out = append(out, n)
		return err
	})
	return out, err
}

func unread(ctx context.Context, q db.Queryer, a *access.Actor) (n int64, err error) {
	seen, args := conversation.Visible(a, "c.")
	err = q.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT n.id FROM notification n JOIN conversation c ON c.id = n.conversation_id
		WHERE n.agent_id = ? AND n.read_at = 0 AND `+seen+" LIMIT ?) few", append(append([]any{a.AgentID}, args...), maxCounted)...).Scan(&n)
	return n, err
}

// settings are those of all kinds: what was never changed is told.
func settings(ctx context.Context, q db.Queryer, agent int64) ([]Setting, error) {
	off := map[Kind]bool{}
	err := db.Each(ctx, q, "SELECT kind FROM notification_setting WHERE agent_id = ? AND app = FALSE", []any{agent}, func(rows *sql.Rows) error {
		var k Kind
		err := rows.Scan(&k)
		off[k] = true
		return err
	})
	out := make([]Setting, len(Kinds))
	for i, k := range Kinds {
		out[i] = Setting{k, !off[k]}
	}
	return out, err
}

func saveSetting(ctx context.Context, tx *db.Tx, agent int64, s Setting) error {
	_, err := tx.Exec(ctx, `INSERT INTO notification_setting (agent_id, kind, app) VALUES (?, ?, ?)
		ON CONFLICT (agent_id, kind) DO UPDATE SET app = excluded.app`, agent, string(s.Kind), s.App)
	return err
}
