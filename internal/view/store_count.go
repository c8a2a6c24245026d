package view

import (
	"context"
	"database/sql"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
)

// followedCells are the counted columns of the conversations that the agent
// follows or was mentioned in, each once: of the newest 1,000, for a count is
// asked for often. They stand beside who follows what, so that no conversation is read.
func followedCells(ctx context.Context, q db.Queryer, agent int64) ([]cell, error) {
	rows, err := q.Query(ctx, `SELECT DISTINCT conversation_id, status, inbox_id, team_id, assignee_id
		FROM (SELECT conversation_id, status, inbox_id, team_id, assignee_id FROM conversation_follower WHERE agent_id = ?
			ORDER BY at DESC LIMIT 1000) newest`, agent)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []cell
	for rows.Next() {
		var c cell
		var id int64
		if err := rows.Scan(&id, &c.status, &c.inbox, &c.team, &c.assignee); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// ownCounts are the actor's drafts in conversations that they may see, and their unread mentions.
func ownCounts(ctx context.Context, q db.Queryer, a *access.Actor) (drafts, mentions int64, err error) {
	where := when("c.id = d.conversation_id AND d.agent_id = ? AND c.status NOT IN ('spam', 'trash', 'merged')", a.AgentID).and(visible(a))
	err = q.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM draft d CROSS JOIN conversation c WHERE `+where.sql+`),
		(SELECT COUNT(*) FROM conversation_follower f WHERE f.agent_id = ? AND f.reason = 'mention' AND f.unread = TRUE
			AND f.status NOT IN ('spam', 'trash', 'merged'))`,
		append(where.args, a.AgentID)...).Scan(&drafts, &mentions)
	return drafts, mentions, err
}

// attendant is an active agent and when they were there last.
type attendant struct {
	id   int64
	away bool
	seen time.Time // zero = never
}

func attendance(ctx context.Context, q db.Queryer) (out []attendant, err error) {
	err = db.Each(ctx, q, "SELECT id, away, last_seen_at FROM agent WHERE active = TRUE ORDER BY id LIMIT 5000", nil, func(rows *sql.Rows) error {
		var a attendant
		var seen int64
		if err := rows.Scan(&a.id, &a.away, &seen); err != nil {
			return err
		}
		if seen > 0 {
			a.seen = time.UnixMilli(seen).UTC()
		}
		out = append(out, a)
		return nil
	})
	return out, err
}
