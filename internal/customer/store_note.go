package customer

import (
	"context"
	"database/sql"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// whole is a condition for rows of a customer and of everybody merged into them:
// what was known of those goes with them when a merge is taken back.
const whole = "customer_id IN (SELECT id FROM customer WHERE id = ? OR merged_into = ?)"

const noteColumns = "id, agent_id, text, created_at, edited_at"

func scanNote(row interface{ Scan(...any) error }) (n Note, err error) {
	var at, edited int64
	err = row.Scan(&n.ID, &n.Agent, &n.Text, &at, &edited)
	n.At, n.EditedAt = instant(at), instant(edited)
	return n, err
}

func notes(ctx context.Context, q db.Queryer, customer, before int64, limit int) (out []Note, err error) {
	err = db.Each(ctx, q, "SELECT "+noteColumns+" FROM customer_note WHERE "+whole+" AND id < ? ORDER BY id DESC LIMIT ?",
		[]any{customer, customer, before, limit}, func(rows *sql.Rows) error {
			n, err := scanNote(rows)
			out = append(out, n)
			return err
		})
	return out, err
}

func findNote(ctx context.Context, tx *db.Tx, customer, id int64) (Note, error) {
	n, err := scanNote(tx.QueryRow(ctx, "SELECT "+noteColumns+" FROM customer_note WHERE id = ? AND "+whole+tx.Dialect.ForUpdate(), id, customer, customer))
	if db.IsNoRows(err) {
		return n, errNoNote
	}
	return n, err
}

func insertNote(ctx context.Context, tx *db.Tx, customer int64, n Note) (id int64, err error) {
	err = tx.QueryRow(ctx, "INSERT INTO customer_note (customer_id, agent_id, text, created_at) VALUES (?, ?, ?, ?) RETURNING id",
		customer, n.Agent, n.Text, n.At.UnixMilli()).Scan(&id)
	return id, err
}

func saveNote(ctx context.Context, tx *db.Tx, n Note) error {
	return tx.Send(ctx, "UPDATE customer_note SET text = ?, edited_at = ? WHERE id = ?", n.Text, n.EditedAt.UnixMilli(), n.ID)
}

func deleteNote(ctx context.Context, tx *db.Tx, id int64) error {
	return tx.Send(ctx, "DELETE FROM customer_note WHERE id = ?", id)
}
