package conversation

import (
	"context"
	"database/sql"
	"encoding/json"

	"github.com/deskbell/deskbell/internal/platform/db"
)

const sideColumns = `s.id, s.conversation_id, s.origin_conversation_id, s.subject, s.state, s.recipients, s.agent_id, s.awaited, s.last_activity_at, s.created_at`

func scanSide(row scanner, more ...any) (s Side, err error) {
	var recipients string
	var activity, created int64
	err = row.Scan(append([]any{&s.ID, &s.Conversation, &s.Origin, &s.Subject, &s.State, &recipients, &s.Agent, &s.Awaited, &activity, &created}, more...)...)
	if err != nil {
		return s, err
	}
	s.LastActivity, s.CreatedAt = instant(activity), instant(created)
	return s, json.Unmarshal([]byte(recipients), &s.Recipients)
}

func findSide(ctx context.Context, q db.Queryer, id int64, lock string) (Side, error) {
	s, err := scanSide(q.QueryRow(ctx, "SELECT "+sideColumns+" FROM side_conversation s WHERE s.id = ?"+lock, id))
	if db.IsNoRows(err) {
		return s, errNoSide()
	}
	return s, err
}

// sidesOf lists those of a conversation, what happened last first.
func sidesOf(ctx context.Context, q db.Queryer, where string, arg int64) (out []Side, err error) {
	err = db.Each(ctx, q, "SELECT "+sideColumns+`,
			COALESCE((SELECT a.name FROM agent a WHERE a.id = s.agent_id), ''),
			(SELECT COUNT(*) FROM message m WHERE m.side_id = s.id AND m.side_id > 0),
			COALESCE((SELECT SUBSTR(m.text, 1, 400) FROM message m WHERE m.side_id = s.id AND m.side_id > 0 ORDER BY m.id DESC LIMIT 1), '')
		FROM side_conversation s WHERE `+where+" ORDER BY s.last_activity_at DESC, s.id DESC LIMIT ?", []any{arg, maxSides}, func(rows *sql.Rows) error {
		var name, preview string
		var n int64
		s, err := scanSide(rows, &name, &n, &preview)
		s.AgentName, s.Messages, s.Preview = name, n, preview
		out = append(out, s)
		return err
	})
	return out, err
}

func countSides(ctx context.Context, q db.Queryer, conversation int64) (n int, err error) {
	err = q.QueryRow(ctx, "SELECT COUNT(*) FROM side_conversation WHERE conversation_id = ?", conversation).Scan(&n)
	return n, err
}

