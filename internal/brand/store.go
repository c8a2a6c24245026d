package brand

import (
	"context"
	"strconv"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

var errNotFound = errs.New(errs.NotFound, "There is no such brand.")

// ensure lets the setting decide which of two programs makes the brand: its
// insert waits for the other's commit.
func ensure(ctx context.Context, tx *db.Tx, name string, at time.Time) (id int64, err error) {
	first := "SELECT id FROM brand ORDER BY id LIMIT 1"
	err = tx.QueryRow(ctx, first).Scan(&id)
	if err == nil || !db.IsNoRows(err) {
		return id, err
	}
	mine := strconv.FormatInt(at.UnixNano(), 10)
	if _, err := db.FirstSetting(ctx, tx, "brand.first", mine); err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, first).Scan(&id)
	if err == nil || !db.IsNoRows(err) {
		return id, err
	}
	err = tx.QueryRow(ctx, "INSERT INTO brand (name, created_at) VALUES (?, ?) RETURNING id", name, at.UnixMilli()).Scan(&id)
	return id, err
}

func list(ctx context.Context, q db.Queryer) ([]Brand, error) {
	rows, err := q.Query(ctx, "SELECT id, name, created_at FROM brand ORDER BY id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Brand
	for rows.Next() {
		var b Brand
		var at int64
		if err := rows.Scan(&b.ID, &b.Name, &at); err != nil {
			return nil, err
		}
		b.CreatedAt = time.UnixMilli(at).UTC()
		out = append(out, b)
	}
	return out, rows.Err()
}

func get(ctx context.Context, q db.Queryer, id int64) (Brand, error) {
	b := Brand{ID: id}
	var at int64
	err := q.QueryRow(ctx, "SELECT name, created_at FROM brand WHERE id = ?", id).Scan(&b.Name, &at)
	if db.IsNoRows(err) {
		err = errNotFound
	}
	b.CreatedAt = time.UnixMilli(at).UTC()
	return b, err
}

func rename(ctx context.Context, tx *db.Tx, id int64, name string) error {
	n, err := tx.Exec(ctx, "UPDATE brand SET name = ? WHERE id = ?", name, id)
	if err == nil && n == 0 {
		err = errNotFound
	}
	return err
}
