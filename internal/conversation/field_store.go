package conversation

import (
	"context"
	"database/sql"

	"github.com/deskbell/deskbell/internal/platform/db"
)

func fieldsOf(ctx context.Context, q db.Queryer, conversation int64) (map[string]string, error) {
	out := map[string]string{}
	err := db.Each(ctx, q, "SELECT field_key, value FROM conversation_field WHERE conversation_id = ?", []any{conversation}, func(rows *sql.Rows) error {
		var key, value string
		err := rows.Scan(&key, &value)
		out[key] = value
		return err
	})
	return out, err
}

func setField(ctx context.Context, tx *db.Tx, conversation int64, key, value string) error {
	if value == "" {
		return tx.Send(ctx, "DELETE FROM conversation_field WHERE conversation_id = ? AND field_key = ?", conversation, key)
	}
	return tx.Send(ctx, `INSERT INTO conversation_field (conversation_id, field_key, value) VALUES (?, ?, ?)
		ON CONFLICT (conversation_id, field_key) DO UPDATE SET value = excluded.value`, conversation, key, value)
}
