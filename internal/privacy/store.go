package privacy

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

const columns = "id, kind, customer_id, agent_id, state, error, blob_key, size, created_at, finished_at, expires_at"

func scan(row interface{ Scan(...any) error }) (r Request, err error) {
	var created, finished, expires int64
	err = row.Scan(&r.ID, &r.Kind, &r.Customer, &r.Agent, &r.State, &r.Error, &r.BlobKey, &r.Size, &created, &finished, &expires)
	r.CreatedAt, r.FinishedAt, r.ExpiresAt = instant(created), instant(finished), instant(expires)
	return r, err
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func formatInt(n int64) string { return strconv.FormatInt(n, 10) }

// parseInt reads an id; what is none leads nowhere.
func parseInt(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

func insert(ctx context.Context, tx *db.Tx, r Request) (id int64, err error) {
	err = tx.QueryRow(ctx, "INSERT INTO customer_request (kind, customer_id, agent_id, state, created_at) VALUES (?, ?, ?, ?, ?) RETURNING id",
		string(r.Kind), r.Customer, r.Agent, string(r.State), millis(r.CreatedAt)).Scan(&id)
	return id, err
}

func find(ctx context.Context, q db.Queryer, id int64) (Request, error) {
	return scan(q.QueryRow(ctx, "SELECT "+columns+" FROM customer_request WHERE id = ?", id))
}

func waiting(ctx context.Context, q db.Queryer, kind Kind, customer int64) (bool, error) {
	var n int
	err := q.QueryRow(ctx, "SELECT COUNT(*) FROM customer_request WHERE customer_id = ? AND kind = ? AND state = ?", customer, string(kind), string(Waiting)).Scan(&n)
	return n > 0, err
}

func query(ctx context.Context, q db.Queryer, text string, args ...any) (out []Request, err error) {
	err = db.Each(ctx, q, "SELECT "+columns+" FROM customer_request WHERE "+text, args, func(rows *sql.Rows) error {
		r, err := scan(rows)
		out = append(out, r)
		return err
	})
	return out, err
}

func list(ctx context.Context, q db.Queryer, customer int64) ([]Request, error) {
	return query(ctx, q, "customer_id = ? ORDER BY id DESC LIMIT 50", customer)
}

func expired(ctx context.Context, q db.Queryer, now time.Time, limit int) ([]Request, error) {
	return query(ctx, q, "expires_at <> 0 AND expires_at <= ? AND blob_key <> '' ORDER BY id LIMIT ?", now.UnixMilli(), limit)
}

// exportsOf lists the files that hold what is known of a customer.
func exportsOf(ctx context.Context, q db.Queryer, customer int64) ([]Request, error) {
	return query(ctx, q, "customer_id = ? AND blob_key <> '' ORDER BY id", customer)
}

func save(ctx context.Context, tx *db.Tx, r Request) error {
	return tx.Send(ctx, "UPDATE customer_request SET state = ?, error = ?, blob_key = ?, size = ?, finished_at = ?, expires_at = ? WHERE id = ?",
		string(r.State), r.Error, r.BlobKey, r.Size, millis(r.FinishedAt), millis(r.ExpiresAt), r.ID)
}

func clearBlobs(ctx context.Context, tx *db.Tx, list []Request) error {
	for _, r := range list {
		if err := tx.Send(ctx, "UPDATE customer_request SET blob_key = '', size = 0 WHERE id = ?", r.ID); err != nil {
			return err
		}
	}
	return nil
}
