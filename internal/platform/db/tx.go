package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// Tx is one writing transaction. It is not safe for use by several goroutines.
type Tx struct {
	Dialect Dialect
	tx      *sql.Tx
	pool    *pool
	stmts   map[string]*sql.Stmt
	before  []func(ctx context.Context, tx *Tx) error
	after   []func()
	values  map[any]any
	depth   int
}

// Write runs fn in a transaction, after the fence of ctx (see [Fenced]). On PostgreSQL fn is run again, up to five
// times, when the database ended the transaction because of others (deadlock,
// serialisation), so fn must not change anything outside of the transaction.
func (d *DB) Write(ctx context.Context, fn func(tx *Tx) error) error {
	defer func(start time.Time) {
		d.writes.Add(1)
		d.took.Add(int64(time.Since(start)))
	}(time.Now())
	for attempt := 1; ; attempt++ {
		err := d.writeOnce(ctx, fn)
		if err == nil || attempt == 5 || !isRetryable(err) {
			return ofTransaction(err)
		}
		select {
		case <-ctx.Done():
			return ofTransaction(err)
		case <-time.After(time.Duration(attempt*attempt) * 3 * time.Millisecond):
		}
	}
}

// Read runs fn in a transaction that only reads, in which PostgreSQL can be set
// up for one query (SET LOCAL).
func (d *DB) Read(ctx context.Context, fn func(q Queryer) error) error {
	tx, err := d.read.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := fn(&Tx{Dialect: d.Dialect, tx: tx, pool: d.read, stmts: map[string]*sql.Stmt{}}); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

func (d *DB) writeOnce(ctx context.Context, fn func(tx *Tx) error) (err error) {
	sqlTx, err := d.begin(ctx)
	if err != nil {
		return err
	}
	tx := &Tx{Dialect: d.Dialect, tx: sqlTx, pool: d.write, stmts: map[string]*sql.Stmt{}}
	defer func() {
		if p := recover(); p != nil {
			_ = sqlTx.Rollback()
			panic(p)
		}
	}()
	if err := FenceOf(ctx).CheckTx(ctx, tx); err != nil {
		_ = sqlTx.Rollback()
		return err
	}
	if err := fn(tx); err != nil {
		_ = sqlTx.Rollback()
		return err
	}
	for i := 0; i < len(tx.before); i++ {
		if err := tx.before[i](ctx, tx); err != nil {
			_ = sqlTx.Rollback()
			return err
		}
	}
	if err := sqlTx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	for _, f := range tx.after {
		f()
	}
	return nil
}

func (d *DB) begin(ctx context.Context) (*sql.Tx, error) {
	tx, err := d.write.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	return tx, nil
}

// Exec runs a statement and returns how many rows it touched.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	st, text := t.statement(ctx, query)
	var res sql.Result
	var err error
	if st != nil {
		res, err = st.ExecContext(ctx, args...)
	} else {
		res, err = t.tx.ExecContext(ctx, text, args...)
	}
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Query reads inside the transaction.
func (t *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	st, text := t.statement(ctx, query)
	if st != nil {
		return st.QueryContext(ctx, args...)
	}
	return t.tx.QueryContext(ctx, text, args...)
}

// QueryRow reads one row inside the transaction.
func (t *Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	st, text := t.statement(ctx, query)
	if st != nil {
		return st.QueryRowContext(ctx, args...)
	}
	return t.tx.QueryRowContext(ctx, text, args...)
}

// statement finds the kept statement, or prepares it on the transaction's own
// connection the first time: the writer has only one, so preparing through the
// pool would wait for ourselves.
func (t *Tx) statement(ctx context.Context, query string) (*sql.Stmt, string) {
	if t.Dialect == Postgres {
		_, text, _ := t.pool.statement(ctx, query)
		return nil, text
	}
	if st := t.stmts[query]; st != nil {
		return st, ""
	}
	t.pool.mu.RLock()
	kept := t.pool.stmts[query]
	t.pool.mu.RUnlock()
	if kept == nil {
		t.pool.want(query)
		return nil, query
	}
	st := t.tx.StmtContext(ctx, kept)
	t.stmts[query] = st
	return st, ""
}

// want notes a text that a transaction ran unprepared and prepares it as soon
// as the writing connection is free.
func (p *pool) want(query string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, asked := p.texts[query]; asked || len(p.texts) >= maxStatements {
		return
	}
	p.texts[query] = ""
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		st, err := p.db.PrepareContext(ctx, query)
		p.mu.Lock()
		defer p.mu.Unlock()
		if err != nil {
			delete(p.texts, query)
			return
		}
		p.stmts[query] = st
	}()
}

// AfterCommit runs f when the transaction has been committed, never otherwise.
// It is for hints that may be lost: waking a worker, telling realtime.
func (t *Tx) AfterCommit(f func()) { t.after = append(t.after, f) }

// BeforeCommit runs f as the last thing inside the transaction.
func (t *Tx) BeforeCommit(f func(ctx context.Context, tx *Tx) error) { t.before = append(t.before, f) }

// Value returns what was kept under key in this transaction, made by first when
// there is nothing yet. A rolled back savepoint calls restore with what the
// kept value's Mark returned.
func (t *Tx) Value(key any, first func() Marked) Marked {
	if t.values == nil {
		t.values = map[any]any{}
	}
	if v, ok := t.values[key]; ok {
		return v.(Marked)
	}
	v := first()
	t.values[key] = v
	return v
}

// Marked is a value that a transaction carries and that a savepoint can take back.
type Marked interface {
	Mark() int    // where it stands
	Reset(at int) // back to there; 0 is the beginning
}

// Savepoint runs fn so that its failure or panic undoes only what fn did.
// A panic is returned as an error.
func (t *Tx) Savepoint(ctx context.Context, fn func() error) (err error) {
	t.depth++
	name := fmt.Sprintf("sp%d", t.depth)
	defer func() { t.depth-- }()
	if _, err := t.Exec(ctx, "SAVEPOINT "+name); err != nil {
		return err
	}
	after, before := len(t.after), len(t.before)
	marks := map[any]int{}
	for k, v := range t.values {
		marks[k] = v.(Marked).Mark()
	}
	err = guard(fn)
	if err == nil {
		_, err = t.Exec(ctx, "RELEASE "+name)
		return err
	}
	t.after, t.before = t.after[:after], t.before[:before]
	for k, v := range t.values {
		v.(Marked).Reset(marks[k])
		if _, had := marks[k]; !had {
			delete(t.values, k)
		}
	}
	if _, rerr := t.Exec(ctx, "ROLLBACK TO "+name); rerr != nil {
		return errors.Join(err, rerr)
	}
	if _, rerr := t.Exec(ctx, "RELEASE "+name); rerr != nil {
		return errors.Join(err, rerr)
	}
	return err
}

func guard(fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return fn()
}

// IsUnique tells that a unique index refused the row.
func IsUnique(err error) bool {
	if err == nil {
		return false
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "23505"
	}
	return strings.Contains(err.Error(), "UNIQUE constraint failed")
}

// IsNoRows tells that a row was not there.
func IsNoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// IsTimeout tells that PostgreSQL's statement_timeout ended a statement.
func IsTimeout(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "57014"
}

func isRetryable(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "40001" || pg.Code == "40P01"
	}
	return false
}
