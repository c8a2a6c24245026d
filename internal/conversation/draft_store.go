package conversation

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

func findDraft(ctx context.Context, q db.Queryer, conversation, agent int64) (d Draft, ok bool, err error) {
	var content string
	var version, at int64
	var held bool
	err = q.QueryRow(ctx, "SELECT content, held, version, updated_at FROM draft WHERE conversation_id = ? AND agent_id = ?",
		conversation, agent).Scan(&content, &held, &version, &at)
	if db.IsNoRows(err) {
		return d, false, nil
	}
	if err != nil {
		return d, false, err
	}
	d, err = parseDraft(content)
	d.Held, d.Version, d.UpdatedAt = held, version, instant(at)
	return d, err == nil, err
}

// DraftText is the text of a stored draft, of which head is the beginning; what
// lies behind head is left out.
func DraftText(head string) string {
	_, rest, _ := strings.Cut(head, `"text":"`)
	end := 0
	for ; end < len(rest) && rest[end] != '"'; end++ {
		if rest[end] == '\\' {
			end++
		}
	}
	end = min(end, len(rest))
	for cut := range 6 { // the head may end inside of an escape, such as \u003c
		var text string
		if cut <= end && json.Unmarshal([]byte(`"`+rest[:end-cut]+`"`), &text) == nil {
			return text
		}
	}
	return ""
}

func saveDraft(ctx context.Context, tx *db.Tx, conversation, agent int64, d Draft, at time.Time) (version int64, err error) {
	content, err := json.Marshal(d)
	if err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `INSERT INTO draft (conversation_id, agent_id, content, held, version, updated_at) VALUES (?, ?, ?, ?, 1, ?)
		ON CONFLICT (conversation_id, agent_id) DO UPDATE SET content = excluded.content, held = excluded.held, version = draft.version + 1,
			updated_at = excluded.updated_at RETURNING version`, conversation, agent, string(content), d.Held, at.UnixMilli()).Scan(&version)
	return version, err
}

func deleteDraft(ctx context.Context, tx *db.Tx, conversation, agent int64) error {
	return tx.Send(ctx, "DELETE FROM draft WHERE conversation_id = ? AND agent_id = ?", conversation, agent)
}

// agentDraft is a draft and whose it is.
type agentDraft struct {
	Draft
	agent int64
	name  string
}

// draftsOfOthers are the drafts in a conversation but for the agent's own, the newest first.
func draftsOfOthers(ctx context.Context, q db.Queryer, conversation, agent int64) (out []agentDraft, err error) {
	err = db.Each(ctx, q, `SELECT d.agent_id, a.name, d.content, d.updated_at FROM draft d JOIN agent a ON a.id = d.agent_id
		WHERE d.conversation_id = ? AND d.agent_id <> ? ORDER BY d.updated_at DESC, d.agent_id LIMIT 100`, []any{conversation, agent}, func(rows *sql.Rows) error {
		var d agentDraft
		var content string
		var at int64
		if err := rows.Scan(&d.agent, &d.name, &content, &at); err != nil {
			return err
		}
		if d.Draft, err = parseDraft(content); err != nil {
			return err
		}
		d.UpdatedAt = instant(at)
		out = append(out, d)
		return nil
	})
	return out, err
}
