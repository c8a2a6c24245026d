package task

import (
	"context"
	"database/sql"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
)

const columns = `t.id, t.conversation_id, t.text, t.assignee_id, t.due_at, t.done_at, t.done_by, t.created_by, t.created_at,
	COALESCE((SELECT a.name FROM agent a WHERE a.id = t.assignee_id), '')`

func scan(row interface{ Scan(...any) error }, more ...any) (t Task, err error) {
	var assignee *int64
	var due, done, created int64
	err = row.Scan(append([]any{&t.ID, &t.Conversation, &t.Text, &assignee, &due, &done, &t.DoneBy, &t.CreatedBy, &created, &t.AssigneeName}, more...)...)
	if assignee != nil {
		t.Assignee = *assignee
	}
	t.DueAt, t.DoneAt, t.CreatedAt = instant(due), instant(done), instant(created)
	return t, err
}

func instant(ms int64) time.Time {
	if ms == 0 || ms == conversation.Never {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func millis(t time.Time, zero int64) int64 {
	if t.IsZero() {
		return zero
	}
	return t.UnixMilli()
}

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

func find(ctx context.Context, q db.Queryer, id int64, lock string) (Task, error) {
	t, err := scan(q.QueryRow(ctx, "SELECT "+columns+" FROM task t WHERE t.id = ?"+lock, id))
	if db.IsNoRows(err) {
		return t, errNotFound
	}
	return t, err
}

// ofConversation lists the tasks of a conversation and of those that were merged into it.
func ofConversation(ctx context.Context, q db.Queryer, id int64) (out []Task, err error) {
	err = db.Each(ctx, q, "SELECT "+columns+` FROM task t WHERE t.conversation_id = ?
		OR t.conversation_id IN (SELECT m.merged_id FROM conversation_merge m JOIN conversation c ON c.id = m.merged_id WHERE c.merged_into = ?)
		ORDER BY t.id LIMIT 1000`, []any{id, id}, func(rows *sql.Rows) error {
		t, err := scan(rows)
		out = append(out, t)
		return err
	})
	return out, err
}

func insert(ctx context.Context, tx *db.Tx, t *Task) error {
	return tx.QueryRow(ctx, `INSERT INTO task (conversation_id, text, assignee_id, due_at, created_by, created_at)
		VALUES (?, ?, ?, ?, ?, ?) RETURNING id`, t.Conversation, t.Text, orNull(t.Assignee), millis(t.DueAt, conversation.Never), t.CreatedBy,
		t.CreatedAt.UnixMilli()).Scan(&t.ID)
}

func save(ctx context.Context, tx *db.Tx, t *Task) error {
	return tx.Send(ctx, "UPDATE task SET text = ?, assignee_id = ?, due_at = ?, done_at = ?, done_by = ? WHERE id = ?",
		t.Text, orNull(t.Assignee), millis(t.DueAt, conversation.Never), millis(t.DoneAt, 0), t.DoneBy, t.ID)
}

func remove(ctx context.Context, tx *db.Tx, id int64) error {
	return tx.Send(ctx, "DELETE FROM task WHERE id = ?", id)
}

func removeOf(ctx context.Context, tx *db.Tx, conversation int64) error {
	return tx.Send(ctx, "DELETE FROM task WHERE conversation_id = ?", conversation)
}

func agent(ctx context.Context, q db.Queryer, id int64) (name string, active bool, err error) {
	err = q.QueryRow(ctx, "SELECT name, active FROM agent WHERE id = ?", id).Scan(&name, &active)
	if db.IsNoRows(err) {
		return "", false, nil
	}
	return name, active, err
}

// open is the condition on a task t of conversation c that the actor has to do.
func open(a *access.Actor) (string, []any) {
	visible, args := conversation.Visible(a, "c.")
	return "t.assignee_id = ? AND t.done_at = 0 AND c.id = t.conversation_id AND c.status NOT IN ('spam', 'trash') AND " + visible,
		append([]any{a.AgentID}, args...)
}

func mine(ctx context.Context, q db.Queryer, a *access.Actor, behind *Place, limit int) (out []Task, err error) {
	where, args := open(a)
	if behind != nil {
		where += " AND (t.due_at > ? OR t.due_at = ? AND t.id > ?)"
		args = append(args, behind.DueAt, behind.DueAt, behind.ID)
	}
	err = db.Each(ctx, q, "SELECT "+columns+", c.subject FROM task t CROSS JOIN conversation c WHERE "+where+" ORDER BY t.due_at, t.id LIMIT ?",
		append(args, limit), func(rows *sql.Rows) error {
			var subject string
			t, err := scan(rows, &subject)
			t.Subject = subject
			out = append(out, t)
			return err
		})
	return out, err
}

func count(ctx context.Context, q db.Queryer, a *access.Actor, now time.Time) (n Counts, err error) {
	where, args := open(a)
	err = q.QueryRow(ctx, `SELECT COUNT(*), COALESCE(SUM(CASE WHEN f.due_at < ? THEN 1 ELSE 0 END), 0)
		FROM (SELECT t.due_at FROM task t CROSS JOIN conversation c WHERE `+where+" LIMIT ?) f",
		append(append([]any{now.UnixMilli()}, args...), counted)...).Scan(&n.Open, &n.Overdue)
	return n, err
}
