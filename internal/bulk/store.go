package bulk

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

func insertRun(ctx context.Context, tx *db.Tx, r *Run) error {
	work, err := json.Marshal(r.Work)
	if err != nil {
		return err
	}
	return tx.QueryRow(ctx, "INSERT INTO bulk_run (agent_id, state, work, total, created_at) VALUES (?, ?, ?, ?, ?) RETURNING id",
		r.Agent, string(r.State), string(work), r.Total, r.CreatedAt.UnixMilli()).Scan(&r.ID)
}

// insertItems notes what each conversation's newest message is now: a reply is
// stopped when something newer is there by then.
func insertItems(ctx context.Context, tx *db.Tx, run int64, ids []int64) error {
	for len(ids) > 0 {
		part := ids[:min(200, len(ids))]
		ids = ids[len(part):]
		last := map[int64]int64{}
		var args []any
		for _, id := range part {
			args = append(args, id)
		}
		err := db.Each(ctx, tx, "SELECT id, last_message_id FROM conversation WHERE id IN ("+db.Marks(len(part))+")", args, func(rows *sql.Rows) error {
			var id, message int64
			err := rows.Scan(&id, &message)
			last[id] = message
			return err
		})
		if err != nil {
			return err
		}
		args = args[:0]
		for _, id := range part {
			was, err := json.Marshal(Was{LastSeen: last[id]})
			if err != nil {
				return err
			}
			args = append(args, run, id, string(Waiting), string(was))
		}
		values := strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?), ", len(part)), ", ")
		if err := tx.Send(ctx, "INSERT INTO bulk_item (run_id, conversation_id, state, was) VALUES "+values, args...); err != nil {
			return err
		}
	}
	return nil
}

func findRun(ctx context.Context, q db.Queryer, id int64, lock string) (r Run, ok bool, err error) {
	var work string
	var created, finished int64
	err = q.QueryRow(ctx, "SELECT id, agent_id, state, work, total, created_at, finished_at FROM bulk_run WHERE id = ?"+lock, id).
		Scan(&r.ID, &r.Agent, &r.State, &work, &r.Total, &created, &finished)
	if db.IsNoRows(err) {
		return r, false, nil
	}
	if err != nil {
		return r, false, err
	}
	if err := json.Unmarshal([]byte(work), &r.Work); err != nil {
		return r, false, err
	}
	r.CreatedAt = time.UnixMilli(created).UTC()
	if finished > 0 {
		r.FinishedAt = time.UnixMilli(finished).UTC()
	}
	r.Counts = map[ItemState]int{}
	return r, true, db.Each(ctx, q, "SELECT state, COUNT(*) FROM bulk_item WHERE run_id = ? GROUP BY state", []any{id}, func(rows *sql.Rows) error {
		var state ItemState
		var n int
		err := rows.Scan(&state, &n)
		r.Counts[state] = n
		return err
	})
}

func itemsOf(ctx context.Context, q db.Queryer, run int64, state ItemState, after int64, limit int) (out []Item, err error) {
	text, args := "SELECT conversation_id, state, error, message_id, was FROM bulk_item WHERE run_id = ? AND conversation_id > ?", []any{run, after}
	if state != "" {
		text, args = text+" AND state = ?", append(args, string(state))
	}
	err = db.Each(ctx, q, text+" ORDER BY conversation_id LIMIT ?", append(args, limit), func(rows *sql.Rows) error {
		var it Item
		var was string
		if err := rows.Scan(&it.Conversation, &it.State, &it.Error, &it.Message, &was); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(was), &it.Was); err != nil {
			return err
		}
		out = append(out, it)
		return nil
	})
	return out, err
}

// errOvertaken says that an item is not in the state any more in which it was
// read: somebody asked to undo the run meanwhile.
var errOvertaken = errors.New("the item was overtaken")

// markItem keeps what became of an item that is in the state from.
func markItem(ctx context.Context, tx *db.Tx, run int64, from ItemState, it Item) error {
	was, err := json.Marshal(it.Was)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, "UPDATE bulk_item SET state = ?, error = ?, message_id = ?, was = ? WHERE run_id = ? AND conversation_id = ? AND state = ?",
		string(it.State), it.Error, it.Message, string(was), run, it.Conversation, string(from))
	if err == nil && n == 0 {
		err = errOvertaken
	}
	return err
}

func setState(ctx context.Context, tx *db.Tx, run int64, to State, finished int64) error {
	return tx.Send(ctx, "UPDATE bulk_run SET state = ?, finished_at = ? WHERE id = ?", string(to), finished, run)
}

// endRun ends a run that is still in the state it was worked off in.
func endRun(ctx context.Context, tx *db.Tx, run int64, was, to State, at int64) error {
	return tx.Send(ctx, "UPDATE bulk_run SET state = ?, finished_at = ? WHERE id = ? AND state = ?", string(to), at, run, string(was))
}

// dropWaiting lets what was not done yet be: it is undone already.
func dropWaiting(ctx context.Context, tx *db.Tx, run int64) error {
	return tx.Send(ctx, "UPDATE bulk_item SET state = 'undone' WHERE run_id = ? AND state = 'waiting'", run)
}

func failWaiting(ctx context.Context, tx *db.Tx, run int64, why string) error {
	return tx.Send(ctx, "UPDATE bulk_item SET state = 'failed', error = ? WHERE run_id = ? AND state = 'waiting'", why, run)
}

// kept is how long what became of a run can be read.
const kept = 30 * 24 * time.Hour

// Prune deletes up to limit runs that are older than 30 days, and tells how many.
func Prune(ctx context.Context, d *db.DB, now time.Time, limit int) (n int64, err error) {
	err = d.Write(ctx, func(tx *db.Tx) error {
		n, err = tx.Exec(ctx, "DELETE FROM bulk_run WHERE id IN (SELECT id FROM bulk_run WHERE created_at < ? ORDER BY created_at LIMIT ?)",
			now.Add(-kept).UnixMilli(), limit)
		return err
	})
	return n, err
}
