package customer

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// findIdentity waits for a merge that is moving the identity, and keeps others
// from beginning one until the transaction ends.
func findIdentity(ctx context.Context, tx *db.Tx, k Kind, value string) (Identity, bool, error) {
	var i Identity
	err := tx.QueryRow(ctx, "SELECT id, customer_id, kind, value, shown, verified FROM customer_identity WHERE kind = ? AND value = ?"+tx.Dialect.ForKeyShare(),
		string(k), value).Scan(&i.ID, &i.Customer, &i.Kind, &i.Value, &i.Shown, &i.Verified)
	if db.IsNoRows(err) {
		return Identity{}, false, nil
	}
	return i, err == nil, err
}

func insertCustomer(ctx context.Context, tx *db.Tx, name string, at time.Time) (id int64, err error) {
	err = tx.QueryRow(ctx, "INSERT INTO customer (name, created_at) VALUES (?, ?) RETURNING id", clip(name, MaxName), at.UnixMilli()).Scan(&id)
	return id, err
}

// insertIdentity reports false when somebody else has the address.
func insertIdentity(ctx context.Context, tx *db.Tx, i Identity, at time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO customer_identity (customer_id, kind, value, shown, verified, created_at)
		VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (kind, value) DO NOTHING`,
		i.Customer, string(i.Kind), i.Value, clip(i.Shown, MaxValue), i.Verified, at.UnixMilli())
	return n == 1, err
}

func deleteCustomer(ctx context.Context, tx *db.Tx, id int64) error {
	return tx.Send(ctx, "DELETE FROM customer WHERE id = ?", id)
}

func deleteIdentity(ctx context.Context, tx *db.Tx, customer, id int64) (bool, error) {
	n, err := tx.Exec(ctx, "DELETE FROM customer_identity WHERE id = ? AND customer_id = ?", id, customer)
	return n == 1, err
}

func setVerified(ctx context.Context, tx *db.Tx, id int64) error {
	return tx.Send(ctx, "UPDATE customer_identity SET verified = TRUE WHERE id = ?", id)
}

func setNameIfEmpty(ctx context.Context, tx *db.Tx, id int64, name string) error {
	return tx.Send(ctx, "UPDATE customer SET name = ? WHERE id = ? AND name = ''", clip(name, MaxName), id)
}

const columns = "id, name, locale, notes, attributes, created_at, version, COALESCE(merged_into, 0), erased_at"

func scanCustomer(row interface{ Scan(...any) error }) (c Customer, err error) {
	var attributes string
	var at, erased int64
	if err = row.Scan(&c.ID, &c.Name, &c.Locale, &c.Notes, &attributes, &at, &c.Version, &c.MergedInto, &erased); err != nil {
		return c, err
	}
	c.CreatedAt, c.ErasedAt = time.UnixMilli(at).UTC(), instant(erased)
	err = json.Unmarshal([]byte(attributes), &c.Attributes)
	return c, err
}

func get(ctx context.Context, q db.Queryer, id int64, lock string) (Customer, error) {
	c, err := scanCustomer(q.QueryRow(ctx, "SELECT "+columns+" FROM customer WHERE id = ?"+lock, id))
	if err != nil {
		return c, err
	}
	byID, err := identities(ctx, q, []int64{id})
	c.Identities = byID[id]
	return c, err
}

func identities(ctx context.Context, q db.Queryer, ids []int64) (map[int64][]Identity, error) {
	out := map[int64][]Identity{}
	if len(ids) == 0 {
		return out, nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	rows, err := q.Query(ctx, `SELECT id, customer_id, kind, value, shown, verified, bounced_at, bounce_reason, complained_at FROM customer_identity
		WHERE customer_id IN (`+db.Marks(len(ids))+") ORDER BY id", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var i Identity
		var bounced, complained int64
		if err := rows.Scan(&i.ID, &i.Customer, &i.Kind, &i.Value, &i.Shown, &i.Verified, &bounced, &i.BounceReason, &complained); err != nil {
			return nil, err
		}
		i.BouncedAt, i.ComplainedAt = instant(bounced), instant(complained)
		out[i.Customer] = append(out[i.Customer], i)
	}
	return out, rows.Err()
}

func save(ctx context.Context, tx *db.Tx, c Customer) error {
	attributes, err := json.Marshal(c.Attributes)
	if err != nil {
		return err
	}
	return tx.Send(ctx, "UPDATE customer SET name = ?, locale = ?, notes = ?, attributes = ?, version = version + 1 WHERE id = ?",
		c.Name, c.Locale, c.Notes, string(attributes), c.ID)
}

// list returns customers newest first behind the id; prefix filters by a folded
// address, names by a name that begins with one of them. Merged ones are left out.
func list(ctx context.Context, q db.Queryer, prefix string, names []string, before int64, limit int) (out []Customer, err error) {
	where, args := "", []any{}
	if prefix != "" {
		where = ` AND id IN (SELECT customer_id FROM (SELECT customer_id FROM customer_identity
			WHERE kind IN ('email', 'phone', 'handle') AND value >= ? AND value < ? ORDER BY value LIMIT 200) a`
		args = append(args, prefix, prefix+last)
		for range names {
			where += " UNION SELECT id FROM (SELECT id FROM customer WHERE name >= ? AND name < ? ORDER BY name LIMIT 100) n"
		}
		for _, name := range names {
			args = append(args, name, name+last)
		}
		where += ")"
	}
	err = db.Each(ctx, q, "SELECT "+columns+" FROM customer WHERE merged_into IS NULL AND erased_at = 0"+where+" AND id < ? ORDER BY id DESC LIMIT ?",
		append(args, before, limit), func(rows *sql.Rows) error {
			c, err := scanCustomer(rows)
			out = append(out, c)
			return err
		})
	return out, err
}

// last comes after everything that a text can go on with.
const last = "\U0010FFFF"
