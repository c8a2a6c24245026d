package conversation

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// Held is the SQL condition that a hold covers conversation c: on itself, on one
// that was merged into it, on its customer or on somebody merged into them.
const Held = `EXISTS (SELECT 1 FROM legal_hold h WHERE h.released_at = 0 AND (h.subject = 'conversation' AND
	h.subject_id IN (SELECT x.id FROM conversation x WHERE x.id = c.id OR x.merged_into = c.id) OR h.subject = 'customer' AND
	h.subject_id IN (SELECT u.id FROM customer u WHERE u.id = c.customer_id OR u.merged_into = c.customer_id)))`

const holdColumns = "h.subject, h.subject_id, h.reason, h.agent_id, h.placed_at"

func scanHold(row scanner) (h Hold, err error) {
	var at int64
	err = row.Scan(&h.On, &h.Subject, &h.Reason, &h.Agent, &at)
	h.At = instant(at)
	return h, err
}

func findHold(ctx context.Context, q db.Queryer, on HoldOn, id int64) (Hold, error) {
	if on == HoldCustomer {
		return scanHold(q.QueryRow(ctx, "SELECT "+holdColumns+` FROM legal_hold h WHERE h.released_at = 0 AND h.subject = 'customer'
			AND h.subject_id IN (SELECT id FROM customer WHERE id = ? OR merged_into = ?) ORDER BY h.id LIMIT 1`, id, id))
	}
	return scanHold(q.QueryRow(ctx, "SELECT "+holdColumns+` FROM legal_hold h WHERE h.released_at = 0 AND (h.subject = 'conversation' AND
		h.subject_id IN (SELECT id FROM conversation WHERE id = ? OR merged_into = ?) OR h.subject = 'customer' AND
		h.subject_id IN (SELECT u.id FROM customer u JOIN conversation c ON u.id = c.customer_id OR u.merged_into = c.customer_id WHERE c.id = ?))
		ORDER BY h.subject, h.id LIMIT 1`, id, id, id))
}

func customerHeld(ctx context.Context, q db.Queryer, customer int64) (bool, error) {
	var n int
	err := q.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM legal_hold h WHERE h.released_at = 0 AND h.subject = 'customer' AND h.subject_id IN
			(SELECT id FROM customer WHERE id = ? OR merged_into = ?)) +
		(SELECT COUNT(*) FROM conversation c WHERE c.customer_id = ? AND `+Held+")", customer, customer, customer).Scan(&n)
	return n > 0, err
}

func held(ctx context.Context, q db.Queryer, conversation int64) (bool, error) {
	var n int
	err := q.QueryRow(ctx, "SELECT COUNT(*) FROM conversation c WHERE c.id = ? AND "+Held, conversation).Scan(&n)
	return n > 0, err
}

func upsertHold(ctx context.Context, tx *db.Tx, h Hold) error {
	n, err := tx.Exec(ctx, "UPDATE legal_hold SET reason = ? WHERE subject = ? AND subject_id = ? AND released_at = 0", h.Reason, string(h.On), h.Subject)
	if err != nil || n > 0 {
		return err
	}
	return tx.Send(ctx, "INSERT INTO legal_hold (subject, subject_id, reason, agent_id, placed_at) VALUES (?, ?, ?, ?, ?)",
		string(h.On), h.Subject, h.Reason, h.Agent, h.At.UnixMilli())
}

func releaseHold(ctx context.Context, tx *db.Tx, on HoldOn, id, agent int64, at time.Time) (bool, error) {
	n, err := tx.Exec(ctx, "UPDATE legal_hold SET released_by = ?, released_at = ? WHERE subject = ? AND subject_id = ? AND released_at = 0",
		agent, at.UnixMilli(), string(on), id)
	return n > 0, err
}
