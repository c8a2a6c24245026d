package job

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/clock"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// State of a job. A finished job's row is deleted.
type State string

// The states.
const (
	Waiting State = "waiting"
	Running State = "running"
	Dead    State = "dead"
)

// Job is one row.
type Job struct {
	ID        int64
	Kind      string
	State     State
	Payload   json.RawMessage
	Summary   string // for people, without customer text
	RunAt     time.Time
	Attempts  int
	LastError string
	CreatedAt time.Time
	token     int64
}

// New is work to be enqueued.
type New struct {
	Kind      string
	UniqueKey string // at most one job of the kind holds it, "" = none
	Payload   any
	Summary   string
	RunAt     time.Time // zero = now
}

// Enqueue adds a job in the transaction; with a unique key that is taken it does nothing.
func (q *Queue) Enqueue(ctx context.Context, tx *db.Tx, n New) error {
	payload, err := json.Marshal(n.Payload)
	if err != nil {
		return fmt.Errorf("enqueue %s: %w", n.Kind, err)
	}
	now := q.Now()
	runAt := n.RunAt
	if runAt.IsZero() {
		runAt = now
	}
	var unique any
	if n.UniqueKey != "" {
		unique = n.UniqueKey
	}
	err = tx.Send(ctx, `INSERT INTO job (kind, state, unique_key, payload, summary, run_at, created_at)
		VALUES (?, 'waiting', ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		n.Kind, unique, string(payload), n.Summary, runAt.UnixMilli(), now.UnixMilli())
	if err != nil {
		return fmt.Errorf("enqueue %s: %w", n.Kind, err)
	}
	if !runAt.After(now) {
		kind := n.Kind
		tx.AfterCommit(func() { q.wake(kind) })
	}
	return nil
}

// Expedite makes the waiting job with the unique key due now; it reports whether there is one.
func (q *Queue) Expedite(ctx context.Context, tx *db.Tx, kind, uniqueKey string) (bool, error) {
	n, err := tx.Exec(ctx, "UPDATE job SET run_at = ? WHERE kind = ? AND unique_key = ? AND state = 'waiting'",
		q.Now().UnixMilli(), kind, uniqueKey)
	if n > 0 {
		tx.AfterCommit(func() { q.wake(kind) })
	}
	return n > 0, err
}

// Cancel deletes the waiting job with the unique key; it reports whether there was one.
func (q *Queue) Cancel(ctx context.Context, tx *db.Tx, kind, uniqueKey string) (bool, error) {
	n, err := tx.Exec(ctx, "DELETE FROM job WHERE kind = ? AND unique_key = ? AND state <> 'running'", kind, uniqueKey)
	return n > 0, err
}

// due lists the kinds of which at least one job is due, reading one row of each.
func (q *Queue) due(ctx context.Context) (kinds []string, err error) {
	parts := make([]string, len(q.Kinds))
	var args []any
	for i, k := range q.Kinds {
		parts[i] = "SELECT CAST(? AS TEXT) AS kind WHERE EXISTS (SELECT 1 FROM job WHERE kind = ? AND state = 'waiting' AND run_at <= ?)"
		args = append(args, k.Name, k.Name, q.Now().UnixMilli())
	}
	if len(parts) == 0 {
		return nil, nil
	}
	err = db.Each(ctx, q.DB, strings.Join(parts, " UNION ALL "), args, func(rows *sql.Rows) error {
		var kind string
		err := rows.Scan(&kind)
		kinds = append(kinds, kind)
		return err
	})
	return kinds, err
}

// claim takes up to limit due jobs of the kind under a new lease.
func (q *Queue) claim(ctx context.Context, kind string, limit int, lease time.Duration) (jobs []Job, err error) {
	defer errs.Wrap(&err, "claim %s jobs", kind)
	now := q.Now().UnixMilli()
	until, args := q.leaseClock(lease)
	var due int
	err = q.DB.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM job WHERE kind = ? AND state = 'waiting' AND run_at <= ? LIMIT 1) AS one`, kind, now).Scan(&due)
	if err != nil || due == 0 {
		return nil, err
	}
	err = q.DB.Write(ctx, func(tx *db.Tx) error {
		jobs = nil
		rows, err := tx.Query(ctx, `UPDATE job SET state = 'running', attempts = attempts + 1,
				lease_token = lease_token + 1, lease_until = `+until+`
			WHERE id IN (SELECT id FROM job WHERE kind = ? AND state = 'waiting' AND run_at <= ?
				ORDER BY run_at, id LIMIT ?`+tx.Dialect.SkipLocked()+`)
			RETURNING id, kind, state, payload, summary, run_at, attempts, last_error, created_at, lease_token`,
			append(args, kind, now, limit)...)
		if err != nil {
			return err
		}
		jobs, err = scan(rows)
		return err
	})
	sortByID(jobs)
	return jobs, err
}

