package customer

import (
	"context"
	"database/sql"

	"github.com/deskbell/deskbell/internal/platform/db"
)

func consents(ctx context.Context, q db.Queryer, customer int64) (out []Consent, err error) {
	err = db.Each(ctx, q, "SELECT id, purpose, way, given, at, source, agent_id, recorded_at FROM customer_consent WHERE "+whole+" ORDER BY at DESC, id DESC LIMIT 500",
		[]any{customer, customer}, func(rows *sql.Rows) error {
			var c Consent
			var at, recorded int64
			err := rows.Scan(&c.ID, &c.Purpose, &c.Way, &c.Given, &at, &c.Source, &c.Agent, &recorded)
			c.At, c.Recorded = instant(at), instant(recorded)
			out = append(out, c)
			return err
		})
	return out, err
}

func insertConsent(ctx context.Context, tx *db.Tx, customer int64, c Consent) (id int64, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO customer_consent (customer_id, purpose, way, given, at, source, agent_id, recorded_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		customer, string(c.Purpose), c.Way, c.Given, c.At.UnixMilli(), c.Source, c.Agent, c.Recorded.UnixMilli()).Scan(&id)
	return id, err
}
