package app

import (
	"context"
	"database/sql"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// maxFaults is how many are named.
const maxFaults = 5

// databaseFaults are what SQLite finds wrong with its file, and which settings
// of PostgreSQL make it forget.
func databaseFaults(ctx context.Context, d *db.DB) (faults []string, err error) {
	texts := []string{"SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok' LIMIT 5",
		`SELECT 'a row of ' || "table" || ' refers to a row of ' || "parent" || ' that is missing' FROM pragma_foreign_key_check LIMIT 5`}
	if d.Dialect == db.Postgres {
		texts = []string{"SELECT name FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes') AND setting = 'off' ORDER BY name"}
	}
	for _, text := range texts {
		err := db.Each(ctx, d, text, nil, func(rows *sql.Rows) error {
			var fault string
			err := rows.Scan(&fault)
			faults = append(faults, fault)
			return err
		})
		if err != nil {
			return faults, err
		}
	}
	return faults[:min(len(faults), maxFaults)], nil
}

// clockAhead is how much this machine's clock is ahead of PostgreSQL's, on
// SQLite of the newest event, which is never in the future.
func clockAhead(ctx context.Context, d *db.DB, now func() time.Time) (time.Duration, error) {
	text := "SELECT " + d.Dialect.Now()
	if d.Dialect == db.SQLite {
		text = "SELECT COALESCE((SELECT at FROM event ORDER BY id DESC LIMIT 1), 0)"
	}
	before := now()
	var at int64
	err := d.QueryRow(ctx, text).Scan(&at)
	// The database answered somewhere between: half of the way is the best guess.
	return before.Add(now().Sub(before) / 2).Sub(time.UnixMilli(at)), err
}

// blobSample are keys from the oldest, the middle and the newest rows of each
// table that owns blobs: keys begin with the day.
func blobSample(ctx context.Context, d *db.DB, each int) (keys []string, err error) {
	take := func(text string, args ...any) error {
		return db.Each(ctx, d, text, args, func(rows *sql.Rows) error {
			var key string
			err := rows.Scan(&key)
			keys = append(keys, key)
			return err
		})
	}
	for _, table := range []string{"attachment", "inbound", "outbound"} {
		from := "SELECT blob_key FROM " + table + " WHERE blob_key <> '' "
		had := len(keys)
		if err := take(from+"ORDER BY blob_key DESC LIMIT ?", each); err != nil {
			return keys, err
		}
		if len(keys) == had {
			continue
		}
		newest := keys[had]
		if err := take(from+"ORDER BY blob_key LIMIT ?", each); err != nil {
			return keys, err
		}
		if err := take(from+"AND blob_key >= ? ORDER BY blob_key LIMIT ?", between(keys[len(keys)-1], newest), each); err != nil {
			return keys, err
		}
	}
	return keys, nil
}

// between is the day in the middle of two keys.
func between(a, b string) string {
	const day = "20060102"
	if len(a) < len(day) || len(b) < len(day) {
		return a
	}
	from, errFrom := time.Parse(day, a[:len(day)])
	to, errTo := time.Parse(day, b[:len(day)])
	if errFrom != nil || errTo != nil {
		return a
	}
	return from.Add(to.Sub(from) / 2).Format(day)
}
