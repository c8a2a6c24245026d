package lease

import (
	"context"
	"fmt"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// clock is the SQL expression for the time in milliseconds.
func (h *Holder) clock() string {
	if h.sqlTime != "" {
		return h.sqlTime
	}
	return h.DB.Dialect.Now()
}

// take gets the lease unless another holds it; the token is 0 then.
func (h *Holder) take(ctx context.Context, name string) (token int64, err error) {
	defer errs.Wrap(&err, "take the lease %s", name)
	now := h.clock()
	var busy int
	// Nobody can have asked for a lease that runs for longer: the database's
	// clock was set back since.
	latest := now + fmt.Sprintf(" + %d", (2*Lost).Milliseconds())
	err = h.DB.QueryRow(ctx, "SELECT COUNT(*) FROM lease WHERE name = ? AND until > "+now+" AND until <= "+latest, name).Scan(&busy)
	if err != nil || busy > 0 {
		return 0, err
	}
	err = h.DB.Write(ctx, func(tx *db.Tx) error {
		token = 0
		// Waits for writes under the old token that are about to commit.
		var old int64
		err := tx.QueryRow(ctx, "SELECT token FROM lease WHERE name = ? AND (until <= "+now+" OR until > "+latest+")"+tx.Dialect.ForUpdate(), name).Scan(&old)
		if err != nil && !db.IsNoRows(err) {
			return err
		}
		err = tx.QueryRow(ctx, `INSERT INTO lease (name, node, token, until) VALUES (?, ?, 1, `+now+` + ?)
			ON CONFLICT (name) DO UPDATE SET node = excluded.node, token = lease.token + 1, until = excluded.until
			WHERE lease.until <= `+now+` OR lease.until > `+latest+` RETURNING token`, name, h.Node, Lost.Milliseconds()).Scan(&token)
		if db.IsNoRows(err) {
			token, err = 0, nil
		}
		return err
	})
	return token, err
}

// chunk bounds the length of an IN list.
const chunk = 200

// renew moves the leases forward and returns those that are still ours.
func (h *Holder) renew(ctx context.Context, held map[string]int64) (kept map[string]bool, err error) {
	defer errs.Wrap(&err, "renew leases")
	var names []any
	for name := range held {
		names = append(names, name)
	}
	now := h.clock()
	err = h.DB.Write(ctx, func(tx *db.Tx) error {
		kept = map[string]bool{}
		for rest := names; len(rest) > 0; rest = rest[min(chunk, len(rest)):] {
			part := rest[:min(chunk, len(rest))]
			if err := h.renewPart(ctx, tx, now, part, held, kept); err != nil {
				return err
			}
		}
		return nil
	})
	return kept, err
}

func (h *Holder) renewPart(ctx context.Context, tx *db.Tx, now string, names []any, held map[string]int64, kept map[string]bool) error {
	args := append([]any{Lost.Milliseconds(), h.Node}, names...)
	rows, err := tx.Query(ctx, "UPDATE lease SET until = "+now+" + ? WHERE node = ? AND until > "+now+
		" AND name IN ("+db.Marks(len(names))+") RETURNING name, token", args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var token int64
		if err := rows.Scan(&name, &token); err != nil {
			return err
		}
		kept[name] = held[name] == token
	}
	return rows.Err()
}

// release lets others take the lease at once.
func (h *Holder) release(ctx context.Context, name string, token int64) (err error) {
	defer errs.Wrap(&err, "release the lease %s", name)
	return h.DB.Write(ctx, func(tx *db.Tx) error {
		return tx.Send(ctx, "UPDATE lease SET until = 0 WHERE name = ? AND node = ? AND token = ?", name, h.Node, token)
	})
}

// ErrTaken is the conflict of a write under a lease that another node has taken.
var ErrTaken = errs.New(errs.Conflict, "Another node has taken this work over.")

// CheckTx refuses with [ErrTaken] when another node has taken the lease since
// the token was given. Nobody takes it before the transaction ends; renewing it
// does not wait.
func CheckTx(ctx context.Context, tx *db.Tx, name string, token int64) error {
	var current int64
	err := tx.QueryRow(ctx, "SELECT token FROM lease WHERE name = ?"+tx.Dialect.ForKeyShare(), name).Scan(&current)
	if err != nil && !db.IsNoRows(err) {
		return fmt.Errorf("check the lease %s: %w", name, err)
	}
	if current != token {
		return ErrTaken
	}
	return nil
}

// nodePrefix begins the names of the leases by which the nodes of a group are
// counted; nodeEnd is the first name behind them.
func nodePrefix(group string) string { return "node/" + group + "/" }
func nodeEnd(group string) string    { return "node/" + group + "0" }

// away is how long a node is remembered, in milliseconds.
const away = 24 * 60 * 60 * 1000

// nodes counts those of the group that are alive, at least this one, and
// forgets those that have been away for a day.
func (h *Holder) nodes(ctx context.Context, group string) (alive int, err error) {
	defer errs.Wrap(&err, "count nodes")
	now := h.clock()
	var gone int
	err = h.DB.QueryRow(ctx, "SELECT COALESCE(SUM(CASE WHEN until > "+now+" THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN until < "+now+
		" - ? THEN 1 ELSE 0 END), 0) FROM lease WHERE name >= ? AND name < ?", away, nodePrefix(group), nodeEnd(group)).Scan(&alive, &gone)
	alive = max(alive, 1)
	if err != nil || gone == 0 {
		return alive, err
	}
	return alive, h.DB.Write(ctx, func(tx *db.Tx) error {
		return tx.Send(ctx, "DELETE FROM lease WHERE name >= ? AND name < ? AND until < "+now+" - ?", nodePrefix(group), nodeEnd(group), away)
	})
}
