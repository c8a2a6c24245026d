package view

import (
	"context"
	"database/sql"
	"encoding/json"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

func layouts(ctx context.Context, q db.Queryer, agent int64) (out []Layout, err error) {
	err = db.Each(ctx, q, "SELECT view, layout, columns, tabs_by FROM view_layout WHERE agent_id = ? ORDER BY view", []any{agent}, func(rows *sql.Rows) error {
		var l Layout
		var layout, columns string
		if err := rows.Scan(&l.View, &layout, &columns, &l.TabsBy); err != nil {
			return err
		}
		l.Table = layout == "table"
		out = append(out, l)
		return json.Unmarshal([]byte(columns), &out[len(out)-1].Columns)
	})
	return out, err
}

func writeLayout(ctx context.Context, tx *db.Tx, agent int64, l Layout) error {
	var n int
	if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM view_layout WHERE agent_id = ? AND view <> ?", agent, l.View).Scan(&n); err != nil {
		return err
	}
	if n >= maxLayouts {
		return errs.Newf(errs.Conflict, "You have arranged %d views already.", maxLayouts)
	}
	columns, err := json.Marshal(l.Columns)
	if err != nil {
		return err
	}
	layout := "list"
	if l.Table {
		layout = "table"
	}
	return tx.Send(ctx, `INSERT INTO view_layout (agent_id, view, layout, columns, tabs_by) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (agent_id, view) DO UPDATE SET layout = excluded.layout, columns = excluded.columns, tabs_by = excluded.tabs_by`,
		agent, l.View, layout, string(columns), l.TabsBy)
}
