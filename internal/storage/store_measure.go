package storage

import (
	"context"
	"database/sql"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// sampled is how many of the newest mails the average size is taken from.
const sampled = 1000

// Measure reads how large everything is. That takes seconds on a large
// installation.
func Measure(ctx context.Context, d *db.DB) (s Sizes, err error) {
	measure := measureSQLite
	if d.Dialect == db.Postgres {
		measure = measurePostgres
	}
	if err := measure(ctx, d, &s); err != nil {
		return s, err
	}
	var large int64
	if err := d.QueryRow(ctx, "SELECT COALESCE(SUM(size), 0) FROM inbound WHERE blob_key <> ''").Scan(&large); err != nil {
		return s, err
	}
	s.RawMail += large
	err = d.QueryRow(ctx, "SELECT COALESCE(SUM(size), 0) FROM attachment WHERE blob_key <> ''").Scan(&s.Attachments)
	s.Files = large + s.Attachments
	return s, err
}

func measurePostgres(ctx context.Context, d *db.DB, s *Sizes) error {
	return d.QueryRow(ctx, `SELECT pg_database_size(current_database()), pg_total_relation_size('inbound'), pg_total_relation_size('search_document')`).
		Scan(&s.Database, &s.RawMail, &s.Search)
}

func measureSQLite(ctx context.Context, d *db.DB, s *Sizes) error {
	if err := d.QueryRow(ctx, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").Scan(&s.Database); err != nil {
		return err
	}
	if err := d.QueryRow(ctx, searchPages).Scan(&s.Search); err != nil {
		return err
	}
	s.Search *= searchPage
	var mails int64
	if err := d.QueryRow(ctx, "SELECT COUNT(*) FROM inbound WHERE blob_key = ''").Scan(&mails); err != nil {
		return err
	}
	// Only a sample: the raw bytes are most of the database.
	var average sql.NullFloat64
	err := d.QueryRow(ctx, "SELECT AVG(LENGTH(raw)) FROM (SELECT raw FROM inbound WHERE blob_key = '' ORDER BY ledger_id DESC LIMIT ?) newest", sampled).Scan(&average)
	s.RawMail = int64(average.Float64 * float64(mails))
	return err
}

// searchPage is what FTS5 puts on one page of its index, in bytes.
const searchPage = 4050

// searchPages counts the pages of the word index without reading them: the key of
// a page is its segment shifted by 37 bits and its number in the segment, so the
// first and the last key of each segment are enough. https://sqlite.org/fts5.html#fts5_data_structures
const searchPages = `WITH RECURSIVE segment (s) AS (
		SELECT MIN(id) >> 37 FROM search_index_data WHERE id >= (1 << 37)
		UNION ALL
		SELECT (SELECT MIN(id) >> 37 FROM search_index_data WHERE id >= ((s + 1) << 37)) FROM segment WHERE s IS NOT NULL
	)
	SELECT COALESCE(SUM(
		(SELECT MAX(id) FROM search_index_data WHERE id >= (s << 37) AND id < (s << 37) + (1 << 31)) -
		(SELECT MIN(id) FROM search_index_data WHERE id >= (s << 37)) + 1), 0)
	FROM segment WHERE s IS NOT NULL`
