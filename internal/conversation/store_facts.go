package conversation

import (
	"context"
	"database/sql"
	"encoding/json"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// saveFacts writes what was found out about a message in place of what was there.
func saveFacts(ctx context.Context, tx *db.Tx, message int64, f *Facts) error {
	b, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return tx.Send(ctx, `INSERT INTO message_fact (message_id, facts) VALUES (?, ?)
		ON CONFLICT (message_id) DO UPDATE SET facts = excluded.facts`, message, string(b))
}

// factsOf reads the facts of messages, keyed by message.
func factsOf(ctx context.Context, q db.Queryer, messages []int64) (map[int64]*Facts, error) {
	out := map[int64]*Facts{}
	if len(messages) == 0 {
		return out, nil
	}
	args := make([]any, len(messages))
	for i, id := range messages {
		args[i] = id
	}
	err := db.Each(ctx, q, "SELECT message_id, facts FROM message_fact WHERE message_id IN ("+db.Marks(len(messages))+")", args, func(rows *sql.Rows) error {
		var id int64
		var text string
		if err := rows.Scan(&id, &text); err != nil {
			return err
		}
		f := &Facts{}
		out[id] = f
		return json.Unmarshal([]byte(text), f)
	})
	return out, err
}