func insertSide(ctx context.Context, tx *db.Tx, s *Side) error {
	recipients, err := json.Marshal(s.Recipients)
	if err != nil {
		return err
	}
	return tx.QueryRow(ctx, `INSERT INTO side_conversation (conversation_id, origin_conversation_id, subject, state, recipients, agent_id, awaited, last_activity_at, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, s.Conversation, s.Origin, s.Subject, string(s.State), string(recipients), s.Agent, s.Awaited,
		s.LastActivity.UnixMilli(), s.CreatedAt.UnixMilli()).Scan(&s.ID)
}

func saveSide(ctx context.Context, tx *db.Tx, s *Side) error {
	recipients, err := json.Marshal(s.Recipients)
	if err != nil {
		return err
	}
	return tx.Send(ctx, "UPDATE side_conversation SET state = ?, recipients = ?, agent_id = ?, awaited = ?, last_activity_at = ? WHERE id = ?",
		string(s.State), string(recipients), s.Agent, s.Awaited, s.LastActivity.UnixMilli(), s.ID)
}

func deleteSide(ctx context.Context, tx *db.Tx, id int64) error {
	return tx.Send(ctx, "DELETE FROM side_conversation WHERE id = ?", id)
}

// moveSides lets the side conversations go where the messages of a merge go.
func moveSides(ctx context.Context, tx *db.Tx, from, to int64) error {
	return tx.Send(ctx, "UPDATE side_conversation SET conversation_id = ? WHERE conversation_id = ?", to, from)
}

// moveSidesBack undoes [moveSides] for those that were started in one of the origins.
func moveSidesBack(ctx context.Context, tx *db.Tx, from, to int64, origins []int64) error {
	args := []any{to, from}
	for _, id := range origins {
		args = append(args, id)
	}
	return tx.Send(ctx, "UPDATE side_conversation SET conversation_id = ? WHERE conversation_id = ? AND origin_conversation_id IN ("+
		db.Marks(len(origins))+")", args...)
}

// sideMessages returns those of a side conversation behind the id, oldest first,
// or the last ones before it when descending.
func sideMessages(ctx context.Context, q db.Queryer, side, after int64, descending bool, limit int) ([]Message, error) {
	text := "SELECT " + messageColumns + " FROM message WHERE side_id = ? AND side_id > 0 AND id > ? ORDER BY id LIMIT ?"
	if descending {
		if after == 0 {
			after = 1 << 62
		}
		text = "SELECT " + messageColumns + " FROM message WHERE side_id = ? AND side_id > 0 AND id < ? ORDER BY id DESC LIMIT ?"
	}
	rows, err := q.Query(ctx, text, side, after, limit)
	if err != nil {
		return nil, err
	}
	return scanMessages(rows)
}

// lastSideInbound is the partner's newest message before the id.
func lastSideInbound(ctx context.Context, q db.Queryer, side, before int64) (Message, bool, error) {
	m, err := scanMessage(q.QueryRow(ctx, "SELECT "+messageColumns+` FROM message WHERE side_id = ? AND side_id > 0 AND id < ?
		AND kind = 'side_inbound' ORDER BY id DESC LIMIT 1`, side, before))
	if db.IsNoRows(err) {
		return m, false, nil
	}
	return m, err == nil, err
}

// sideReferences lists the newest Message-IDs of a side conversation, oldest first.
func sideReferences(ctx context.Context, q db.Queryer, side, before int64, limit int) (out []string, err error) {
	err = db.Each(ctx, q, `SELECT rfc_id FROM message WHERE side_id = ? AND side_id > 0 AND id < ? AND rfc_id <> '' ORDER BY id DESC LIMIT ?`,
		[]any{side, before, limit}, func(rows *sql.Rows) error {
			var id string
			err := rows.Scan(&id)
			out = append([]string{id}, out...)
			return err
		})
	return out, err
}

// sideByRFCID finds our message with the Message-ID inside a side conversation.
func sideByRFCID(ctx context.Context, q db.Queryer, side int64, rfcID string) (Message, bool, error) {
	m, err := scanMessage(q.QueryRow(ctx, "SELECT "+messageColumns+` FROM message WHERE side_id = ? AND side_id > 0
		AND kind = 'side_outbound' AND rfc_id = ? LIMIT 1`, side, rfcID))
	if db.IsNoRows(err) {
		return m, false, nil
	}
	return m, err == nil, err
}

// customersOwn names those of the addresses, folded, that belong to the customer.
func customersOwn(ctx context.Context, q db.Queryer, customer int64, folded []string) (map[string]bool, error) {
	out := map[string]bool{}
	if len(folded) == 0 {
		return out, nil
	}
	args := []any{customer}
	for _, a := range folded {
		args = append(args, a)
	}
	err := db.Each(ctx, q, "SELECT value FROM customer_identity WHERE customer_id = ? AND kind = 'email' AND value IN ("+db.Marks(len(folded))+")",
		args, func(rows *sql.Rows) error {
			var value string
			err := rows.Scan(&value)
			out[value] = true
			return err
		})
	return out, err
}

// failedAside lists our messages of a side conversation that did not arrive.
func failedAside(ctx context.Context, q db.Queryer, side int64) ([]Message, error) {
	rows, err := q.Query(ctx, "SELECT "+messageColumns+` FROM message WHERE side_id = ? AND side_id > 0
		AND kind = 'side_outbound' AND delivery_state = 'failed' ORDER BY id LIMIT 100`, side)
	if err != nil {
		return nil, err
	}
	return scanMessages(rows)
}
