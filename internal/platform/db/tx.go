package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// Tx is one writing transaction. It is not safe for use by several goroutines.
type Tx struct {
	Dialect Dialect
	tx      transaction
	pool    *pool
	stmts   map[string]*sql.Stmt
	sent    []statement // wait for the next statement whose answer is needed
	before  []func(ctx context.Context, tx *Tx) error
	after   []func()
	values  map[any]any
	depth   int
	// ids that were taken of a table's sequence
	reserved map[string][]int64
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
func (d *DB) Read(ctx context.Context, fn func(tx *Tx) error) (err error) {
	tx := &Tx{Dialect: d.Dialect, pool: d.read, stmts: map[string]*sql.Stmt{}}
	if d.Dialect == Postgres {
		tx.tx, err = d.begin(ctx)
		tx.sent = []statement{{text: "BEGIN READ ONLY"}}
	} else {
		var begun *sql.Tx
		begun, err = d.read.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
		tx.tx = sqliteTx{begun}
	}
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.tx.Rollback() //nolint:errcheck // nothing was written
	if err := fn(tx); err != nil {
		return err
	}
	return tx.tx.Commit(ctx, tx.sent)
}

func (d *DB) writeOnce(ctx context.Context, fn func(tx *Tx) error) error {
	begun, err := d.begin(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer begun.Rollback() //nolint:errcheck // of what was committed, or lost with its connection
	tx := &Tx{Dialect: d.Dialect, tx: begun, pool: d.write, stmts: map[string]*sql.Stmt{}}
	if d.Dialect == Postgres {
		tx.sent = []statement{{text: "BEGIN"}}
	}
	if err := FenceOf(ctx).CheckTx(ctx, tx); err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.Answered(ctx); err != nil {
		return err
	}
	for i := 0; i < len(tx.before); i++ {
		if err := tx.before[i](ctx, tx); err != nil {
			return err
		}
	}
	if err := begun.Commit(ctx, tx.sent); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	for _, f := range tx.after {
		f()
	}
	return nil
}

// maxSent bounds what waits.
const maxSent = 100

// Send runs a statement whose answer nobody waits for. On PostgreSQL it goes out
// with the next statement that is waited for, or with the commit, so that several
// of them cost one round trip; its failure is then reported there. It is for
// writes whose failure ends the transaction, or its savepoint, anyway.
func (t *Tx) Send(ctx context.Context, query string, args ...any) error {
	if t.Dialect == Postgres {
		_, text, _ := t.pool.statement(ctx, query)
		if t.sent = append(t.sent, statement{text: text, args: args}); len(t.sent) < maxSent {
			return nil
		}
		return t.deliver(ctx)
	}
	_, err := t.Exec(ctx, query, args...)
	return err
}

// Ask is Send for a statement whose rows somebody wants later: on PostgreSQL it
// goes out with the next statement that is waited for, and each gets its rows
// then, on SQLite at once. What each notes is known after the next such
// statement or [Tx.Answered], at the end of the savepoint, and before what
// [Tx.BeforeCommit] set up. each must not use the transaction.
func (t *Tx) Ask(ctx context.Context, each func(Row) error, query string, args ...any) error {
	if t.Dialect == Postgres {
		_, text, _ := t.pool.statement(ctx, query)
		if t.sent = append(t.sent, statement{text: text, args: args, each: each}); len(t.sent) < maxSent {
			return nil
		}
		return t.deliver(ctx)
	}
	return Each(ctx, t, query, args, func(rows *sql.Rows) error { return each(rows) })
}

// Answered waits for what was asked, if nothing else has.
func (t *Tx) Answered(ctx context.Context) error {
	if slices.ContainsFunc(t.sent, func(s statement) bool { return s.each != nil }) {
		return t.deliver(ctx)
	}
	return nil
}

// Reserve takes the next ids of a table, so that rows can be sent that others
// speak of. SQLite, where nobody waits for an answer, has no need of it.
func (t *Tx) Reserve(ctx context.Context, table string, ids int) error {
	if t.Dialect != Postgres {
		return nil
	}
	if t.reserved == nil {
		t.reserved = map[string][]int64{}
	}
	return t.Ask(ctx, func(row Row) error {
		var id int64
		err := row.Scan(&id)
		t.reserved[table] = append(t.reserved[table], id)
		return err
	}, "SELECT nextval(pg_get_serial_sequence(?, 'id')) FROM generate_series(1, ?)", table, ids)
}

// Reserved is one of the ids that were reserved and have arrived, 0 = none is left.
func (t *Tx) Reserved(table string) (id int64) {
	if list := t.reserved[table]; len(list) > 0 {
		id, t.reserved[table] = list[0], list[1:]
	}
	return id
}

// Release gives up what is left of the reserved ids: what others write after
// them must not come before it.
func (t *Tx) Release(table string) { delete(t.reserved, table) }

// deliver has everything run that was sent.
func (t *Tx) deliver(ctx context.Context) error {
	if len(t.sent) == 0 {
		return nil
	}
	sent := t.sent
	t.sent = nil
	_, err := t.tx.Together(ctx, sent)
	return err
}

// Exec runs a statement and returns how many rows it touched.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	st, text := t.statement(ctx, query)
	var res sql.Result
	var err error
	switch {
	case st != nil:
		res, err = st.ExecContext(ctx, args...)
	case len(t.sent) > 0:
		all := append(t.sent, statement{text: text, args: args})
		t.sent = nil
		return t.tx.Together(ctx, all)
	default:
		res, err = t.tx.ExecContext(ctx, text, args...)
	}
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Query reads inside the transaction.
func (t *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := t.deliver(ctx); err != nil {
		return nil, err
	}
	st, text := t.statement(ctx, query)
	if st != nil {
		return st.QueryContext(ctx, args...)
	}
	return t.tx.QueryContext(ctx, text, args...)
}

// QueryRow reads one row inside the transaction.
func (t *Tx) QueryRow(ctx context.Context, query string, args ...any) Row {
	st, text := t.statement(ctx, query)
	if len(t.sent) > 0 {
		all := append(t.sent, statement{text: text, args: args})
		t.sent = nil
		return t.tx.Last(ctx, all)
	}
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
	st := t.tx.Keep(ctx, kept)
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
	if err := t.Send(ctx, "SAVEPOINT "+name); err != nil {
		return err
	}
	after, before := len(t.after), len(t.before)
	marks := map[any]int{}
	for k, v := range t.values {
		marks[k] = v.(Marked).Mark()
	}
	if err = guard(fn); err == nil {
		if len(t.sent) == 0 { // what fn wrote has arrived
			return t.Send(ctx, "RELEASE "+name)
		}
		if _, err = t.Exec(ctx, "RELEASE "+name); err == nil {
			return nil
		}
	}
	if derr := t.deliver(ctx); derr != nil { // the savepoint itself may wait still
		err = errors.Join(err, derr)
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

// isRetryable tells that the database ended the transaction because of others,
// or that a kept connection turned out to be lost before anything was sent.
func isRetryable(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "40001" || pg.Code == "40P01"
	}
	var away *pgconn.ConnectError
	return !errors.As(err, &away) && pgconn.SafeToRetry(err)
}
