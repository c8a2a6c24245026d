package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	_ "modernc.org/sqlite" // driver "sqlite"
)

// Config says which database to open.
type Config struct {
	Dir     string // folder of the embedded database, used when URL is empty
	URL     string // postgres://...
	NoSync  bool   // SQLite synchronous=NORMAL: a power loss can lose the last commits
	MaxConn int    // connections to PostgreSQL, 0 = 16
}

// DB is the one database of the program. Its zero value is not usable.
type DB struct {
	Dialect Dialect
	write   *pool
	read    *pool
	writes  atomic.Int64
	took    atomic.Int64 // nanoseconds of all writes
}

// Stats is how much the database had to do since the start.
type Stats struct {
	Writes    int64         // transactions, also those that failed
	Writing   time.Duration // of all of them, waiting included
	WriteWait time.Duration // for a connection that may write
	ReadWait  time.Duration // for one to read; on PostgreSQL both are the same
}

// Stats are the figures of this program alone.
func (d *DB) Stats() Stats {
	return Stats{Writes: d.writes.Load(), Writing: time.Duration(d.took.Load()),
		WriteWait: d.write.db.Stats().WaitDuration, ReadWait: d.read.db.Stats().WaitDuration}
}

// pool keeps the prepared statements of one sql.DB.
type pool struct {
	db      *sql.DB
	dialect Dialect
	mu      sync.RWMutex
	stmts   map[string]*sql.Stmt
	texts   map[string]string
	worked  map[string]bool // statements that PostgreSQL has run
}

// Queryer reads: a [DB] outside of a transaction or a [Tx] inside one.
type Queryer interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) Row
}

// maxStatements bounds what is kept prepared; texts beyond it are run unprepared.
const maxStatements = 512

// Open connects and checks that the database answers. It does not migrate.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	if cfg.URL != "" {
		return openPostgres(ctx, cfg)
	}
	return openSQLite(ctx, cfg)
}

// FileName is the embedded database inside its folder.
const FileName = "deskbell.db"

func openSQLite(ctx context.Context, cfg Config) (*DB, error) {
	sync := "FULL"
	if cfg.NoSync {
		sync = "NORMAL"
	}
	// The name is part of a URI: a folder may hold #, ? and %.
	file := "file:" + (&url.URL{Path: filepath.Join(cfg.Dir, FileName)}).EscapedPath()
	common := "&_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_pragma=temp_store(memory)&_pragma=synchronous(" + sync + ")"
	w, err := sql.Open("sqlite", file+"?_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=cache_size(-8192)"+
		"&_pragma=wal_autocheckpoint(4000)&_pragma=journal_size_limit(67108864)"+common)
	if err != nil {
		return nil, err
	}
	w.SetMaxOpenConns(1)
	w.SetMaxIdleConns(1)
	if err := w.PingContext(ctx); err != nil {
		w.Close()
		return nil, fmt.Errorf("open %s: %w", filepath.Join(cfg.Dir, FileName), err)
	}
	r, err := sql.Open("sqlite", file+"?_pragma=query_only(1)&_pragma=cache_size(-2048)"+common)
	if err != nil {
		w.Close()
		return nil, err
	}
	r.SetMaxOpenConns(4)
	r.SetMaxIdleConns(4)
	return &DB{Dialect: SQLite, write: newPool(w, SQLite), read: newPool(r, SQLite)}, nil
}

func newPool(d *sql.DB, dialect Dialect) *pool {
	return &pool{db: d, dialect: dialect, stmts: map[string]*sql.Stmt{}, texts: map[string]string{}, worked: map[string]bool{}}
}

// Close ends all connections.
func (d *DB) Close() error {
	err := d.write.db.Close()
	if d.read != d.write {
		err = errors.Join(err, d.read.db.Close())
	}
	return err
}

// Handle is the writing sql.DB, for migrations, backup and tests.
func (d *DB) Handle() *sql.DB { return d.write.db }

// Ping tells whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	var one int
	return d.QueryRow(ctx, "SELECT 1").Scan(&one)
}

// Query reads rows outside of a transaction.
func (d *DB) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	st, text, err := d.read.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	if st == nil {
		return d.read.db.QueryContext(ctx, text, args...)
	}
	return st.QueryContext(ctx, args...)
}

// QueryRow reads one row outside of a transaction.
func (d *DB) QueryRow(ctx context.Context, query string, args ...any) Row {
	st, text, err := d.read.statement(ctx, query)
	if err != nil || st == nil {
		return d.read.db.QueryRowContext(ctx, text, args...)
	}
	return st.QueryRowContext(ctx, args...)
}

// statement prepares the text once. For PostgreSQL the driver keeps prepared
// statements itself, so only the rewritten text is kept here.
func (p *pool) statement(ctx context.Context, query string) (*sql.Stmt, string, error) {
	p.mu.RLock()
	st, text := p.stmts[query], p.texts[query]
	p.mu.RUnlock()
	if st != nil || text != "" {
		return st, text, nil
	}
	text = p.dialect.rebind(query)
	if p.dialect == Postgres {
		p.mu.Lock()
		if len(p.texts) < maxStatements {
			p.texts[query] = text
		}
		p.mu.Unlock()
		return nil, text, nil
	}
	p.mu.RLock()
	full := len(p.stmts) >= maxStatements
	p.mu.RUnlock()
	if full {
		return nil, text, nil
	}
	// Prepared outside of the lock: it may wait for a connection.
	st, err := p.db.PrepareContext(ctx, text)
	if err != nil {
		return nil, text, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if have := p.stmts[query]; have != nil {
		st.Close()
		return have, text, nil
	}
	p.stmts[query] = st
	return st, text, nil
}

// Each runs do for each row of a query.
func Each(ctx context.Context, q Queryer, text string, args []any, do func(*sql.Rows) error) error {
	rows, err := q.Query(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := do(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
