package customer

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// lockIdentities waits for everybody who is acting on one of the customers'
// addresses and lets nobody begin.
func lockIdentities(ctx context.Context, tx *db.Tx, customers []int64) error {
	return db.Each(ctx, tx, "SELECT id FROM customer_identity WHERE customer_id IN ("+db.Marks(len(customers))+") ORDER BY id"+tx.Dialect.ForUpdate(),
		values(customers), func(rows *sql.Rows) error {
			var id int64
			return rows.Scan(&id)
		})
}

func values(ids []int64) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = id
	}
	return out
}

// giveIdentities makes those of the list that are still from's identities to's.
func giveIdentities(ctx context.Context, tx *db.Tx, list []int64, from, to int64) error {
	if len(list) == 0 {
		return nil
	}
	return tx.Send(ctx, "UPDATE customer_identity SET customer_id = ? WHERE customer_id = ? AND id IN ("+db.Marks(len(list))+")",
		append([]any{to, from}, values(list)...)...)
}

// mergeRow is a merge as it was noted.
type mergeRow struct {
	merged, survivor, agent int64
	at                      time.Time
	state                   mergeState
}

// insertMerge notes a merge. What had been merged into the merged one leads to
// the survivor too, so that one step always leads there.
func insertMerge(ctx context.Context, tx *db.Tx, merged, survivor, agent int64, state mergeState, at time.Time) error {
	b, err := json.Marshal(state)
	if err != nil {
		return err
	}
	if err := tx.Send(ctx, "INSERT INTO customer_merge (merged_id, survivor_id, agent_id, at, state) VALUES (?, ?, ?, ?, ?)",
		merged, survivor, agent, at.UnixMilli(), string(b)); err != nil {
		return err
	}
	if err := tx.Send(ctx, "UPDATE customer SET merged_into = ? WHERE merged_into = ?", survivor, merged); err != nil {
		return err
	}
	return tx.Send(ctx, "UPDATE customer SET merged_into = ?, version = version + 1 WHERE id = ?", survivor, merged)
}

// deleteMerge makes the merged one a customer of its own, with all that had been
// merged into it before.
func deleteMerge(ctx context.Context, tx *db.Tx, merged int64) error {
	if err := tx.Send(ctx, `UPDATE customer SET merged_into = ? WHERE id IN (WITH RECURSIVE inside (id) AS (SELECT merged_id FROM customer_merge WHERE survivor_id = ?
			UNION SELECT m.merged_id FROM customer_merge m JOIN inside i ON m.survivor_id = i.id) SELECT id FROM inside)`, merged, merged); err != nil {
		return err
	}
	if err := tx.Send(ctx, "UPDATE customer SET merged_into = NULL, version = version + 1 WHERE id = ?", merged); err != nil {
		return err
	}
	return tx.Send(ctx, "DELETE FROM customer_merge WHERE merged_id = ?", merged)
}

const mergeColumns = "m.merged_id, m.survivor_id, m.agent_id, m.at, m.state"

func findMerge(ctx context.Context, q db.Queryer, merged int64) (m mergeRow, err error) {
	return scanMerge(q.QueryRow(ctx, "SELECT "+mergeColumns+" FROM customer_merge m WHERE m.merged_id = ?", merged))
}

func scanMerge(row interface{ Scan(...any) error }) (m mergeRow, err error) {
	var at int64
	var state string
	if err = row.Scan(&m.merged, &m.survivor, &m.agent, &at, &state); err != nil {
		return m, err
	}
	m.at = instant(at)
	return m, json.Unmarshal([]byte(state), &m.state)
}

// mergedInto lists who was put into a customer, the last first.
func mergedInto(ctx context.Context, q db.Queryer, survivor int64) (out []Merged, err error) {
	err = db.Each(ctx, q, "SELECT "+mergeColumns+` FROM customer_merge m WHERE m.survivor_id = ? ORDER BY m.at DESC, m.merged_id DESC LIMIT 50`,
		[]any{survivor}, func(rows *sql.Rows) error {
			m, err := scanMerge(rows)
			out = append(out, Merged{ID: m.merged, Name: m.state.Title, At: m.at, By: m.agent, Until: m.at.Add(UnmergeWithin),
				Conversations: len(m.state.Conversations), Left: m.state.Left})
			return err
		})
	return out, err
}
