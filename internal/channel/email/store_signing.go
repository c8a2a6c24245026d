package email

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// signingKey is one row of dkim_key.
type signingKey struct {
	id        int64
	domain    string
	selector  string
	sealed    []byte
	published bool
	checkedAt time.Time
}

// loadSigningKey gives nil when the domain has none.
func loadSigningKey(ctx context.Context, q db.Queryer, domain string) (*signingKey, error) {
	k := signingKey{domain: domain}
	var checked int64
	err := q.QueryRow(ctx, "SELECT id, selector, private, published, checked_at FROM dkim_key WHERE domain = ?", domain).
		Scan(&k.id, &k.selector, &k.sealed, &k.published, &checked)
	if db.IsNoRows(err) {
		return nil, nil // it is made at first use
	}
	k.checkedAt = instant(checked)
	return &k, err
}

// insertSigningKey keeps the key that was there first. seal is asked with the
// id of the row, for which alone a sealed value opens.
func insertSigningKey(ctx context.Context, tx *db.Tx, domain, selector string, at time.Time, seal func(id int64) []byte) error {
	var id int64
	err := tx.QueryRow(ctx, `INSERT INTO dkim_key (domain, selector, private, created_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (domain) DO NOTHING RETURNING id`, domain, selector, []byte{}, at.UnixMilli()).Scan(&id)
	if db.IsNoRows(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return tx.Send(ctx, "UPDATE dkim_key SET private = ? WHERE id = ?", seal(id), id)
}

func setPublished(ctx context.Context, tx *db.Tx, id int64, published bool, at time.Time) error {
	return tx.Send(ctx, "UPDATE dkim_key SET published = ?, checked_at = ? WHERE id = ?", published, at.UnixMilli(), id)
}
