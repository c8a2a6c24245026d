package access

import (
	"context"
	"database/sql"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// totp is one row, the zero totp without a sealed secret when there is none.
type totp struct {
	agent       int64
	sealed      []byte
	confirmedAt time.Time
}

func (t totp) confirmed() bool { return !t.confirmedAt.IsZero() }

func readTOTP(ctx context.Context, q db.Queryer, agent int64, lock string) (totp, error) {
	t := totp{agent: agent}
	var confirmed int64
	err := q.QueryRow(ctx, "SELECT secret, confirmed_at FROM totp WHERE agent_id = ?"+lock, agent).Scan(&t.sealed, &confirmed)
	if db.IsNoRows(err) {
		return t, nil
	}
	t.confirmedAt = instant(confirmed)
	return t, err
}

// saveTOTP keeps a secret that is not confirmed yet.
func saveTOTP(ctx context.Context, tx *db.Tx, agent int64, sealed []byte, at time.Time) error {
	if err := deleteSteps(ctx, tx, agent); err != nil { // of another secret
		return err
	}
	return tx.Send(ctx, `INSERT INTO totp (agent_id, secret, created_at) VALUES (?, ?, ?)
		ON CONFLICT (agent_id) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at, last_step = 0
		WHERE totp.confirmed_at = 0`, agent, sealed, at.UnixMilli())
}

func confirmTOTP(ctx context.Context, tx *db.Tx, agent int64, at time.Time) error {
	return tx.Send(ctx, "UPDATE totp SET confirmed_at = ? WHERE agent_id = ?", at.UnixMilli(), agent)
}

// useStep counts a step once, over all nodes. A last step beyond latest was
// written by a clock that ran ahead and does not count; the steps that were used
// are remembered one by one, for the same clock may show them a second time.
func useStep(ctx context.Context, tx *db.Tx, agent, step, latest int64) (int64, error) {
	n, err := tx.Exec(ctx, "INSERT INTO totp_step (agent_id, step) VALUES (?, ?) ON CONFLICT DO NOTHING", agent, step)
	if err != nil || n == 0 {
		return 0, err
	}
	if err := tx.Send(ctx, `DELETE FROM totp_step WHERE agent_id = ? AND step NOT IN
		(SELECT step FROM totp_step WHERE agent_id = ? ORDER BY step DESC LIMIT ?)`, agent, agent, rememberedSteps); err != nil {
		return 0, err
	}
	return tx.Exec(ctx, "UPDATE totp SET last_step = ? WHERE agent_id = ? AND (last_step < ? OR last_step > ?)", step, agent, step, latest)
}

// rememberedSteps is how many of an agent are kept.
const rememberedSteps = 500

func deleteSteps(ctx context.Context, tx *db.Tx, agent int64) error {
	return tx.Send(ctx, "DELETE FROM totp_step WHERE agent_id = ?", agent)
}

func deleteTOTP(ctx context.Context, tx *db.Tx, agent int64) (int64, error) {
	if err := deleteAllRecovery(ctx, tx, agent); err != nil {
		return 0, err
	}
	if err := deleteSteps(ctx, tx, agent); err != nil {
		return 0, err
	}
	return tx.Exec(ctx, "DELETE FROM totp WHERE agent_id = ?", agent)
}

func insertRecovery(ctx context.Context, tx *db.Tx, agent int64, h hash) error {
	return tx.Send(ctx, "INSERT INTO recovery_code (agent_id, code_hash) VALUES (?, ?)", agent, h[:])
}

func deleteRecovery(ctx context.Context, tx *db.Tx, agent int64, h hash) (int64, error) {
	return tx.Exec(ctx, "DELETE FROM recovery_code WHERE agent_id = ? AND code_hash = ?", agent, h[:])
}

func deleteAllRecovery(ctx context.Context, tx *db.Tx, agent int64) error {
	return tx.Send(ctx, "DELETE FROM recovery_code WHERE agent_id = ?", agent)
}

func countRecovery(ctx context.Context, q db.Queryer, agent int64) (n int, err error) {
	err = q.QueryRow(ctx, "SELECT COUNT(*) FROM recovery_code WHERE agent_id = ?", agent).Scan(&n)
	return n, err
}

// withSecondStep lists the agents who have one.
func withSecondStep(ctx context.Context, q db.Queryer) (map[int64]bool, error) {
	out := map[int64]bool{}
	err := db.Each(ctx, q, "SELECT agent_id FROM totp WHERE confirmed_at > 0", nil, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		out[id] = true
		return err
	})
	return out, err
}

const requiredSetting = "second_step_required"

func secondStepRequired(ctx context.Context, q db.Queryer) (bool, error) {
	text, err := db.Setting(ctx, q, requiredSetting)
	return text == "true", err
}
