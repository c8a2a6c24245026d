package email

import (
	"context"
	"database/sql"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
)

func insertSeal(ctx context.Context, tx *db.Tx, ledger int64, until time.Time) error {
	return tx.Send(ctx, "INSERT INTO sealed_mail (ledger_id, until_at) VALUES (?, ?) ON CONFLICT DO NOTHING", ledger, until.UnixMilli())
}

func findSeal(ctx context.Context, q db.Queryer, ledger int64) (s sealed, ok bool, err error) {
	var until int64
	err = q.QueryRow(ctx, "SELECT until_at, removed FROM sealed_mail WHERE ledger_id = ?", ledger).Scan(&until, &s.removed)
	if db.IsNoRows(err) {
		return s, false, nil
	}
	s.until = instant(until)
	return s, err == nil, err
}

// sealLike seals a mail that is a repeat of a message whose mail is sealed.
func sealLike(ctx context.Context, tx *db.Tx, ledger, message int64, until time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO sealed_mail (ledger_id, until_at) SELECT ?, ? WHERE EXISTS
		(SELECT 1 FROM sealed_mail s JOIN ledger l ON l.id = s.ledger_id WHERE l.message_id = ? AND l.message_id > 0) ON CONFLICT DO NOTHING`, ledger, until.UnixMilli(), message)
	return err
}

// held tells whether a legal hold covers the conversation.
func held(ctx context.Context, q db.Queryer, id int64) (bool, error) {
	var n int
	err := q.QueryRow(ctx, "SELECT COUNT(*) FROM conversation c WHERE c.id = ? AND "+conversation.Held, id).Scan(&n)
	return n > 0, err
}

// dueSeals lists mails whose time is over, with the blobs that hold their bytes.
// What a hold covers is left out, and so is what is on its way to somebody.
func dueSeals(ctx context.Context, q db.Queryer, now time.Time, limit int) (ledger []int64, blobs []string, err error) {
	err = db.Each(ctx, q, `SELECT s.ledger_id, COALESCE(i.blob_key, ''), COALESCE(o.blob_key, '') FROM sealed_mail s LEFT JOIN inbound i ON i.ledger_id = s.ledger_id
		LEFT JOIN ledger l ON l.id = s.ledger_id LEFT JOIN outbound o ON l.direction = 'out' AND o.message_id = l.message_id
		WHERE s.removed = FALSE AND s.until_at <= ? AND NOT EXISTS (SELECT 1 FROM message m JOIN conversation c ON c.id = m.conversation_id WHERE m.id = l.message_id
			AND (m.delivery_state IN ('queued', 'sending', 'in_doubt') OR `+conversation.Held+`))
		ORDER BY s.until_at, s.ledger_id LIMIT ?`, []any{now.UnixMilli(), limit}, func(rows *sql.Rows) error {
		var id int64
		var keys [2]string
		err := rows.Scan(&id, &keys[0], &keys[1])
		ledger = append(ledger, id)
		for _, key := range keys {
			if key != "" {
				blobs = append(blobs, key)
			}
		}
		return err
	})
	return ledger, blobs, err
}

// emptySent takes the bytes out of what was sent. The rows stay, so that copies
// and answers are known.
func emptySent(ctx context.Context, tx *db.Tx, ledger []int64) error {
	args := make([]any, len(ledger))
	for n, id := range ledger {
		args[n] = id
	}
	_, err := tx.Exec(ctx, "UPDATE outbound SET raw = NULL, blob_key = '' WHERE message_id IN (SELECT message_id FROM ledger WHERE direction = 'out' AND id IN ("+db.Marks(len(ledger))+"))", args...)
	return err
}

func endSeals(ctx context.Context, tx *db.Tx, ledger []int64) error {
	args := make([]any, len(ledger))
	for n, id := range ledger {
		args[n] = id
	}
	return tx.Send(ctx, "UPDATE sealed_mail SET removed = TRUE WHERE ledger_id IN ("+db.Marks(len(ledger))+")", args...)
}
