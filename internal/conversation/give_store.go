package conversation

import (
	"context"
	"database/sql"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

func countOfCustomer(ctx context.Context, q db.Queryer, customer int64) (n int64, err error) {
	err = q.QueryRow(ctx, "SELECT COUNT(*) FROM conversation WHERE customer_id = ?", customer).Scan(&n)
	return n, err
}

func lockOfCustomers(ctx context.Context, tx *db.Tx, customers []int64) error {
	if tx.Dialect == db.SQLite {
		return nil // one writer
	}
	args := make([]any, len(customers))
	for i, id := range customers {
		args[i] = id
	}
	return db.Each(ctx, tx, "SELECT id FROM conversation WHERE customer_id IN ("+db.Marks(len(customers))+") ORDER BY id"+tx.Dialect.ForUpdate(), args,
		func(rows *sql.Rows) error {
			var id int64
			return rows.Scan(&id)
		})
}

func giveAll(ctx context.Context, tx *db.Tx, from, to int64) ([]int64, error) {
	return ids(tx.Query(ctx, "UPDATE conversation SET customer_id = ? WHERE customer_id = ? RETURNING id", to, from))
}

func giveThese(ctx context.Context, tx *db.Tx, from, to int64, list []int64) error {
	args := []any{to, from}
	for _, id := range list {
		args = append(args, id)
	}
	return tx.Send(ctx, "UPDATE conversation SET customer_id = ? WHERE customer_id = ? AND id IN ("+db.Marks(len(list))+")", args...)
}

// begunSince lists conversations of a customer that are not older, at most 5,000.
func begunSince(ctx context.Context, q db.Queryer, customer int64, since time.Time) ([]int64, error) {
	return ids(q.Query(ctx, "SELECT id FROM conversation WHERE customer_id = ? AND last_activity_at >= ? AND created_at >= ? ORDER BY last_activity_at LIMIT 5000",
		customer, since.UnixMilli(), since.UnixMilli()))
}

// begunWith is the address of the customer in the first message of a conversation.
func begunWith(ctx context.Context, q db.Queryer, conversation int64) (string, error) {
	var id int64
	err := q.QueryRow(ctx, "SELECT id FROM message WHERE conversation_id = ? AND kind IN ('inbound', 'outbound') ORDER BY id LIMIT 1", conversation).Scan(&id)
	if db.IsNoRows(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	m, err := findMessage(ctx, q, id, "")
	if err != nil || m.Kind == KindInbound || len(m.Recipients.To) == 0 {
		return m.AuthorAddress, err
	}
	return m.Recipients.To[0].Address, nil
}
