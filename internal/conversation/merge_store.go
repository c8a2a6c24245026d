package conversation

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

func countMessages(ctx context.Context, q db.Queryer, conversation int64) (n int, err error) {
	err = q.QueryRow(ctx, "SELECT COUNT(*) FROM message WHERE conversation_id = ?", conversation).Scan(&n)
	return n, err
}

// moveMessages moves what was written; the lines of what happened stay. What a
// waiting reply would put back when it is undone belongs to the old one.
func moveMessages(ctx context.Context, tx *db.Tx, from, to int64) error {
	if err := forgetUndo(ctx, tx, from); err != nil {
		return err
	}
	if err := tx.Send(ctx, "UPDATE message SET conversation_id = ? WHERE conversation_id = ? AND kind <> 'event'", to, from); err != nil {
		return err
	}
	return moveSides(ctx, tx, from, to)
}

func forgetUndo(ctx context.Context, tx *db.Tx, conversation int64) error {
	return tx.Send(ctx, "UPDATE message SET event_data = '' WHERE conversation_id = ? AND kind = 'outbound' AND delivery_state = 'queued'", conversation)
}

// moveBack moves the messages that came to one of the origins.
func moveBack(ctx context.Context, tx *db.Tx, from, to int64, origins []int64) error {
	args := []any{to, from}
	for _, id := range origins {
		args = append(args, id)
	}
	if err := tx.Send(ctx, "UPDATE message SET conversation_id = ? WHERE conversation_id = ? AND kind <> 'event' AND origin_conversation_id IN ("+
		db.Marks(len(origins))+")", args...); err != nil {
		return err
	}
	return moveSidesBack(ctx, tx, from, to, origins)
}

// moveOff makes messages the beginning of another conversation.
func moveOff(ctx context.Context, tx *db.Tx, to int64, messages []int64) error {
	args := []any{to, to}
	for _, id := range messages {
		args = append(args, id)
	}
	return tx.Send(ctx, "UPDATE message SET conversation_id = ?, origin_conversation_id = ? WHERE id IN ("+db.Marks(len(messages))+")", args...)
}

// repointKeysTo lets the ids of moved messages lead to their new conversation.
func repointKeysTo(ctx context.Context, tx *db.Tx, to int64, keys []threadKey) error {
	for _, k := range keys {
		if err := tx.Send(ctx, "UPDATE thread_key SET conversation_id = ? WHERE hash = ?", to, []byte(k)); err != nil {
			return err
		}
	}
	return nil
}

// copyTags gives one conversation the tags of another and answers which were new.
func copyTags(ctx context.Context, tx *db.Tx, from, to int64) ([]int64, error) {
	return ids(tx.Query(ctx, `INSERT INTO conversation_tag (conversation_id, tag_id) SELECT ?, tag_id FROM conversation_tag WHERE conversation_id = ?
		ON CONFLICT (conversation_id, tag_id) DO NOTHING RETURNING tag_id`, to, from))
}

func dropTags(ctx context.Context, tx *db.Tx, conversation int64, tags []int64) error {
	for _, id := range tags {
		if err := tx.Send(ctx, "DELETE FROM conversation_tag WHERE conversation_id = ? AND tag_id = ?", conversation, id); err != nil {
			return err
		}
	}
	return nil
}

// followerRow is one reason of one agent to follow.
type followerRow struct {
	Agent  int64  `json:"agent_id"`
	Reason string `json:"reason"`
	Unread bool   `json:"-"`
	At     int64  `json:"-"`
}

func followers(ctx context.Context, q db.Queryer, conversation int64) (out []followerRow, err error) {
	err = db.Each(ctx, q, "SELECT agent_id, reason, unread, at FROM conversation_follower WHERE conversation_id = ? ORDER BY agent_id, reason",
		[]any{conversation}, func(rows *sql.Rows) error {
			var f followerRow
			err := rows.Scan(&f.Agent, &f.Reason, &f.Unread, &f.At)
			out = append(out, f)
			return err
		})
	return out, err
}

// copyFollowers lets everybody who follows one conversation follow another and
// answers who is new there. A mention that was not read stays so.
func copyFollowers(ctx context.Context, tx *db.Tx, from, to int64) (added []followerRow, err error) {
	have, err := followers(ctx, tx, to)
	if err != nil {
		return nil, err
	}
	known := map[followerRow]bool{}
	for _, f := range have {
		known[followerRow{Agent: f.Agent, Reason: f.Reason}] = true
	}
	list, err := followers(ctx, tx, from)
	for _, f := range list {
		isNew := !known[followerRow{Agent: f.Agent, Reason: f.Reason}]
		if !isNew && !f.Unread {
			continue
		}
		if err := follow(ctx, tx, to, f.Agent, f.Reason, f.Unread, time.UnixMilli(f.At)); err != nil {
			return nil, err
		}
		if isNew {
			added = append(added, f)
		}
	}
	return added, err
}

