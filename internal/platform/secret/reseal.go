package secret

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// Column is a column of sealed values. The names are the program's own, never
// input. ID is the column that names the row, "" = id.
type Column struct{ Table, Name, ID string }

// ResealTx hands every value of the columns to again and stores what comes back;
// nil leaves it as it is. Nobody seals another until the transaction ends. The
// owner of the tables calls it.
func ResealTx(ctx context.Context, tx *db.Tx, again Again, columns ...Column) error {
	for _, c := range columns {
		if err := c.resealTx(ctx, tx, again); err != nil {
			return fmt.Errorf("seal %s.%s again: %w", c.Table, c.Name, err)
		}
	}
	return nil
}

func (c Column) resealTx(ctx context.Context, tx *db.Tx, again Again) error {
	if c.ID == "" {
		c.ID = "id"
	}
	if tx.Dialect == db.Postgres { // SQLite has one writer anyway
		if err := tx.Send(ctx, "LOCK TABLE "+c.Table+" IN EXCLUSIVE MODE"); err != nil {
			return err
		}
	}
	all := map[int64][]byte{}
	err := db.Each(ctx, tx, "SELECT "+c.ID+", "+c.Name+" FROM "+c.Table+" WHERE "+c.Name+" IS NOT NULL", nil, func(rows *sql.Rows) error {
		var id int64
		var sealed []byte
		err := rows.Scan(&id, &sealed)
		all[id] = sealed
		return err
	})
	if err != nil {
		return err
	}
	for id, sealed := range all {
		next := again(c.Table, c.Name, id, sealed)
		if next == nil {
			continue
		}
		if err := tx.Send(ctx, "UPDATE "+c.Table+" SET "+c.Name+" = ? WHERE "+c.ID+" = ?", next, id); err != nil {
			return err
		}
	}
	return nil
}