// HoldTx fails with a conflict when the lease of a claimed job was lost. Nobody
// takes the job before the transaction ends.
func (q *Queue) HoldTx(ctx context.Context, tx *db.Tx, j Job) error {
	var token int64
	err := tx.QueryRow(ctx, "SELECT lease_token FROM job WHERE id = ? AND state = 'running'"+tx.Dialect.ForUpdate(), j.ID).Scan(&token)
	if db.IsNoRows(err) || err == nil && token != j.token {
		return errLeaseLost
	}
	return err
}

// DoneTx removes a claimed job. It fails with a conflict when the lease was lost.
func (q *Queue) DoneTx(ctx context.Context, tx *db.Tx, j Job) error {
	n, err := tx.Exec(ctx, "DELETE FROM job WHERE id = ? AND lease_token = ? AND state = 'running'", j.ID, j.token)
	if err == nil && n == 0 {
		err = errLeaseLost
	}
	return err
}

var errLeaseLost = errs.New(errs.Conflict, "Another node has taken this job over.")

// failTx puts a claimed job back with back-off, or among the dead.
func (q *Queue) failTx(ctx context.Context, tx *db.Tx, j Job, cause error, next time.Time, dead bool) error {
	state := Waiting
	if dead {
		state = Dead
	}
	n, err := tx.Exec(ctx, `UPDATE job SET state = ?, run_at = ?, last_error = ?
		WHERE id = ? AND lease_token = ? AND state = 'running'`,
		string(state), next.UnixMilli(), clip(account(cause), 2000), j.ID, j.token)
	if err == nil && n == 0 {
		err = errLeaseLost
	}
	return err
}

// snoozeTx puts a claimed job back without counting the attempt.
func (q *Queue) snoozeTx(ctx context.Context, tx *db.Tx, j Job, until time.Time, why string) error {
	return tx.Send(ctx, `UPDATE job SET state = 'waiting', run_at = ?, last_error = ?, attempts = attempts - 1
		WHERE id = ? AND lease_token = ? AND state = 'running'`, until.UnixMilli(), clip(why, 2000), j.ID, j.token)
}

// renew moves the lease of running jobs forward.
func (q *Queue) renew(ctx context.Context, jobs []Job, lease time.Duration) error {
	until, args := q.leaseClock(lease)
	return q.DB.Write(ctx, func(tx *db.Tx) error {
		for _, j := range jobs {
			if err := tx.Send(ctx, "UPDATE job SET lease_until = "+until+" WHERE id = ? AND lease_token = ? AND state = 'running'",
				append(args[:len(args):len(args)], j.ID, j.token)...); err != nil {
				return err
			}
		}
		return nil
	})
}

// reclaim frees jobs whose lease has run out; with all also those whose lease
// still runs, which is right at the start of the only process of a database.
func (q *Queue) reclaim(ctx context.Context, all bool) (n int64, err error) {
	defer errs.Wrap(&err, "free jobs of stopped nodes")
	limit, args := q.leaseClock(0)
	if all {
		limit, args = "?", []any{int64(1 << 53)}
	}
	lost := "state = 'running' AND lease_until < " + limit
	var some int
	if err := q.DB.QueryRow(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM job WHERE "+lost+" LIMIT 1) AS one", args...).Scan(&some); err != nil || some == 0 {
		return 0, err
	}
	err = q.DB.Write(ctx, func(tx *db.Tx) error {
		n, err = tx.Exec(ctx, "UPDATE job SET state = 'waiting' WHERE "+lost, args...)
		return err
	})
	return n, err
}

// longestPause is more than any back-off.
const longestPause = 25 * time.Hour