func dropParticipants(ctx context.Context, tx *db.Tx, conversation int64, addresses []string) error {
	for _, a := range addresses {
		if err := tx.Send(ctx, "DELETE FROM conversation_participant WHERE conversation_id = ? AND address = ?", conversation, a); err != nil {
			return err
		}
	}
	return nil
}

func readMarks(ctx context.Context, q db.Queryer, conversation int64) (map[int64]int64, error) {
	out := map[int64]int64{}
	err := db.Each(ctx, q, "SELECT agent_id, message_id FROM conversation_read WHERE conversation_id = ?", []any{conversation}, func(rows *sql.Rows) error {
		var agent, mark int64
		err := rows.Scan(&agent, &mark)
		out[agent] = mark
		return err
	})
	return out, err
}

func draftAgents(ctx context.Context, q db.Queryer, conversation int64) ([]int64, error) {
	return ids(q.Query(ctx, "SELECT agent_id FROM draft WHERE conversation_id = ? ORDER BY agent_id", conversation))
}

// mergeRow is a merge that can be taken back.
type mergeRow struct {
	survivor int64
	at       time.Time
	state    mergeState
}

// insertMerge notes a merge, and points everything that was merged into the
// merged one at the survivor, so that one step leads there.
func insertMerge(ctx context.Context, tx *db.Tx, merged, survivor, agent int64, state mergeState, at time.Time) error {
	b, err := json.Marshal(state)
	if err != nil {
		return err
	}
	if err := tx.Send(ctx, "INSERT INTO conversation_merge (merged_id, survivor_id, agent_id, at, state) VALUES (?, ?, ?, ?, ?)",
		merged, survivor, agent, at.UnixMilli(), string(b)); err != nil {
		return err
	}
	return tx.Send(ctx, "UPDATE conversation SET merged_into = ? WHERE merged_into = ?", survivor, merged)
}

func findMerge(ctx context.Context, q db.Queryer, merged int64) (m mergeRow, err error) {
	var at int64
	var state string
	err = q.QueryRow(ctx, "SELECT survivor_id, at, state FROM conversation_merge WHERE merged_id = ?", merged).Scan(&m.survivor, &at, &state)
	if err != nil {
		return m, err
	}
	m.at = instant(at)
	return m, json.Unmarshal([]byte(state), &m.state)
}

func deleteMerge(ctx context.Context, tx *db.Tx, merged, survivor int64) error {
	if err := tx.Send(ctx, "DELETE FROM conversation_merge WHERE merged_id = ?", merged); err != nil {
		return err
	}
	return tx.Send(ctx, `DELETE FROM conversation_link WHERE reason = 'merged' AND (conversation_id = ? AND other_id = ? OR conversation_id = ? AND other_id = ?)`,
		merged, survivor, survivor, merged)
}

// mergedBefore lists what had been merged into the conversation, directly or not.
func mergedBefore(ctx context.Context, q db.Queryer, conversation int64) ([]int64, error) {
	return ids(q.Query(ctx, `WITH RECURSIVE inside (id) AS (SELECT merged_id FROM conversation_merge WHERE survivor_id = ?
			UNION SELECT m.merged_id FROM conversation_merge m JOIN inside i ON m.survivor_id = i.id)
		SELECT id FROM inside ORDER BY id LIMIT 2000`, conversation))
}

func pointAt(ctx context.Context, tx *db.Tx, survivor int64, merged []int64) error {
	for _, id := range merged {
		if err := tx.Send(ctx, "UPDATE conversation SET merged_into = ? WHERE id = ?", survivor, id); err != nil {
			return err
		}
	}
	return nil
}

// contents is what the columns of a conversation say about its messages.
type contents struct {
	lastInbound, lastActivity int64
	preview                   string // text of the last message that a customer reads or wrote
}

func contentsOf(ctx context.Context, q db.Queryer, conversation int64) (c contents, err error) {
	err = q.QueryRow(ctx, `SELECT COALESCE(MAX(CASE WHEN kind = 'inbound' THEN id ELSE 0 END), 0), COALESCE(MAX(created_at), 0)
		FROM message WHERE conversation_id = ? AND kind <> 'event'`, conversation).Scan(&c.lastInbound, &c.lastActivity)
	if err != nil {
		return c, err
	}
	err = q.QueryRow(ctx, `SELECT text FROM message WHERE conversation_id = ? AND kind IN ('inbound', 'outbound') ORDER BY id DESC LIMIT 1`,
		conversation).Scan(&c.preview)
	if db.IsNoRows(err) {
		return c, nil
	}
	return c, err
}
