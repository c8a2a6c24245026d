package notification

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// shownText is how much of a message is read for a line of it.
const shownText = "400"

// list reads what the reader may see now and wants to see at the bell.
func list(ctx context.Context, q db.Queryer, a *access.Actor, unread bool, behind *Place, limit int) ([]Notification, error) {
	out, err := listTalks(ctx, q, a, unread, behind, limit)
	if err != nil || !InboxQuiet.concerns(a) {
		return out, err
	}
	more, err := listInboxes(ctx, q, a, unread, behind, limit)
	out = append(out, more...)
	slices.SortFunc(out, func(x, y Notification) int { return cmp.Or(y.At.Compare(x.At), cmp.Compare(y.ID, x.ID)) })
	return out[:min(len(out), limit)], err
}

// listTalks are those about conversations.
func listTalks(ctx context.Context, q db.Queryer, a *access.Actor, unread bool, behind *Place, limit int) ([]Notification, error) {
	where, args := "n.app = TRUE", []any{}
	if unread {
		where += " AND n.read_at = 0"
	}
	if behind != nil {
		where += " AND (n.at < ? OR n.at = ? AND n.id < ?)"
		args = append(args, behind.At.UnixMilli(), behind.At.UnixMilli(), behind.ID)
	}
	return listWhere(ctx, q, a, where, args, limit)
}

// listWhere reads what the reader may see now. The words of a message are those
// of this conversation alone: one that was split off may be hidden from them.
func listWhere(ctx context.Context, q db.Queryer, a *access.Actor, where string, more []any, limit int) (out []Notification, err error) {
	seen, visible := conversation.Visible(a, "c.")
	args := append(append([]any{a.AgentID}, visible...), more...)
	text := `SELECT n.id, n.kind, n.conversation_id, c.subject, n.message_id, n.actor_type, n.actor_id, n.times, n.at, n.read_at, n.mail_from,
		CASE n.actor_type
			WHEN 'agent' THEN COALESCE((SELECT g.name FROM agent g WHERE g.id = n.actor_id), '')
			WHEN 'customer' THEN COALESCE((SELECT NULLIF(u.name, '') FROM customer u WHERE u.id = n.actor_id),
				(SELECT i.shown FROM customer_identity i WHERE i.customer_id = n.actor_id ORDER BY i.id LIMIT 1), '')
			ELSE '' END,
		CASE n.kind WHEN 'task_assigned' THEN COALESCE((SELECT t.text FROM task t WHERE t.conversation_id = n.conversation_id AND t.assignee_id = n.agent_id ORDER BY t.id DESC LIMIT 1), '')
			ELSE COALESCE((SELECT SUBSTR(m.text, 1, ` + shownText + `) FROM message m WHERE m.id = n.message_id AND m.conversation_id = n.conversation_id AND m.kind <> 'event'), '') END
		FROM notification n JOIN conversation c ON c.id = n.conversation_id
		WHERE n.agent_id = ? AND ` + seen + " AND " + where + " ORDER BY n.at DESC, n.id DESC LIMIT ?"
	err = db.Each(ctx, q, text, append(args, limit), func(rows *sql.Rows) error {
		var n Notification
		var at, read int64
		err := rows.Scan(&n.ID, &n.Kind, &n.Conversation, &n.Subject, &n.Message, &n.ActorType, &n.ActorID, &n.Times, &at, &read, &n.mailFrom, &n.ActorName, &n.Text)
		n.At, n.ReadAt = web.Millis(at), web.Millis(read)
		out = append(out, n)
		return err
	})
	return out, err
}

func unread(ctx context.Context, q db.Queryer, a *access.Actor) (n int64, err error) {
	seen, args := conversation.Visible(a, "c.")
	err = q.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT n.id FROM notification n JOIN conversation c ON c.id = n.conversation_id
		WHERE n.agent_id = ? AND n.app = TRUE AND n.read_at = 0 AND `+seen+" LIMIT ?) few", append(append([]any{a.AgentID}, args...), maxCounted)...).Scan(&n)
	if err == nil && InboxQuiet.concerns(a) && n < maxCounted {
		var more int64
		more, err = unreadInboxes(ctx, q, a.AgentID)
		n = min(n+more, maxCounted)
	}
	return n, err
}

// settings are those of all kinds that concern the agent: what was never chosen
// is as [Channel] says.
func settings(ctx context.Context, q db.Queryer, a *access.Actor) ([]Setting, error) {
	kinds := slices.DeleteFunc(slices.Clone(Kinds), func(k Kind) bool { return !k.concerns(a) })
	out, at := make([]Setting, len(kinds)), map[Kind]*Setting{}
	for i, k := range kinds {
		out[i] = Setting{Kind: k, App: true}
		at[k] = &out[i]
		for _, c := range Channels {
			*out[i].of(c) = c.byDefault(k)
		}
	}
	err := db.Each(ctx, q, `SELECT kind, 'app', app FROM notification_setting WHERE agent_id = ?
		UNION ALL SELECT kind, channel, wanted FROM notification_channel WHERE agent_id = ?`, []any{a.AgentID, a.AgentID}, func(rows *sql.Rows) error {
		var k Kind
		var c Channel
		var on bool
		err := rows.Scan(&k, &c, &on)
		switch s := at[k]; {
		case s == nil:
		case c == "app":
			s.App = on
		default:
			*s.of(c) = on
		}
		return err
	})
	return out, err
}

func saveSetting(ctx context.Context, tx *db.Tx, agent int64, c SettingChange) error {
	if c.App != nil {
		err := tx.Send(ctx, `INSERT INTO notification_setting (agent_id, kind, app) VALUES (?, ?, ?)
			ON CONFLICT (agent_id, kind) DO UPDATE SET app = excluded.app`, agent, string(c.Kind), *c.App)
		if err != nil {
			return err
		}
	}
	for _, channel := range Channels {
		wanted := c.of(channel)
		if wanted == nil {
			continue
		}
		err := tx.Send(ctx, `INSERT INTO notification_channel (agent_id, kind, channel, wanted) VALUES (?, ?, ?, ?)
			ON CONFLICT (agent_id, kind, channel) DO UPDATE SET wanted = excluded.wanted`, agent, string(c.Kind), string(channel), *wanted)
		if err != nil {
			return err
		}
	}
	return nil
}

func rhythm(ctx context.Context, q db.Queryer, agent int64) (Rhythm, error) {
	r := usual
	err := q.QueryRow(ctx, "SELECT time_zone, quiet, quiet_from, quiet_until, mails, daily_at, push_words FROM notification_rhythm WHERE agent_id = ?", agent).
		Scan(&r.TimeZone, &r.Quiet, &r.QuietFrom, &r.QuietUntil, &r.Mails, &r.DailyAt, &r.PushWords)
	if db.IsNoRows(err) {
		return usual, nil
	}
	return r, err
}

func saveRhythm(ctx context.Context, tx *db.Tx, agent int64, r Rhythm) error {
	return tx.Send(ctx, `INSERT INTO notification_rhythm (agent_id, time_zone, quiet, quiet_from, quiet_until, mails, daily_at, push_words)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (agent_id) DO UPDATE SET time_zone = excluded.time_zone, quiet = excluded.quiet,
			quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until, mails = excluded.mails, daily_at = excluded.daily_at,
			push_words = excluded.push_words`, agent, r.TimeZone, r.Quiet, r.QuietFrom, r.QuietUntil, string(r.Mails), r.DailyAt, r.PushWords)
}
