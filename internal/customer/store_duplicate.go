package customer

import (
	"context"
	"database/sql"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// withLocalPart names the customers with an e-mail address that is part up to
// the @, or up to a plus.
func withLocalPart(ctx context.Context, q db.Queryer, part string) ([]int64, error) {
	return customerIDs(ctx, q, `SELECT DISTINCT customer_id FROM (SELECT customer_id FROM (SELECT customer_id FROM customer_identity
			WHERE kind = 'email' AND value >= ? AND value < ? ORDER BY value LIMIT 20) a
		UNION ALL SELECT customer_id FROM (SELECT customer_id FROM customer_identity
			WHERE kind = 'email' AND value >= ? AND value < ? ORDER BY value LIMIT 20) b) f`,
		part+"@", part+"@"+last, part+"+", part+"+"+last)
}

func withPhones(ctx context.Context, q db.Queryer, numbers []string) ([]int64, error) {
	args := make([]any, len(numbers))
	for i, n := range numbers {
		args[i] = n
	}
	return customerIDs(ctx, q, "SELECT customer_id FROM customer_identity WHERE kind = 'phone' AND value IN ("+db.Marks(len(args))+") ORDER BY id LIMIT 20", args...)
}

func customerIDs(ctx context.Context, q db.Queryer, text string, args ...any) (out []int64, err error) {
	err = db.Each(ctx, q, text, args, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		out = append(out, id)
		return err
	})
	return out, err
}

// withNames lists customers of one of the names, merged ones left out, at most
// limit of each.
func withNames(ctx context.Context, q db.Queryer, names []string, limit int) (out []Customer, err error) {
	for _, name := range names {
		err = db.Each(ctx, q, "SELECT "+columns+" FROM customer WHERE name = ? AND merged_into IS NULL LIMIT ?", []any{name, limit}, func(rows *sql.Rows) error {
			c, err := scanCustomer(rows)
			out = append(out, c)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
