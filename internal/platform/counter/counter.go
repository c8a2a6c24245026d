// Package counter keeps sums that many transactions change at once, without a
// hot row: each transaction appends its deltas, a fold adds them up.
//
// Tables: counter, counter_delta
package counter

import (
	"context"
	"slices"
	"sort"
	"strings"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

type delta struct {
	name  string
	value int64
}

// pending collects the deltas of one transaction, so that sixty mails of one
// group commit append a few rows instead of sixty.
type pending struct{ list []delta }

func (p *pending) Mark() int    { return len(p.list) }
func (p *pending) Reset(at int) { p.list = p.list[:at] }

// rowsAtOnce keeps the number of different statements small: they are prepared and kept.
const rowsAtOnce = 8

type key struct{}

// Add changes the sum NAME by value when the transaction commits.
func Add(tx *db.Tx, name string, value int64) {
	if value == 0 {
		return
	}
	p := tx.Value(key{}, func() db.Marked {
		p := &pending{}
		tx.BeforeCommit(p.write)
		return p
	}).(*pending)
	p.list = append(p.list, delta{name, value})
}

func (p *pending) write(ctx context.Context, tx *db.Tx) error {
	sums := map[string]int64{}
	for _, d := range p.list {
		sums[d.name] += d.value
	}
	p.list = nil
	names := make([]string, 0, len(sums))
	for name, v := range sums {
		if v != 0 {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	for some := range slices.Chunk(names, rowsAtOnce) {
		values := strings.TrimPrefix(strings.Repeat(", (?, ?)", len(some)), ", ")
		args := make([]any, 0, 2*len(some))
		for _, name := range some {
			args = append(args, name, sums[name])
		}
		if err := tx.Send(ctx, "INSERT INTO counter_delta (name, value) VALUES "+values, args...); err != nil {
			return err
		}
	}
	return nil
}

// Fold adds up to limit deltas to their sums and reports how many it took.
func Fold(ctx context.Context, d *db.DB, limit int) (n int, err error) {
	defer errs.Wrap(&err, "fold counters")
	var some int
	if err := d.QueryRow(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM counter_delta LIMIT 1) AS one").Scan(&some); err != nil || some == 0 {
		return 0, err
	}
	err = d.Write(ctx, func(tx *db.Tx) error {
		n = 0
		sums := map[string]int64{}
		rows, err := tx.Query(ctx, `DELETE FROM counter_delta WHERE id IN
			(SELECT id FROM counter_delta ORDER BY id LIMIT ?`+tx.Dialect.SkipLocked()+`) RETURNING name, value`, limit)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			var v int64
			if err := rows.Scan(&name, &v); err != nil {
				return err
			}
			sums[name] += v
			n++
		}
		if err := rows.Err(); err != nil {
			return err
		}
		rows.Close()
		return apply(ctx, tx, sums)
	})
	return n, err
}

func apply(ctx context.Context, tx *db.Tx, sums map[string]int64) error {
	names := make([]string, 0, len(sums))
	for name := range sums {
		names = append(names, name)
	}
	sort.Strings(names) // one order of locks
	for _, name := range names {
		if err := tx.Send(ctx, `INSERT INTO counter (name, value) VALUES (?, ?)
			ON CONFLICT (name) DO UPDATE SET value = counter.value + excluded.value`, name, sums[name]); err != nil {
			return err
		}
	}
	return nil
}

// Sums reads all sums whose names begin with prefix, folded or not, as one
// moment of the database. The prefix must end in a letter, digit or slash.
func Sums(ctx context.Context, q db.Queryer, prefix string) (map[string]int64, error) {
	rows, err := q.Query(ctx, `SELECT name, value FROM counter WHERE name >= ? AND name < ?
		UNION ALL SELECT name, value FROM counter_delta WHERE name >= ? AND name < ?`,
		prefix, after(prefix), prefix, after(prefix))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]int64{}
	for rows.Next() {
		var name string
		var v int64
		if err := rows.Scan(&name, &v); err != nil {
			return nil, err
		}
		out[name] += v
	}
	return out, rows.Err()
}

// after is the first name behind all that begin with prefix.
func after(prefix string) string {
	b := []byte(prefix)
	b[len(b)-1]++
	return string(b)
}
