package field

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

const columns = "id, subject, field_key, label, kind, choices, shown_when, required_on_close, position, archived_at"

type scanner interface{ Scan(...any) error }

func scan(row scanner) (f Field, err error) {
	var choices, when string
	var archived int64
	if err := row.Scan(&f.ID, &f.Subject, &f.Key, &f.Label, &f.Kind, &choices, &when, &f.Required, &f.Position, &archived); err != nil {
		return f, err
	}
	f.Archived = archived != 0
	if err := json.Unmarshal([]byte(choices), &f.Choices); err != nil {
		return f, err
	}
	var c Condition
	if err := json.Unmarshal([]byte(when), &c); err != nil {
		return f, err
	}
	if c.Key != "" {
		f.When = &c
	}
	return f, nil
}

// list reads the fields of a subject in their order, archived ones last.
func list(ctx context.Context, q db.Queryer, of Subject) (out Set, err error) {
	err = db.Each(ctx, q, "SELECT "+columns+" FROM custom_field WHERE subject = ? ORDER BY archived_at, position, id", []any{string(of)},
		func(rows *sql.Rows) error {
			f, err := scan(rows)
			out = append(out, f)
			return err
		})
	return out, err
}

func find(ctx context.Context, tx *db.Tx, id int64) (Field, error) {
	f, err := scan(tx.QueryRow(ctx, "SELECT "+columns+" FROM custom_field WHERE id = ?"+tx.Dialect.ForUpdate(), id))
	if db.IsNoRows(err) {
		err = errNotFound
	}
	return f, err
}

func (f Field) stored() (choices, when string, err error) {
	if f.Choices == nil {
		f.Choices = []string{}
	}
	c, err := json.Marshal(f.Choices)
	if err != nil || f.When == nil {
		return string(c), "{}", err
	}
	w, err := json.Marshal(f.When)
	return string(c), string(w), err
}

func insert(ctx context.Context, tx *db.Tx, f Field, at time.Time) (id int64, err error) {
	choices, when, err := f.stored()
	if err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `INSERT INTO custom_field (subject, field_key, label, kind, choices, shown_when, required_on_close, position, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, (SELECT COALESCE(MAX(position), 0) + 1 FROM custom_field WHERE subject = ?), ?)
		ON CONFLICT DO NOTHING RETURNING id`,
		string(f.Subject), f.Key, f.Label, string(f.Kind), choices, when, f.Required, string(f.Subject), at.UnixMilli()).Scan(&id)
	return id, err
}

func save(ctx context.Context, tx *db.Tx, f Field, at time.Time) error {
	choices, when, err := f.stored()
	if err != nil {
		return err
	}
	archived := int64(0)
	if f.Archived {
		archived = at.UnixMilli()
	}
	return tx.Send(ctx, "UPDATE custom_field SET label = ?, choices = ?, shown_when = ?, required_on_close = ?, position = ?, archived_at = ? WHERE id = ?",
		f.Label, choices, when, f.Required, f.Position, archived, f.ID)
}
