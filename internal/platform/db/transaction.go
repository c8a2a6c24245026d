package db

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// Row is the one row that a query brings; Scan tells what went wrong.
type Row interface{ Scan(dest ...any) error }

type failed struct{ err error }

func (f failed) Scan(...any) error { return f.err }

// statement is a text in the database's own form, with its values and what
// takes its rows, if anybody does.
type statement struct {
	text string
	args []any
	each func(Row) error
}

// answer reads what the statement brought.
func (s statement) answer(r pgx.BatchResults) error {
	if s.each == nil {
		_, err := r.Exec()
		return err
	}
	rows, err := r.Query()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := s.each(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// transaction is one that was begun.
type transaction interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	// Keep makes a kept statement one of the transaction.
	Keep(ctx context.Context, st *sql.Stmt) *sql.Stmt
	// Together runs statements and returns how many rows the last one touched.
	Together(ctx context.Context, list []statement) (int64, error)
	// Last runs statements and is the row of the last one, all when it is scanned.
	Last(ctx context.Context, list []statement) Row
	// Commit runs statements and keeps what was written.
	Commit(ctx context.Context, list []statement) error
	// Rollback takes back what was not committed; after a commit it does nothing.
	Rollback() error
}

func (d *DB) begin(ctx context.Context) (transaction, error) {
	if d.Dialect == Postgres {
		conn, err := d.write.db.Conn(ctx)
		return &postgresTx{Conn: conn, pool: d.write}, err
	}
	tx, err := d.write.db.BeginTx(ctx, nil)
	return sqliteTx{tx}, err
}

// sqliteTx never sends: its database is no journey away.
type sqliteTx struct{ *sql.Tx }

func (t sqliteTx) Keep(ctx context.Context, st *sql.Stmt) *sql.Stmt { return t.StmtContext(ctx, st) }

func (t sqliteTx) Together(context.Context, []statement) (int64, error) {
	return 0, errors.ErrUnsupported
}

func (t sqliteTx) Last(context.Context, []statement) Row { return failed{errors.ErrUnsupported} }

func (t sqliteTx) Commit(context.Context, []statement) error { return t.Tx.Commit() }

// postgresTx is a connection in a transaction. A [sql.Tx] would need round trips
// of its own to begin and to commit.
type postgresTx struct {
	*sql.Conn
	pool        *pool
	begun, done bool
}

func (t *postgresTx) Keep(_ context.Context, st *sql.Stmt) *sql.Stmt { return st }

func (t *postgresTx) Together(ctx context.Context, list []statement) (int64, error) {
	tag, err := t.send(ctx, list)
	return tag.RowsAffected(), err
}

// send runs all statements in one round trip and returns what the last one did.
func (t *postgresTx) send(ctx context.Context, list []statement) (tag pgconn.CommandTag, err error) {
	end := list[len(list)-1]
	err = t.pipe(ctx, list, func(last pgx.BatchResults) error {
		if end.each != nil {
			return end.answer(last)
		}
		tag, err = last.Exec()
		return err
	})
	return tag, err
}

// pipe sends all statements at once and has the answer of the last one read.
//
// Statements that a connection does not know are prepared before any of them
// runs, so that a broken one would keep those before it from running too, a
// savepoint among them. Until a statement has worked once it goes alone.
func (t *postgresTx) pipe(ctx context.Context, list []statement, read func(last pgx.BatchResults) error) error {
	t.begun = true
	return t.Raw(func(conn any) error {
		c := conn.(*stdlib.Conn).Conn()
		err := t.inTurn(ctx, c, list, read)
		if err != nil && !IsNoRows(err) && c.PgConn().TxStatus() == 'I' {
			// It never began, or is over: what a caller writes in spite of the error must not be kept.
			_ = c.Close(ctx)
		}
		return err
	})
}

func (t *postgresTx) inTurn(ctx context.Context, c *pgx.Conn, list []statement, read func(last pgx.BatchResults) error) error {
	if t.pool.proved(list) {
		return together(ctx, c, list, read)
	}
	for i := range list {
		of := read
		if i < len(list)-1 {
			of = list[i].answer
		}
		err := together(ctx, c, list[i:i+1], of)
		if err == nil || IsNoRows(err) {
			t.pool.prove(list[i])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func together(ctx context.Context, c *pgx.Conn, list []statement, read func(last pgx.BatchResults) error) (err error) {
	var batch pgx.Batch
	for _, s := range list {
		batch.Queue(s.text, s.args...)
	}
	results := c.SendBatch(ctx, &batch)
	for i := 0; err == nil && i < len(list)-1; i++ {
		err = list[i].answer(results)
	}
	if err == nil {
		err = read(results)
	}
	if closed := results.Close(); err == nil {
		err = closed
	}
	return err
}

// proved tells whether every statement has worked already.
func (p *pool) proved(list []statement) bool {
	p.mu.RLock()
	defer p.mu.RUnlock()
	for _, s := range list {
		if !p.worked[s.text] {
			return false
		}
	}
	return true
}

// maxWorked bounds what is remembered of texts; others go alone.
const maxWorked = 4096

func (p *pool) prove(s statement) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.worked) < maxWorked {
		p.worked[s.text] = true
	}
}

func (t *postgresTx) Last(ctx context.Context, list []statement) Row { return lastRow{t, ctx, list} }

type lastRow struct {
	tx   *postgresTx
	ctx  context.Context //nolint:containedctx // as a [sql.Row] has it: a row lives for one call
	list []statement
}

func (r lastRow) Scan(dest ...any) error {
	return r.tx.pipe(r.ctx, r.list, func(last pgx.BatchResults) error { return last.QueryRow().Scan(dest...) })
}

// errAborted is a commit that rolled back: a statement had failed, and nobody
// listened (postgresql.org/docs/current/sql-commit.html).
var errAborted = errors.New("a statement of the transaction had failed before")

func (t *postgresTx) Commit(ctx context.Context, list []statement) error {
	tag, err := t.send(ctx, append(list, statement{text: "COMMIT"}))
	if err != nil {
		return err
	}
	t.done = true
	if err := t.Close(); err != nil {
		return err
	}
	if tag.String() == "ROLLBACK" {
		return errAborted
	}
	return nil
}

// Rollback also gives the connection back. The pool drops one that is lost or
// still in a transaction.
func (t *postgresTx) Rollback() error {
	if t.done {
		return nil
	}
	t.done = true
	if !t.begun {
		return t.Close()
	}
	ctx, cancel := context.WithTimeout(context.Background(), givenUp)
	defer cancel()
	_, err := t.ExecContext(ctx, "ROLLBACK")
	return errors.Join(err, t.Close())
}
