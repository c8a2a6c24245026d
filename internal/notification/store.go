package notification

import (
	"context"
	"database/sql"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// news is what is told.
type news struct {
	Kind         Kind
	Conversation int64
	Inbox        int64 // where it is about one
	Message      int64 // 0 = the newest of the conversation
	ActorType    string
	ActorID      int64
	At           time.Time
	MailAt       time.Time // when a mail about it is due
}

// audience is a condition on agent a and conversation c.
type audience struct {
	sql  string
	args []any
}

func theseAgents(ids ...int64) audience {
	out := audience{sql: "a.id IN (" + db.Marks(len(ids)) + ")"}
	for _, id := range ids {
		out.args = append(out.args, id)
	}
	return out
}

// whoLooksAfter are the assignee and the followers, unless the conversation was put away as spam.
func whoLooksAfter(assignee int64) audience {
	return audience{`c.status NOT IN ('spam', 'trash') AND (a.id = ?
		OR a.id IN (SELECT f.agent_id FROM conversation_follower f WHERE f.conversation_id = c.id AND f.reason = 'follow'))`, []any{assignee}}
}

// or adds one agent.
func (a audience) or(agent int64) audience {
	return audience{"(" + a.sql + " OR a.id = ?)", append(a.args, agent)}
}

func authorOf(message int64) audience {
	return audience{"a.id IN (SELECT m.author_id FROM message m WHERE m.id = ? AND m.kind IN ('outbound', 'side_outbound') AND m.author_type = 'agent')", []any{message}}
}

// wants is a condition that is true where agent a wants to hear of a kind by a
// channel; it takes the kind as its argument.
func (c Channel) wants(k Kind) string {
	return "COALESCE((SELECT h.wanted FROM notification_channel h WHERE h.agent_id = a.id AND h.kind = ? AND h.channel = '" + string(c) + "'), " +
		map[bool]string{true: "TRUE", false: "FALSE"}[c.byDefault(k)] + ")"
}

const wantsApp = "COALESCE((SELECT s.app FROM notification_setting s WHERE s.agent_id = a.id AND s.kind = ?), TRUE)"

// add writes the news for those of the audience who work here and want to hear
// of it, and returns who that is. What is unread is not doubled, and a mail that
// waits already tells of it, too.
func add(ctx context.Context, tx *db.Tx, n news, who audience) (agents []int64, err error) {
	kind, newest := string(n.Kind), "COALESCE(NULLIF(CAST(? AS BIGINT), 0), c.last_message_id)"
	mail, push := ByMail.wants(n.Kind), ByPush.wants(n.Kind)
	args := []any{kind, n.Message, n.ActorType, n.ActorID, n.At.UnixMilli(), kind, kind, n.MailAt.UnixMilli(), n.Message, n.Conversation}
	args = append(append(args, who.args...), kind, kind, kind, mailGap.Milliseconds(), mailGap.Milliseconds())
	return ids(ctx, tx, `INSERT INTO notification (agent_id, kind, conversation_id, message_id, actor_type, actor_id, at, app, mail_due, mail_from)
		SELECT a.id, ?, c.id, `+newest+`, ?, ?, ?, `+wantsApp+`, CASE WHEN `+mail+` THEN CAST(? AS BIGINT) ELSE 0 END, `+newest+`
		FROM conversation c CROSS JOIN agent a
		WHERE c.id = ? AND a.active = TRUE AND `+who.sql+` AND (`+wantsApp+` OR `+mail+` OR `+push+`)
		ON CONFLICT (agent_id, conversation_id, kind) WHERE read_at = 0 DO UPDATE SET message_id = excluded.message_id,
			actor_type = excluded.actor_type, actor_id = excluded.actor_id, at = excluded.at, times = notification.times + 1, app = excluded.app,
			mail_from = CASE WHEN notification.mail_due > 0 THEN notification.mail_from ELSE excluded.mail_from END,
			mail_due = CASE
				WHEN notification.mail_due > 0 OR excluded.mail_due = 0 THEN notification.mail_due
				WHEN notification.mailed_at + ? > excluded.mail_due THEN notification.mailed_at + ?
				ELSE excluded.mail_due END
		RETURNING agent_id`, args...)
}

func ids(ctx context.Context, q db.Queryer, text string, args ...any) (out []int64, err error) {
	err = db.Each(ctx, q, text, args, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		out = append(out, id)
		return err
	})
	return out, err
}

// tells is whether there is something unread of a conversation.
func tells(ctx context.Context, q db.Queryer, agent, conversation int64) (some bool, err error) {
	var one int
	err = q.QueryRow(ctx, "SELECT 1 FROM notification WHERE agent_id = ? AND conversation_id = ? AND read_at = 0 LIMIT 1", agent, conversation).Scan(&one)
	if db.IsNoRows(err) {
		return false, nil
	}
	return err == nil, err
}

