package storage

import (
	"context"
	"database/sql"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

func saveDay(ctx context.Context, tx *db.Tx, s Sizes) error {
	return tx.Send(ctx, `INSERT INTO storage_day (day, measured_at, database, files, raw_mail, attachments, search)
		VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (day) DO UPDATE SET measured_at = excluded.measured_at, database = excluded.database, files = excluded.files,
			raw_mail = excluded.raw_mail, attachments = excluded.attachments, search = excluded.search`,
		s.MeasuredAt.UTC().Truncate(day).UnixMilli(), s.MeasuredAt.UnixMilli(), s.Database, s.Files, s.RawMail, s.Attachments, s.Search)
}

func forgetDays(ctx context.Context, tx *db.Tx, before time.Time) error {
	return tx.Send(ctx, "DELETE FROM storage_day WHERE day < ?", before.UnixMilli())
}

// readDays gives what was measured since, oldest first.
func readDays(ctx context.Context, q db.Queryer, since time.Time) (out []Sizes, err error) {
	err = db.Each(ctx, q, `SELECT measured_at, database, files, raw_mail, attachments, search FROM storage_day
		WHERE measured_at >= ? AND day >= ? ORDER BY day`, []any{since.UnixMilli(), since.UTC().Truncate(day).UnixMilli()}, func(rows *sql.Rows) error {
		var s Sizes
		var at int64
		err := rows.Scan(&at, &s.Database, &s.Files, &s.RawMail, &s.Attachments, &s.Search)
		s.MeasuredAt = time.UnixMilli(at).UTC()
		out = append(out, s)
		return err
	})
	return out, err
}
