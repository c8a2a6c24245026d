package conversation

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"

	"github.com/deskbell/deskbell/internal/platform/db"
)

const messageColumns = `id, conversation_id, origin_conversation_id, kind, author_type, author_id, author_name, author_address, subject, text, html,
	recipients, flags, rfc_id, event_name, event_data, delivery_state, delivery, undo_until, sanitizer_version, ledger_id, created_at, side_id`

func scanMessage(row scanner) (m Message, err error) {
	var recipients, eventData, delivery string
	var undo, created int64
	err = row.Scan(&m.ID, &m.Conversation, &m.Origin, &m.Kind, &m.AuthorType, &m.AuthorID, &m.AuthorName, &m.AuthorAddress, &m.Subject,
		&m.Text, &m.HTML, &recipients, &m.Flags, &m.RFCID, &m.EventName, &eventData, &m.Delivery.State, &delivery, &undo,
		&m.SanitizerVersion, &m.LedgerID, &created, &m.Side)
	if err != nil {
		return m, err
	}
	state := m.Delivery.State
	for _, part := range []struct {
		text string
		into any
	}{{recipients, &m.Recipients}, {delivery, &m.Delivery}} {
		if part.text != "" {
			if err := json.Unmarshal([]byte(part.text), part.into); err != nil {
				return m, err
			}
		}
	}
	m.Delivery.State, m.Delivery.MaybeTwice = state, m.Flags.Has(FlagMaybeTwice)
	m.EventData = json.RawMessage(eventData)
	m.UndoUntil, m.CreatedAt = instant(undo), instant(created)
	return m, nil
}

