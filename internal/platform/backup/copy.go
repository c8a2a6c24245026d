package backup

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// snapshot is a copy of the database that nobody changes.
type snapshot struct{ db *sql.DB }

func openSnapshot(ctx context.Context, file string) (*snapshot, error) {
	name := "file:" + (&url.URL{Path: file}).EscapedPath() + "?mode=ro&immutable=1&_pragma=query_only(1)"
	d, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, err
	}
	if err := d.PingContext(ctx); err != nil {
		d.Close()
		return nil, err
	}
	return &snapshot{d}, nil
}

// describe fills in what the database itself knows.
func (s *snapshot) describe(ctx context.Context, m *Manifest, count []string) error {
	err := s.db.QueryRowContext(ctx, "SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version WHERE is_applied = TRUE").Scan(&m.Schema)
	if err != nil {
		return errs.New(errs.Invalid, "This is not a database of Deskbell, or it has not been started once.").Because(err)
	}
	for name, to := range map[string]*string{"blob_store": &m.BlobStore, "key_fingerprint": &m.KeyFingerprint} {
		text := "SELECT COALESCE((SELECT value FROM setting WHERE name = ?), '')"
		if err := s.db.QueryRowContext(ctx, text, name).Scan(to); err != nil {
			return err
		}
	}
	m.Counts = map[string]int64{}
	for _, table := range count {
		var n int64
		if err := s.db.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+table).Scan(&n); err != nil {
			return err
		}
		m.Counts[table] = n
	}
	keys, err := s.keysText(ctx)
	if err != nil {
		return err
	}
	return s.db.QueryRowContext(ctx, "SELECT COUNT(*) FROM ("+keys+")").Scan(&m.Named)
}

// eachBlob calls do for each blob that the database names, in order.
func (s *snapshot) eachBlob(ctx context.Context, do func(key string) error) error {
	keys, err := s.keysText(ctx)
	if err != nil {
		return err
	}
	return s.each(ctx, keys+" ORDER BY 1", do)
}

// keysText selects every blob key once.
func (s *snapshot) keysText(ctx context.Context) (string, error) {
	var parts []string
	err := s.each(ctx, `SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND c.name = 'blob_key' ORDER BY m.name`, func(table string) error {
		parts = append(parts, "SELECT blob_key FROM "+table+" WHERE blob_key <> ''")
		return nil
	})
	if err == nil && len(parts) == 0 {
		err = errs.New(errs.Invalid, "This is not a database of Deskbell.")
	}
	return strings.Join(parts, " UNION "), err
}

func (s *snapshot) each(ctx context.Context, text string, do func(string) error) error {
	rows, err := s.db.QueryContext(ctx, text)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			return err
		}
		if err := do(v); err != nil {
			return err
		}
	}
	return rows.Err()
}

// sound looks for damage that no checksum of the file can show.
func (s *snapshot) sound(ctx context.Context) error {
	var first string
	if err := s.db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&first); err != nil {
		return err
	}
	if first != "ok" {
		return fmt.Errorf("quick_check: %s", first)
	}
	return nil
}

func (s *snapshot) close() { _ = s.db.Close() }
