package notification

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/web"
)

func dueAgents(ctx context.Context, q db.Queryer, now time.Time, limit int) ([]int64, error) {
	return ids(ctx, q, "SELECT agent_id FROM notification WHERE mail_due > 0 AND mail_due <= ? GROUP BY agent_id ORDER BY MIN(mail_due) LIMIT ?", now.UnixMilli(), limit)
}

// waitingOf lists what waits for a mail to the agent and can be seen by them, in the order in which it happened.
func waitingOf(ctx context.Context, q db.Queryer, a *access.Actor) (out []waiting, err error) {
	seen, args := conversation.Visible(a, "c.")
	err = db.Each(ctx, q, `SELECT n.id, n.conversation_id, n.kind, n.mail_due, n.mail_held FROM notification n JOIN conversation c ON c.id = n.conversation_id
		WHERE n.agent_id = ? AND n.mail_due > 0 AND n.read_at = 0 AND `+seen+" ORDER BY n.at, n.id LIMIT ?",
		append(append([]any{a.AgentID}, args...), maxWaiting), func(rows *sql.Rows) error {
			var w waiting
			var due int64
			err := rows.Scan(&w.id, &w.conversation, &w.kind, &due, &w.held)
			w.due = web.Millis(due)
			out = append(out, w)
			return err
		})
	return out, err
}

// forgetDue takes back what is due and leads to no mail.
func forgetDue(ctx context.Context, tx *db.Tx, agent int64, now time.Time) error {
	return tx.Send(ctx, "UPDATE notification SET mail_due = 0, mail_held = FALSE WHERE agent_id = ? AND mail_due > 0 AND mail_due <= ?", agent, now.UnixMilli())
}

func forgetAllDue(ctx context.Context, tx *db.Tx, agent int64) error {
	return tx.Send(ctx, "UPDATE notification SET mail_due = 0, mail_held = FALSE WHERE agent_id = ? AND mail_due > 0", agent)
}

func holdMail(ctx context.Context, tx *db.Tx, rows []int64, until time.Time) error {
	return tx.Send(ctx, "UPDATE notification SET mail_due = ?, mail_held = TRUE WHERE id IN ("+db.Marks(len(rows))+")", numbers(until.UnixMilli(), rows)...)
}

func numbers(first any, list []int64) []any {
	out := []any{first}
	for _, id := range list {
		out = append(out, id)
	}
	return out
}

// insertMail writes the mail, and that it tells of these notifications.
func insertMail(ctx context.Context, tx *db.Tx, agent int64, p parcel, now time.Time) (id int64, err error) {
	err = tx.QueryRow(ctx, "INSERT INTO notification_mail (agent_id, conversation_id, note, state, created_at) VALUES (?, ?, ?, 'queued', ?) RETURNING id",
		agent, p.conversation, p.note, now.UnixMilli()).Scan(&id)
	if err != nil {
		return 0, err
	}
	err = tx.Send(ctx, "UPDATE notification SET mail_due = 0, mail_held = FALSE, mailed_at = ?, mail_id = ? WHERE id IN ("+db.Marks(len(p.rows))+")",
		append([]any{now.UnixMilli()}, numbers(id, p.rows)...)...)
	return id, err
}

// mailRow is a row of notification_mail.
type mailRow struct {
	id, agent, conversation int64
	note                    bool
	seen                    int64
	state                   string
	createdAt               time.Time
}

func readMail(ctx context.Context, q db.Queryer, id int64) (m mailRow, err error) {
	var created int64
	m.id = id
	err = q.QueryRow(ctx, "SELECT agent_id, conversation_id, note, seen_message, state, created_at FROM notification_mail WHERE id = ?", id).
		Scan(&m.agent, &m.conversation, &m.note, &m.seen, &m.state, &created)
	m.createdAt = web.Millis(created)
	return m, err
}

func setSeen(ctx context.Context, tx *db.Tx, id, conversation, seen int64) error {
	return tx.Send(ctx, "UPDATE notification_mail SET conversation_id = ?, seen_message = ? WHERE id = ?", conversation, seen, id)
}

func finishMail(ctx context.Context, tx *db.Tx, id int64, state string) error {
	return tx.Send(ctx, "UPDATE notification_mail SET state = ? WHERE id = ? AND state = 'queued'", state, id)
}

// about is what a mail needs to know of its conversation.
type about struct {
	inbox    int64
	last     int64
	customer string
}

func conversationOf(ctx context.Context, q db.Queryer, id int64) (f about, err error) {
	err = q.QueryRow(ctx, `SELECT c.inbox_id, c.last_message_id, COALESCE((SELECT NULLIF(u.name, '') FROM customer u WHERE u.id = c.customer_id),
		(SELECT i.shown FROM customer_identity i WHERE i.customer_id = c.customer_id ORDER BY i.id LIMIT 1), '') FROM conversation c WHERE c.id = ?`, id).
		Scan(&f.inbox, &f.last, &f.customer)
	return f, err
}

// said is a message that a mail repeats.
type said struct {
	Note bool
	// Aside: in a side conversation, whatever its customer is told.
	Aside bool
	Name  string
	Text  string
	At    time.Time
}

// saidText is how much of a message a mail repeats.
const saidText = "4000"

// wordsFrom are the newest messages of a conversation from one on that the agent
// did not write; where there are none, the last one before.
func wordsFrom(ctx context.Context, q db.Queryer, conversation, from, agent int64, limit int) (out []said, err error) {
	read := func(condition string, args ...any) error {
		return db.Each(ctx, q, `SELECT m.kind, COALESCE(NULLIF(m.author_name, ''), NULLIF(m.author_address, ''),
			(SELECT g.name FROM agent g WHERE m.author_type = 'agent' AND g.id = m.author_id), ''), SUBSTR(m.text, 1, `+saidText+`), m.created_at
			FROM message m WHERE m.conversation_id = ? AND m.kind <> 'event' AND `+condition+" ORDER BY m.id DESC LIMIT ?",
			append([]any{conversation}, args...), func(rows *sql.Rows) error {
				var s said
				var kind string
				var at int64
				err := rows.Scan(&kind, &s.Name, &s.Text, &at)
				s.Note, s.Aside, s.At = kind == "note", strings.HasPrefix(kind, "side_"), web.Millis(at)
				out = append(out, s)
				return err
			})
	}
	err = read("m.id >= ? AND NOT (m.author_type = 'agent' AND m.author_id = ?)", from, agent, limit)
	if err == nil && len(out) == 0 {
		err = read("m.id < ?", from, 1)
	}
	slices.Reverse(out)
	return out, err
}

// insertAnswer notes that an answer came; false when it was here before.
func insertAnswer(ctx context.Context, tx *db.Tx, ledger, mail int64, hash []byte, at time.Time) (bool, error) {
	n, err := tx.Exec(ctx, "INSERT INTO notification_answer (ledger_id, mail_id, same_hash, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", ledger, mail, hash, at.UnixMilli())
	return n > 0, err
}

func setAnswer(ctx context.Context, tx *db.Tx, ledger, message int64) error {
	return tx.Send(ctx, "UPDATE notification_answer SET message_id = ? WHERE ledger_id = ?", message, ledger)
}

func answerOf(ctx context.Context, q db.Queryer, ledger int64) (message int64, err error) {
	err = q.QueryRow(ctx, "SELECT message_id FROM notification_answer WHERE ledger_id = ?", ledger).Scan(&message)
	return message, err
}