func scanMessages(rows *sql.Rows) ([]Message, error) {
	defer rows.Close()
	var out []Message
	for rows.Next() {
		m, err := scanMessage(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, rows.Err()
}

// jsonOrEmpty writes "" for what is empty, so that most rows stay short.
func jsonOrEmpty(v any, empty bool) (string, error) {
	if empty {
		return "", nil
	}
	b, err := json.Marshal(v)
	return string(b), err
}

// insertMessage writes m under the lock of its conversation and sets its id.
func insertMessage(ctx context.Context, tx *db.Tx, m *Message) error {
	r := m.Recipients
	recipients, err := jsonOrEmpty(r, len(r.To)+len(r.Cc)+len(r.Bcc) == 0 && r.From == "")
	if err != nil {
		return err
	}
	delivery, err := jsonOrEmpty(m.Delivery, m.Delivery.State == "")
	if err != nil {
		return err
	}
	if m.Origin == 0 {
		m.Origin = m.Conversation
	}
	args := []any{
		m.Conversation, m.Origin, string(m.Kind), m.AuthorType, m.AuthorID, m.AuthorName,
		m.AuthorAddress, m.Subject, m.Text, m.HTML, recipients, int64(m.Flags), m.RFCID, m.EventName, string(m.EventData),
		string(m.Delivery.State), delivery, millis(m.UndoUntil, 0), m.SanitizerVersion, m.LedgerID, millis(m.CreatedAt, 0), m.Side,
	}
	const columns = `conversation_id, origin_conversation_id, kind, author_type, author_id, author_name,
		author_address, subject, text, html, recipients, flags, rfc_id, event_name, event_data, delivery_state, delivery,
		undo_until, sanitizer_version, ledger_id, created_at, side_id`
	if m.ID = tx.Reserved("message"); m.ID > 0 {
		return tx.Send(ctx, "INSERT INTO message ("+columns+", id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", append(args, m.ID)...)
	}
	return tx.QueryRow(ctx, "INSERT INTO message ("+columns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id", args...).
		Scan(&m.ID)
}

func insertOriginal(ctx context.Context, tx *db.Tx, message int64, text, html string) error {
	return tx.Send(ctx, "INSERT INTO message_original (message_id, text, html) VALUES (?, ?, ?)", message, text, html)
}

func original(ctx context.Context, q db.Queryer, message int64) (text, html string, err error) {
	err = q.QueryRow(ctx, "SELECT text, html FROM message_original WHERE message_id = ?", message).Scan(&text, &html)
	return text, html, err
}

func findMessage(ctx context.Context, q db.Queryer, id int64, lock string) (Message, error) {
	m, err := scanMessage(q.QueryRow(ctx, "SELECT "+messageColumns+" FROM message WHERE id = ?"+lock, id))
	if db.IsNoRows(err) {
		return m, errNotFound()
	}
	return m, err
}

// messages returns those of a conversation behind the id, ascending or
// descending, without those of its side conversations.
func messages(ctx context.Context, q db.Queryer, conversation, after int64, descending bool, limit int) ([]Message, error) {
	text := "SELECT " + messageColumns + " FROM message WHERE conversation_id = ? AND side_id = 0 AND id > ? ORDER BY id LIMIT ?"
	if descending {
		if after == 0 {
			after = 1 << 62
		}
		text = "SELECT " + messageColumns + " FROM message WHERE conversation_id = ? AND side_id = 0 AND id < ? ORDER BY id DESC LIMIT ?"
	}
	rows, err := q.Query(ctx, text, conversation, after, limit)
	if err != nil {
		return nil, err
	}
	return scanMessages(rows)
}

// mails returns those that came or went by mail, of side conversations too.
func mails(ctx context.Context, q db.Queryer, conversation, after int64, limit int) ([]Message, error) {
	rows, err := q.Query(ctx, "SELECT "+messageColumns+` FROM message WHERE conversation_id = ? AND id > ?
		AND kind IN ('inbound', 'outbound', 'side_inbound', 'side_outbound') ORDER BY id LIMIT ?`, conversation, after, limit)
	if err != nil {
		return nil, err
	}
	return scanMessages(rows)
}

// newerThan returns what somebody else than the agent wrote behind the message.
func newerThan(ctx context.Context, q db.Queryer, conversation, seen, agent int64) ([]Message, error) {
	rows, err := q.Query(ctx, "SELECT "+messageColumns+` FROM message WHERE conversation_id = ? AND id > ?
		AND flags & ? = 0 AND (kind = 'inbound' OR kind IN ('outbound', 'note') AND NOT (author_type = 'agent' AND author_id = ?)) ORDER BY id LIMIT 20`,
		conversation, seen, int64(FlagHistory), agent)
	if err != nil {
		return nil, err
	}
	return scanMessages(rows)
}

// lastInbound returns the newest message of a customer. What was brought in
// later, and is older, counts only where there is nothing else.
func lastInbound(ctx context.Context, q db.Queryer, conversation int64) (Message, bool, error) {
	m, err := scanMessage(q.QueryRow(ctx, "SELECT "+messageColumns+` FROM message
		WHERE conversation_id = ? AND kind = 'inbound' ORDER BY flags & ?, id DESC LIMIT 1`, conversation, int64(FlagHistory)))
	if db.IsNoRows(err) {
		return m, false, nil
	}
	return m, err == nil, err
}

// unansweredText lists inbound messages of a conversation behind the last answer, at most 100.
const unansweredText = `SELECT id FROM message WHERE conversation_id = ? AND kind = 'inbound' AND id >
	COALESCE((SELECT MAX(id) FROM message WHERE conversation_id = ? AND kind = 'outbound'), 0) ORDER BY id LIMIT 100`

func unanswered(ctx context.Context, q db.Queryer, conversation int64) ([]int64, error) {
	return ids(q.Query(ctx, unansweredText, conversation, conversation))
}

func ids(rows *sql.Rows, err error) ([]int64, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// references lists the newest Message-IDs of a conversation, oldest first.
func references(ctx context.Context, q db.Queryer, conversation, before int64, limit int) ([]string, error) {
	rows, err := q.Query(ctx, `SELECT rfc_id FROM message WHERE conversation_id = ? AND id < ? AND kind IN ('inbound', 'outbound')
		AND rfc_id <> '' ORDER BY id DESC LIMIT ?`, conversation, before, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append([]string{id}, out...)
	}
	return out, rows.Err()
}

func setDelivery(ctx context.Context, tx *db.Tx, m *Message) error {
	delivery, err := json.Marshal(m.Delivery)
	if err != nil {
		return err
	}
	if m.Delivery.MaybeTwice {
		m.Flags |= FlagMaybeTwice
	}
	return tx.Send(ctx, "UPDATE message SET delivery_state = ?, delivery = ?, flags = ?, undo_until = 0 WHERE id = ?",
		string(m.Delivery.State), string(delivery), int64(m.Flags), m.ID)
}

// setCancelled lets the customer's next message take a waiting reply back.
func setCancelled(ctx context.Context, tx *db.Tx, message int64) error {
	return tx.Send(ctx, "UPDATE message SET cancel_if_answered = TRUE WHERE id = ?", message)
}

// laterIn lists waiting replies that the customer's next message takes back.
func laterIn(ctx context.Context, q db.Queryer, conversation, now int64) ([]int64, error) {
	return ids(q.Query(ctx, `SELECT id FROM message WHERE conversation_id = ? AND cancel_if_answered = TRUE AND delivery_state = 'queued'
		AND undo_until > ? ORDER BY id DESC LIMIT 50`, conversation, now))
}

func setEventData(ctx context.Context, tx *db.Tx, message int64, data []byte) error {
	return tx.Send(ctx, "UPDATE message SET event_data = ? WHERE id = ?", string(data), message)
}

// deleteMessage deletes a message and the lines of what happened that were
// written with it, up to the id.
func deleteMessage(ctx context.Context, tx *db.Tx, id, upTo int64) error {
	return tx.Send(ctx, `DELETE FROM message WHERE id = ? OR id > ? AND id <= ? AND kind = 'event'
		AND conversation_id = (SELECT conversation_id FROM message WHERE id = ?)`, id, id, upTo, id)
}

func lastMessage(ctx context.Context, q db.Queryer, conversation int64) (id int64, err error) {
	err = q.QueryRow(ctx, "SELECT COALESCE(MAX(id), 0) FROM message WHERE conversation_id = ?", conversation).Scan(&id)
	return id, err
}

// waitingSince is when the oldest customer message without an answer came, 0 = there is none.
func waitingSince(ctx context.Context, q db.Queryer, conversation int64) (at int64, err error) {
	err = q.QueryRow(ctx, `SELECT COALESCE(MIN(created_at), 0) FROM message WHERE conversation_id = ? AND kind = 'inbound' AND flags & ? = 0
		AND id > COALESCE((SELECT MAX(id) FROM message WHERE conversation_id = ? AND kind = 'outbound'), 0)`,
		conversation, int64(FlagAutomatic|FlagHistory), conversation).Scan(&at)
	return at, err
}

// byRFCID finds our message with the Message-ID inside a conversation.
func byRFCID(ctx context.Context, q db.Queryer, conversation int64, rfcID string) (Message, bool, error) {
	m, err := scanMessage(q.QueryRow(ctx, "SELECT "+messageColumns+` FROM message
		WHERE conversation_id = ? AND kind = 'outbound' AND rfc_id = ? LIMIT 1`, conversation, rfcID))
	if db.IsNoRows(err) {
		return bySentAs(ctx, q, conversation, rfcID)
	}
	return m, err == nil, err
}

// bySentAs finds the message that a provider sent on under an id of its own.
func bySentAs(ctx context.Context, q db.Queryer, conversation int64, rfcID string) (found Message, ok bool, err error) {
	rows, err := q.Query(ctx, "SELECT "+messageColumns+` FROM message
		WHERE conversation_id = ? AND kind = 'outbound' AND delivery LIKE '%"sent_as"%' ORDER BY id DESC LIMIT 200`, conversation)
	if err != nil {
		return found, false, err
	}
	defer rows.Close()
	for rows.Next() {
		m, err := scanMessage(rows)
		if err != nil {
			return found, false, err
		}
		if !ok && slices.Contains(m.Delivery.SentAs, rfcID) {
			found, ok = m, true
		}
	}
	return found, ok, rows.Err()
}

// waitingMessages lists what customers wrote behind the last answer before the
// message, at most 100.
func waitingMessages(ctx context.Context, q db.Queryer, conversation, before int64) (out []waiting, err error) {
	err = db.Each(ctx, q, `SELECT id, created_at FROM message WHERE conversation_id = ? AND id < ? AND kind = 'inbound' AND flags & ? = 0 AND id >
		COALESCE((SELECT MAX(id) FROM message WHERE conversation_id = ? AND kind = 'outbound' AND id < ?), 0) ORDER BY id LIMIT 100`,
		[]any{conversation, before, int64(FlagAutomatic), conversation, before}, func(rows *sql.Rows) error {
			var w waiting
			var at int64
			err := rows.Scan(&w.id, &at)
			w.at = instant(at)
			out = append(out, w)
			return err
		})
	return out, err
}
