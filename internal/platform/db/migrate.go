package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"

	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/migrations"
)

// Migrate brings the schema to what this program knows, under a lock, so that
// any number of programs may start at once. It refuses a database that holds a
// contracting migration which this program does not know.
//
// SQLite: the caller holds the lock of the data folder (see [LockDir]), because
// goose has no session lock there.
func (d *DB) Migrate(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "migrate the database")
	texts, err := migrations.For(d.Dialect.String())
	if err != nil {
		return err
	}
	opts := []goose.ProviderOption{goose.WithAllowOutofOrder(true)}
	dialect := database.DialectSQLite3
	if d.Dialect == Postgres {
		dialect = database.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
		if err != nil {
			return err
		}
		opts = append(opts, goose.WithSessionLocker(locker))
	}
	p, err := goose.NewProvider(dialect, d.Handle(), texts, opts...)
	if err != nil {
		return err
	}
	if err := d.refuseUnknown(ctx, p); err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return err
	}
	return d.mark(ctx, p, texts)
}

func (d *DB) refuseUnknown(ctx context.Context, p *goose.Provider) error {
	known := map[int64]bool{}
	for _, s := range p.ListSources() {
		known[s.Version] = true
	}
	rows, err := d.Query(ctx, "SELECT version FROM migration_mark WHERE contracting = TRUE ORDER BY version")
	if err != nil {
		return nil // the table comes with the first migration
	}
	defer rows.Close()
	for rows.Next() {
		var v int64
		if err := rows.Scan(&v); err != nil {
			return err
		}
		if !known[v] {
			return errs.Newf(errs.Unavailable, "This database was changed by a newer Deskbell (schema %d), which removed things that this version still needs. Start the newer version, or restore a backup made before the upgrade.", v)
		}
	}
	return rows.Err()
}

func (d *DB) mark(ctx context.Context, p *goose.Provider, texts fs.FS) error {
	return d.Write(ctx, func(tx *Tx) error {
		for _, s := range p.ListSources() {
			text, err := fs.ReadFile(texts, s.Path)
			if err != nil {
				return fmt.Errorf("read migration %s: %w", s.Path, err)
			}
			_, err = tx.Exec(ctx, `INSERT INTO migration_mark (version, contracting) VALUES (?, ?)
				ON CONFLICT (version) DO NOTHING`, s.Version, migrations.Contracting(string(text)))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Newest is the newest migration that this program knows.
func Newest(dialect Dialect) (newest int64, err error) {
	texts, err := migrations.For(dialect.String())
	if err != nil {
		return 0, err
	}
	names, err := fs.Glob(texts, "*.sql")
	if err != nil {
		return 0, err
	}
	for _, name := range names {
		v, err := goose.NumericComponent(name)
		if err != nil {
			return 0, err
		}
		newest = max(newest, v)
	}
	return newest, nil
}

// Version is the newest migration in the database, 0 before the first.
func (d *DB) Version(ctx context.Context) (int64, error) {
	var v int64
	err := d.QueryRow(ctx, "SELECT COALESCE(MAX(version), 0) FROM migration_mark").Scan(&v)
	return v, err
}

// Setting reads a stored value; "" when there is none.
func Setting(ctx context.Context, q Queryer, name string) (string, error) {
	var v string
	err := q.QueryRow(ctx, "SELECT value FROM setting WHERE name = ?", name).Scan(&v)
	if IsNoRows(err) {
		return "", nil
	}
	return v, err
}

// SetSetting stores a value.
func SetSetting(ctx context.Context, tx *Tx, name, value string) error {
	_, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES (?, ?)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}

// FirstSetting stores a value unless there is one, and returns what is stored:
// of several programs that start at once all get the same.
func FirstSetting(ctx context.Context, tx *Tx, name, value string) (string, error) {
	if _, err := tx.Exec(ctx, "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING", name, value); err != nil {
		return "", err
	}
	v, err := Setting(ctx, tx, name)
	if err == nil && v == "" && value != "" {
		err = errors.New("setting vanished")
	}
	return v, err
}
