package notification

import (
	"context"
	"database/sql"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/push"
)

func pushKey(ctx context.Context, q db.Queryer) (sealed []byte, err error) {
	err = q.QueryRow(ctx, "SELECT secret FROM push_key WHERE id = 1").Scan(&sealed)
	return sealed, err
}

func insertPushKey(ctx context.Context, tx *db.Tx, public, sealed []byte, at time.Time) error {
	return tx.Send(ctx, "INSERT INTO push_key (id, public, secret, created_at) VALUES (1, ?, ?, ?) ON CONFLICT DO NOTHING", public, sealed, at.UnixMilli())
}

// pushAgents are those of the agents who want a kind by push and have a browser for it.
func pushAgents(ctx context.Context, q db.Queryer, agents []int64, k Kind) ([]int64, error) {
	args := []any{}
	for _, id := range agents {
		args = append(args, id)
	}
	return ids(ctx, q, "SELECT a.id FROM agent a WHERE a.id IN ("+db.Marks(len(agents))+") AND EXISTS (SELECT 1 FROM push_subscription p WHERE p.agent_id = a.id) AND "+
		ByPush.wants(k), append(args, string(k))...)
}

// browser is a subscription with the row that it stands in.
type browser struct {
	id int64
	push.Subscription
}

func browsersOf(ctx context.Context, q db.Queryer, agent int64) (out []browser, err error) {
	err = db.Each(ctx, q, "SELECT id, endpoint, p256dh, auth FROM push_subscription WHERE agent_id = ? ORDER BY id LIMIT ?", []any{agent, maxBrowsers}, func(rows *sql.Rows) error {
		var b browser
		err := rows.Scan(&b.id, &b.Endpoint, &b.Public, &b.Secret)
		out = append(out, b)
		return err
	})
	return out, err
}

// saveBrowser replaces what the session had, and forgets the oldest of an agent with many.
func saveBrowser(ctx context.Context, tx *db.Tx, agent, session int64, s push.Subscription, at time.Time) error {
	if err := deleteBrowsers(ctx, tx, session); err != nil {
		return err
	}
	err := tx.Send(ctx, `INSERT INTO push_subscription (agent_id, session_id, endpoint, p256dh, auth, created_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (endpoint) DO UPDATE SET agent_id = excluded.agent_id, session_id = excluded.session_id, p256dh = excluded.p256dh,
			auth = excluded.auth, created_at = excluded.created_at`, agent, session, s.Endpoint, s.Public, s.Secret, at.UnixMilli())
	if err != nil {
		return err
	}
	return tx.Send(ctx, `DELETE FROM push_subscription WHERE agent_id = ? AND id NOT IN
		(SELECT id FROM push_subscription WHERE agent_id = ? ORDER BY id DESC LIMIT ?)`, agent, agent, maxBrowsers)
}

func deleteBrowsers(ctx context.Context, tx *db.Tx, session int64) error {
	return tx.Send(ctx, "DELETE FROM push_subscription WHERE session_id = ?", session)
}

func deleteBrowser(ctx context.Context, tx *db.Tx, id int64) error {
	return tx.Send(ctx, "DELETE FROM push_subscription WHERE id = ?", id)
}

func hasBrowser(ctx context.Context, q db.Queryer, session int64) (bool, error) {
	var n int
	err := q.QueryRow(ctx, "SELECT COUNT(*) FROM push_subscription WHERE session_id = ?", session).Scan(&n)
	return n > 0, err
}
