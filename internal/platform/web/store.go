package web

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

var errNoAnswer = errors.New("no answer is kept")

// storeAnswer takes the place of an answer that is too old, never of a fresh one.
func storeAnswer(ctx context.Context, tx *db.Tx, rep *repeat, status int, body string) error {
	n, err := tx.Exec(ctx, `INSERT INTO idempotency (actor, route, name, body_hash, status, answer, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (actor, route, name) DO UPDATE SET body_hash = excluded.body_hash, status = excluded.status,
			answer = excluded.answer, created_at = excluded.created_at
		WHERE idempotency.created_at <= ?`,
		rep.actor, rep.route, rep.name, rep.hash, status, body, rep.at.UnixMilli(), rep.at.Add(-RepeatsKept).UnixMilli())
	if err == nil && n == 0 {
		err = errRepeated
	}
	return err
}

func readAnswer(ctx context.Context, d *db.DB, rep *repeat) (status int, body string, hash []byte, err error) {
	err = d.QueryRow(ctx, `SELECT status, answer, body_hash FROM idempotency
		WHERE actor = ? AND route = ? AND name = ? AND created_at > ?`,
		rep.actor, rep.route, rep.name, rep.at.Add(-RepeatsKept).UnixMilli()).Scan(&status, &body, &hash)
	if db.IsNoRows(err) {
		err = errNoAnswer
	}
	return status, body, hash, err
}

// PruneRepeats deletes up to limit answers older than [RepeatsKept].
func PruneRepeats(ctx context.Context, d *db.DB, now time.Time, limit int) (n int64, err error) {
	defer errs.Wrap(&err, "prune the answers for repeats")
	err = d.Write(ctx, func(tx *db.Tx) error {
		n, err = tx.Exec(ctx, `DELETE FROM idempotency WHERE (actor, route, name) IN
			(SELECT actor, route, name FROM idempotency WHERE created_at <= ? ORDER BY created_at LIMIT ?)`,
			now.Add(-RepeatsKept).UnixMilli(), limit)
		return err
	})
	return n, err
}

// ForgetRepeatsTx deletes answers that were kept for repeats and tell of the
// conversation. A repeat of such a request does its work for the first time.
func ForgetRepeatsTx(ctx context.Context, tx *db.Tx, conversation int64) error {
	id := strconv.FormatInt(conversation, 10)
	return tx.Send(ctx, `DELETE FROM idempotency WHERE answer LIKE ? OR answer LIKE ?`,
		`%"conversation_id":`+id+`,%`, `%"conversation":{"id":`+id+`,%`)
}
