package conversation

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// setLink writes a tie in both directions; false = it was there already.
func setLink(ctx context.Context, tx *db.Tx, a, b int64, kind LinkKind) (bool, error) {
	for _, one := range []struct {
		from, to int64
		kind     LinkKind
	}{{a, b, kind}, {b, a, inverse[kind]}} {
		var have string
		err := tx.QueryRow(ctx, "SELECT reason FROM conversation_link WHERE conversation_id = ? AND other_id = ?", one.from, one.to).Scan(&have)
		if err != nil && !db.IsNoRows(err) {
			return false, err
		}
		if have == "merged" {
			return false, errs.New(errs.Conflict, "These conversations are linked by a merge.")
		}
		if have == string(one.kind) {
			return false, nil
		}
		if err := tx.Send(ctx, `INSERT INTO conversation_link (conversation_id, other_id, reason) VALUES (?, ?, ?)
			ON CONFLICT (conversation_id, other_id) DO UPDATE SET reason = excluded.reason`, one.from, one.to, string(one.kind)); err != nil {
			return false, err
		}
	}
	return true, nil
}

// dropLink takes a tie away in both directions; false = there was none.
func dropLink(ctx context.Context, tx *db.Tx, a, b int64) (bool, error) {
	n, err := tx.Exec(ctx, `DELETE FROM conversation_link WHERE reason <> 'merged'
		AND (conversation_id = ? AND other_id = ? OR conversation_id = ? AND other_id = ?)`, a, b, b, a)
	return n > 0, err
}

func countLinks(ctx context.Context, q db.Queryer, conversation int64) (n int, err error) {
	err = q.QueryRow(ctx, "SELECT COUNT(*) FROM conversation_link WHERE conversation_id = ?", conversation).Scan(&n)
	return n, err
}
