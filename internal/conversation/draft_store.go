package conversation

import (
	"context"
	"encoding/json"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

func findDraft(ctx context.Context, q db.Queryer, conversation, agent int64) (d Draft, ok bool, err error) {
	var content string
	var version, at int64
	err = q.QueryRow(ctx, "SELECT content, version, updated_at FROM draft WHERE conversation_id = ? AND agent_id = ?",
		conversation, agent).Scan(&content, &version, &at)
	if db.IsNoRows(err) {
		return d, false, nil
	}
	if err != nil {
		return d, false, err
	}
	d, err = parseDraft(content)
	d.Version, d.UpdatedAt = version, instant(at)
	return d, err == nil, err
}

func saveDraft(ctx context.Context, tx *db.Tx, conversation, agent int64, d Draft, at time.Time) (version int64, err error) {
	content, err := json.Marshal(d)
	if err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `INSERT INTO draft (conversation_id, agent_id, content, version, updated_at) VALUES (?, ?, ?, 1, ?)
		ON CONFLICT (conversation_id, agent_id) DO UPDATE SET content = excluded.content, version = draft.version + 1,
			updated_at = excluded.updated_at RETURNING version`, conversation, agent, string(content), at.UnixMilli()).Scan(&version)
	return version, err
}

func deleteDraft(ctx context.Context, tx *db.Tx, conversation, agent int64) error {
	_, err := tx.Exec(ctx, "DELETE FROM draft WHERE conversation_id = ? AND agent_id = ?", conversation, agent)
	return err
}
