package conversation

import (
	"context"
	"database/sql"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// oldOf lists spam or trash in which nothing has happened since, lines about
// changes included: what was put there just now stays its full time. What is
// under a legal hold is left out.
func oldOf(ctx context.Context, q db.Queryer, status Status, before time.Time, limit int) ([]int64, error) {
	ms := before.UnixMilli()
	return ids(q.Query(ctx, `SELECT id FROM conversation c WHERE status = ? AND last_activity_at < ?
		AND NOT EXISTS (SELECT 1 FROM message m WHERE m.conversation_id = c.id AND m.created_at >= ?) AND NOT `+Held+`
		ORDER BY last_activity_at, id LIMIT ?`, string(status), ms, ms, limit))
}

// partsOf lists the messages of a conversation and the ledger rows of its mails.
func partsOf(ctx context.Context, q db.Queryer, conversation int64) (messages, ledgers []int64, err error) {
	err = db.Each(ctx, q, "SELECT id, CASE WHEN kind IN ('inbound', 'side_inbound') THEN ledger_id ELSE 0 END FROM message WHERE conversation_id = ? ORDER BY id",
		[]any{conversation}, func(rows *sql.Rows) error {
			var id, ledger int64
			if err := rows.Scan(&id, &ledger); err != nil {
				return err
			}
			messages = append(messages, id)
			if ledger != 0 {
				ledgers = append(ledgers, ledger)
			}
			return nil
		})
	return messages, ledgers, err
}

// deleteConversation deletes the row and everything that hangs on it. Keys of
// threads stay: what they lead to is found to be gone.
func deleteConversation(ctx context.Context, tx *db.Tx, id int64) error {
	for _, text := range []string{
		"DELETE FROM attachment WHERE message_id IN (SELECT id FROM message WHERE conversation_id = ?)",
		"DELETE FROM message WHERE conversation_id = ?",
		"DELETE FROM conversation WHERE id = ?",
	} {
		if err := tx.Send(ctx, text, id); err != nil {
			return err
		}
	}
	return nil
}