// SetRight lets jobs run that wait for a time which a clock that ran ahead has
// given them: those made in the future begin after as long as they were to, and
// those that failed are tried again. A job for a certain day keeps it.
func (q *Queue) SetRight(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "set jobs right after the clock was set back")
	now, args := q.leaseClock(0)
	late, lateArgs := q.leaseClock(clock.Jump)
	later, laterArgs := q.leaseClock(longestPause)
	return q.DB.Write(ctx, func(tx *db.Tx) error {
		err := tx.Send(ctx, "UPDATE job SET run_at = run_at - created_at + "+now+", created_at = "+now+" WHERE state = 'waiting' AND created_at > "+late,
			slices.Concat(args, args, lateArgs)...)
		if err != nil {
			return err
		}
		return tx.Send(ctx, "UPDATE job SET run_at = "+now+" WHERE state = 'waiting' AND attempts > 0 AND run_at > "+later, slices.Concat(args, laterArgs)...)
	})
}

// leaseClock is the moment after which a lease of the given length is lost, as
// SQL with its arguments.
func (q *Queue) leaseClock(after time.Duration) (text string, args []any) {
	if q.SharedClock {
		return fmt.Sprintf("%s + %d", q.DB.Dialect.Now(), after.Milliseconds()), nil
	}
	return "?", []any{q.Now().Add(after).UnixMilli()}
}

const columns = "id, kind, state, payload, summary, run_at, attempts, last_error, created_at, lease_token"

// List returns jobs of a state, newest first, behind the cursor (0 = first page).
func (q *Queue) List(ctx context.Context, state State, before int64, limit int) ([]Job, error) {
	if before == 0 {
		before = 1 << 62
	}
	rows, err := q.DB.Query(ctx, "SELECT "+columns+" FROM job WHERE state = ? AND id < ? ORDER BY id DESC LIMIT ?", string(state), before, limit)
	if err != nil {
		return nil, err
	}
	return scan(rows)
}

// Waits is for how long the oldest job of each kind that is due has waited.
func (q *Queue) Waits(ctx context.Context) (map[string]time.Duration, error) {
	now, out := q.Now(), map[string]time.Duration{}
	for _, k := range q.Kinds {
		var at sql.NullInt64
		err := q.DB.QueryRow(ctx, "SELECT MIN(run_at) FROM job WHERE kind = ? AND state = ? AND run_at <= ?", k.Name, string(Waiting), now.UnixMilli()).Scan(&at)
		if err != nil {
			return nil, err
		}
		out[k.Name] = 0
		if at.Valid {
			out[k.Name] = now.Sub(time.UnixMilli(at.Int64))
		}
	}
	return out, nil
}

// Counts is the number of jobs by state.
func (q *Queue) Counts(ctx context.Context) (map[State]int64, error) {
	rows, err := q.DB.Query(ctx, "SELECT state, COUNT(*) FROM job GROUP BY state")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[State]int64{}
	for rows.Next() {
		var s State
		var n int64
		if err := rows.Scan(&s, &n); err != nil {
			return nil, err
		}
		out[s] = n
	}
	return out, rows.Err()
}

// Retry makes a dead or waiting job due now with a fresh count of attempts.
func (q *Queue) Retry(ctx context.Context, id int64) error {
	return q.change(ctx, id, "job.retried", "UPDATE job SET state = 'waiting', attempts = 0, run_at = ? WHERE id = ? AND state IN ('dead', 'waiting')", q.Now().UnixMilli(), id)
}

// Discard deletes a dead job.
func (q *Queue) Discard(ctx context.Context, id int64) error {
	return q.change(ctx, id, "job.discarded", "DELETE FROM job WHERE id = ? AND state = 'dead'", id)
}

// change does what an admin asked for, and keeps that they did.
func (q *Queue) change(ctx context.Context, id int64, action, text string, args ...any) (err error) {
	defer errs.Wrap(&err, "change job %d", id)
	err = q.DB.Write(ctx, func(tx *db.Tx) error {
		var was auditedJob
		err := tx.QueryRow(ctx, "SELECT kind, state, summary, attempts FROM job WHERE id = ?", id).Scan(&was.Kind, &was.State, &was.Summary, &was.Attempts)
		if err != nil && !db.IsNoRows(err) {
			return err
		}
		n, err := tx.Exec(ctx, text, args...)
		if err == nil && n == 0 {
			err = errs.New(errs.NotFound, "This job is not there any more.")
		}
		if err != nil {
			return err
		}
		return audit.RecordTx(ctx, tx, q.Now(), audit.Entry{Action: action, Subject: "job", ID: id, Name: was.Kind, Before: was})
	})
	q.wakeAll()
	return err
}

// auditedJob is what the audit log keeps of a job.
type auditedJob struct {
	Kind     string `json:"kind"`
	State    State  `json:"state"`
	Summary  string `json:"summary"`
	Attempts int    `json:"attempts"`
}

func clip(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}
