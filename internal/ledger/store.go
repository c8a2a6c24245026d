package ledger

import (
	"context"
	"database/sql"
	"time"

	"github.com/deskbell/deskbell/internal/platform/counter"
	"github.com/deskbell/deskbell/internal/platform/db"
)

const prefix = "ledger/"

func count(tx *db.Tx, name string, n int64) { counter.Add(tx, prefix+name, n) }

// insertReceived notes a message that has come in.
func insertReceived(ctx context.Context, tx *db.Tx, inbox, uid int64, at time.Time) (id int64, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO ledger (direction, inbox_id, state, uid, conversation_id, message_id, received_at)
		VALUES ('in', ?, 'received', ?, 0, 0, ?) RETURNING id`, inbox, uid, at.UnixMilli()).Scan(&id)
	return id, err
}

// insertQueued notes a message that waits to be sent.
func insertQueued(ctx context.Context, tx *db.Tx, inbox, conversation, message int64, at time.Time) error {
	return tx.Send(ctx, `INSERT INTO ledger (direction, inbox_id, state, uid, conversation_id, message_id, received_at)
		VALUES ('out', ?, 'queued', 0, ?, ?, ?)`, inbox, conversation, message, at.UnixMilli())
}

// leave moves a row of what came in out of the state it is in. It reports
// whether there was one, so that a repeated job counts nothing twice.
func leave(ctx context.Context, tx *db.Tx, id int64, from, to State, reason string, conversation, message int64, at time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE ledger SET state = ?, reason = ?, conversation_id = ?, message_id = ?, threaded_at = ?
		WHERE id = ? AND state = ?`,
		string(to), reason, conversation, message, at.UnixMilli(), id, string(from))
	return n == 1, err
}

// stillIn are the rows in one of the states that do not last. It repeats the
// condition of their index, without which SQLite reads the whole table
// (sqlite.org/partialindex.html, section 3).
func stillIn(s State) string {
	return "FROM ledger WHERE state = '" + string(s) + "' AND state IN ('received', 'queued', 'dead')"
}

// oldest is when the first message that is still in a state came; zero = none is.
func oldest(ctx context.Context, q db.Queryer, s State) (time.Time, error) {
	var at int64
	err := q.QueryRow(ctx, "SELECT received_at "+stillIn(s)+" ORDER BY id LIMIT 1").Scan(&at)
	if db.IsNoRows(err) {
		return time.Time{}, nil
	}
	return time.UnixMilli(at).UTC(), err
}

func get(ctx context.Context, q db.Queryer, id int64) (r Row, err error) {
	var at int64
	err = q.QueryRow(ctx, `SELECT id, direction, inbox_id, state, reason, conversation_id, message_id, uid, received_at
		FROM ledger WHERE id = ?`, id).
		Scan(&r.ID, &r.Direction, &r.Inbox, &r.State, &r.Reason, &r.Conversation, &r.Message, &r.UID, &at)
	r.ReceivedAt = time.UnixMilli(at).UTC()
	return r, err
}

// stamp sets a time of the rows of messages that have none yet and calls each,
// soon, for every one of them. Repeats of a mail, which name the same message,
// are not counted.
func stamp(ctx context.Context, tx *db.Tx, column string, messages []int64, at time.Time, each func()) error {
	if len(messages) == 0 {
		return nil
	}
	args := []any{at.UnixMilli()}
	for _, m := range messages {
		args = append(args, m)
	}
	return tx.Ask(ctx, func(db.Row) error { each(); return nil }, "UPDATE ledger SET "+column+" = ? WHERE message_id > 0 AND message_id IN ("+db.Marks(len(messages))+
		") AND direction = 'in' AND state = 'threaded' AND "+column+" = 0 RETURNING id", args...)
}

// unstamp takes the time of an answer away again and reports of how many rows.
func unstamp(ctx context.Context, tx *db.Tx, messages []int64) (n int64, err error) {
	if len(messages) == 0 {
		return 0, nil
	}
	args := make([]any, len(messages))
	for i, m := range messages {
		args[i] = m
	}
	return tx.Exec(ctx, "UPDATE ledger SET answered_at = 0 WHERE message_id > 0 AND message_id IN ("+db.Marks(len(messages))+
		") AND direction = 'in' AND answered_at <> 0", args...)
}

// outState moves the row of an outgoing message; it reports the state before.
func outState(ctx context.Context, tx *db.Tx, message int64, to State, reason string, at time.Time) (before State, err error) {
	var id int64
	err = tx.QueryRow(ctx, "SELECT id, state FROM ledger WHERE message_id > 0 AND message_id = ? AND direction = 'out'", message).Scan(&id, &before)
	if err != nil {
		return "", err
	}
	column := map[State]string{Sent: "sent_at", Delivered: "delivered_at", Failed: "failed_at"}[to]
	text := "UPDATE ledger SET state = ?, reason = ?"
	args := []any{string(to), reason}
	if column != "" {
		text += ", " + column + " = ?"
		args = append(args, at.UnixMilli())
	}
	err = tx.Send(ctx, text+" WHERE id = ?", append(args, id)...)
	return before, err
}

func countOpen(ctx context.Context, q db.Queryer, s State) (n int64, err error) {
	err = q.QueryRow(ctx, "SELECT COUNT(*) "+stillIn(s)).Scan(&n)
	return n, err
}

func countInDoubt(ctx context.Context, q db.Queryer) (n int64, err error) {
	err = q.QueryRow(ctx, inDoubtText).Scan(&n)
	return n, err
}

// inDoubtText repeats the condition of the index of messages that were not sent.
const inDoubtText = "SELECT COUNT(*) FROM message WHERE delivery_state = 'in_doubt' AND delivery_state IN ('queued', 'sending', 'in_doubt', 'failed')"

func deadRows(ctx context.Context, q db.Queryer, limit int) ([]Gap, error) {
	rows, err := q.Query(ctx, "SELECT inbox_id, uid, id, state, received_at, reason "+stillIn(Dead)+" ORDER BY id LIMIT ?", limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Gap
	for rows.Next() {
		var g Gap
		var at int64
		if err := rows.Scan(&g.Inbox, &g.UID, &g.Ledger, &g.Stage, &at, &g.Reason); err != nil {
			return nil, err
		}
		g.Since = time.UnixMilli(at).UTC()
		out = append(out, g)
	}
	return out, rows.Err()
}

// ofMessages lists the rows of messages, those of repeats of the same mail included.
func ofMessages(ctx context.Context, q db.Queryer, messages []int64) (out []int64, err error) {
	args := make([]any, len(messages))
	for i, id := range messages {
		args[i] = id
	}
	err = db.Each(ctx, q, "SELECT id FROM ledger WHERE message_id > 0 AND message_id IN ("+db.Marks(len(args))+") ORDER BY id", args, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		out = append(out, id)
		return err
	})
	return out, err
}