// markSeen calls changed, soon, for each that was unread.
func markSeen(ctx context.Context, tx *db.Tx, agent, conversation, message int64, at time.Time, changed func()) error {
	return tx.Ask(ctx, func(db.Row) error { changed(); return nil },
		`UPDATE notification SET read_at = ?, mail_due = 0 WHERE agent_id = ? AND conversation_id = ? AND read_at = 0 AND message_id <= ? RETURNING id`,
		at.UnixMilli(), agent, conversation, message)
}

func markIDs(ctx context.Context, tx *db.Tx, agent int64, list []int64, at time.Time) (n int64, err error) {
	talks, inboxes := []any{at.UnixMilli(), agent}, []any{at.UnixMilli(), agent}
	for _, id := range list {
		if id < 0 {
			inboxes = append(inboxes, -id)
		} else {
			talks = append(talks, id)
		}
	}
	for _, one := range []struct {
		text string
		args []any
	}{{"UPDATE notification SET read_at = ?, mail_due = 0", talks}, {"UPDATE notification_inbox SET read_at = ?", inboxes}} {
		if len(one.args) == 2 {
			continue
		}
		more, err := tx.Exec(ctx, one.text+" WHERE agent_id = ? AND read_at = 0 AND id IN ("+db.Marks(len(one.args)-2)+")", one.args...)
		if err != nil {
			return n, err
		}
		n += more
	}
	return n, nil
}

func markAll(ctx context.Context, tx *db.Tx, agent int64, until, at time.Time) (int64, error) {
	n, err := tx.Exec(ctx, "UPDATE notification SET read_at = ?, mail_due = 0 WHERE agent_id = ? AND read_at = 0 AND at <= ?", at.UnixMilli(), agent, until.UnixMilli())
	if err != nil {
		return n, err
	}
	more, err := tx.Exec(ctx, "UPDATE notification_inbox SET read_at = ? WHERE agent_id = ? AND read_at = 0 AND at <= ?", at.UnixMilli(), agent, until.UnixMilli())
	return n + more, err
}

// forgetUnread deletes what came to nothing before anybody looked, of one agent
// and about one message unless these are 0, and returns whose it was.
func forgetUnread(ctx context.Context, tx *db.Tx, conversation int64, k Kind, agent, message int64) ([]int64, error) {
	text, args := "DELETE FROM notification WHERE conversation_id = ? AND kind = ? AND read_at = 0", []any{conversation, string(k)}
	if agent != 0 {
		text, args = text+" AND agent_id = ?", append(args, agent)
	}
	if message != 0 {
		text, args = text+" AND message_id = ?", append(args, message)
	}
	return ids(ctx, tx, text+" RETURNING agent_id", args...)
}

// moveUnread takes what is unread along to the survivor of a merge, where
// reading it counts. What the survivor tells already is not told twice: whose
// that was is returned.
func moveUnread(ctx context.Context, tx *db.Tx, from, to int64) ([]int64, error) {
	err := tx.Send(ctx, `UPDATE notification SET conversation_id = ? WHERE conversation_id = ? AND read_at = 0
		AND NOT EXISTS (SELECT 1 FROM notification n WHERE n.agent_id = notification.agent_id AND n.kind = notification.kind
			AND n.conversation_id = ? AND n.read_at = 0)`, to, from, to)
	if err != nil {
		return nil, err
	}
	return ids(ctx, tx, "DELETE FROM notification WHERE conversation_id = ? AND read_at = 0 RETURNING agent_id", from)
}

// Prune deletes up to limit notifications, and mails about them, that are older
// than [Kept], and tells how many.
func Prune(ctx context.Context, d *db.DB, now time.Time, limit int) (n int64, err error) {
	err = d.Write(ctx, func(tx *db.Tx) error {
		n, err = tx.Exec(ctx, "DELETE FROM notification WHERE id IN (SELECT id FROM notification WHERE at < ? ORDER BY at LIMIT ?)",
			now.Add(-Kept).UnixMilli(), limit)
		if err != nil {
			return err
		}
		mails, err := tx.Exec(ctx, "DELETE FROM notification_mail WHERE id IN (SELECT id FROM notification_mail WHERE created_at < ? ORDER BY created_at LIMIT ?)",
			now.Add(-Kept).UnixMilli(), limit)
		if err != nil {
			return err
		}
		inboxes, err := tx.Exec(ctx, "DELETE FROM notification_inbox WHERE id IN (SELECT id FROM notification_inbox WHERE at < ? ORDER BY at LIMIT ?)",
			now.Add(-Kept).UnixMilli(), limit)
		n = max(n, mails, inboxes)
		return err
	})
	return n, err
}

func deleteOf(ctx context.Context, tx *db.Tx, conversation int64) error {
	return tx.Send(ctx, "DELETE FROM notification WHERE conversation_id = ?", conversation)
}
