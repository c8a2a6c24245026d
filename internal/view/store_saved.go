package view

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
)

// savedViews reads those that are not deleted, or that one, in the agent's own
// order; what they have not put anywhere follows by name.
func savedViews(ctx context.Context, q db.Queryer, agent, id int64) (out []Saved, err error) {
	text := `SELECT v.id, v.name, v.icon, v.owner_id, v.audience, COALESCE(v.team_id, 0), v.conditions, v.sort, v.counted, v.tabs_by, v.version
		FROM saved_view v LEFT JOIN saved_view_place p ON p.view_id = v.id AND p.agent_id = ? WHERE v.deleted_at = 0`
	args := []any{agent}
	if id != 0 {
		text, args = text+" AND v.id = ?", append(args, id)
	}
	err = db.Each(ctx, q, text+" ORDER BY COALESCE(p.position, 1000000), v.name, v.id LIMIT ?", append(args, maxSaved), func(rows *sql.Rows) error {
		var v Saved
		var conditions string
		if err := rows.Scan(&v.ID, &v.Name, &v.Icon, &v.Owner, &v.Audience, &v.Team, &conditions, &v.Sort, &v.Counted, &v.TabsBy, &v.Version); err != nil {
			return err
		}
		if v.Conditions, err = parseConditions(conditions); err != nil {
			return err
		}
		out = append(out, v)
		return nil
	})
	return out, err
}

func writeSaved(ctx context.Context, tx *db.Tx, v *Saved, now time.Time) error {
	conditions, err := json.Marshal(v.Conditions)
	if err != nil {
		return err
	}
	var team any
	if v.Team != 0 {
		team = v.Team
	}
	if v.ID == 0 {
		return tx.QueryRow(ctx, `INSERT INTO saved_view (name, icon, owner_id, audience, team_id, conditions, sort, counted, tabs_by, created_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, v.Name, v.Icon, v.Owner, string(v.Audience), team, string(conditions),
			string(v.Sort), v.Counted, v.TabsBy, now.UnixMilli()).Scan(&v.ID)
	}
	return tx.Send(ctx, `UPDATE saved_view SET name = ?, icon = ?, audience = ?, team_id = ?, conditions = ?, sort = ?, counted = ?, tabs_by = ?, version = version + 1
		WHERE id = ?`, v.Name, v.Icon, string(v.Audience), team, string(conditions), string(v.Sort), v.Counted, v.TabsBy, v.ID)
}

// deleteSaved marks a view as deleted, and lets go of those deleted before the moment.
func deleteSaved(ctx context.Context, tx *db.Tx, id int64, now, before time.Time) error {
	if err := tx.Send(ctx, "DELETE FROM saved_view WHERE deleted_at > 0 AND deleted_at < ?", before.UnixMilli()); err != nil {
		return err
	}
	return tx.Send(ctx, "UPDATE saved_view SET deleted_at = ? WHERE id = ?", now.UnixMilli(), id)
}

// restoreSaved brings a deleted view back and tells whose it is; 0 when there is none to bring back.
func restoreSaved(ctx context.Context, tx *db.Tx, id int64) (owner int64, audience Audience, err error) {
	err = tx.QueryRow(ctx, "UPDATE saved_view SET deleted_at = 0 WHERE id = ? AND deleted_at > 0 RETURNING owner_id, audience", id).Scan(&owner, &audience)
	if db.IsNoRows(err) {
		return 0, "", nil
	}
	return owner, audience, err
}

func countSavedViews(ctx context.Context, q db.Queryer) (n int, err error) {
	err = q.QueryRow(ctx, "SELECT COUNT(*) FROM saved_view WHERE deleted_at = 0").Scan(&n)
	return n, err
}

// placeSaved keeps the order in which the agent has the views.
func placeSaved(ctx context.Context, tx *db.Tx, agent int64, ids []int64) error {
	if err := tx.Send(ctx, "DELETE FROM saved_view_place WHERE agent_id = ?", agent); err != nil {
		return err
	}
	for i, id := range ids {
		if err := tx.Send(ctx, "INSERT INTO saved_view_place (agent_id, view_id, position) VALUES (?, ?, ?)", agent, id, i); err != nil {
			return err
		}
	}
	return nil
}

// tableOf is where the ids of a field live.
var tableOf = map[string]string{"tag": "tag", "inbox": "inbox", "team": "team", "assignee": "agent"}

// goneOf are the ids that are there no more.
func goneOf(ctx context.Context, q db.Queryer, field string, ids []int64) (gone []int64, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	have := map[int64]bool{}
	err = db.Each(ctx, q, "SELECT id FROM "+tableOf[field]+" WHERE id IN ("+db.Marks(len(ids))+")", values(ids), func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		have[id] = true
		return err
	})
	for _, id := range ids {
		if !have[id] {
			gone = append(gone, id)
		}
	}
	return gone, err
}

// countAttention is how many conversations the actor sees where a reply failed or was stopped.
func countAttention(ctx context.Context, q db.Queryer, see cond) (n int64, err error) {
	where := when("c.id = f.conversation_id AND c.status IN ('open', 'pending', 'snoozed')").and(see)
	err = q.QueryRow(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM "+attention+" f CROSS JOIN conversation c WHERE "+where.sql+" LIMIT 1000) few", where.args...).Scan(&n)
	return n, err
}

// attention leads to the conversations in which somebody has to decide: a reply
// of ours failed, or was stopped because something newer was there.
const attention = `(SELECT conversation_id FROM message WHERE delivery_state = 'failed'
	UNION SELECT conversation_id FROM draft WHERE held = TRUE)`

// inAllInboxes tells whether the scope holds all of every inbox.
func inAllInboxes(ctx context.Context, q db.Queryer, scope access.Scope) (all bool, err error) {
	ids := scope.InboxesAt(access.Any)
	if len(ids) == 0 {
		return false, nil
	}
	err = q.QueryRow(ctx, "SELECT NOT EXISTS (SELECT 1 FROM inbox WHERE id NOT IN ("+db.Marks(len(ids))+"))", values(ids)...).Scan(&all)
	return all, err
}
