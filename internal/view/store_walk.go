package view

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// maxRead is how many rows one call tests at most.
const maxRead = 20_000

// walk reads up to want places behind from. next is where to go on, nil at the end.
func (p *plan) walk(ctx context.Context, q db.Queryer, d db.Dialect, from *Place, want int) (found []Place, next *Place, err error) {
	if len(p.arms) == 0 {
		return nil, nil, nil
	}
	if !p.tests() {
		found, err = p.read(ctx, q, d, from, nil, want+1)
		return cut(found, want, nil, err)
	}
	window := max(4*want, 200)
	for left := maxRead; ; window *= 5 {
		window = min(window, left)
		to, err := p.bound(ctx, q, d, from, window)
		if err != nil {
			return nil, nil, err
		}
		some, err := p.read(ctx, q, d, from, to, want+1-len(found))
		if err != nil {
			return nil, nil, err
		}
		found, left = append(found, some...), left-window
		if len(found) > want || to == nil || left <= 0 {
			return cut(found, want, to, nil)
		}
		from = to
	}
}

// cut leaves want places; end is how far was read where there are fewer.
func cut(found []Place, want int, end *Place, err error) ([]Place, *Place, error) {
	if err != nil || len(found) <= want {
		return found, end, err
	}
	return found[:want], &found[want-1], nil
}

// tests tells whether an arm may read rows that it does not return.
func (p *plan) tests() bool {
	for _, a := range p.arms {
		if !a.short && a.rest.sql != "" {
			return true
		}
	}
	return false
}

// bound is the place of the row number n behind from, nil when there are fewer.
func (p *plan) bound(ctx context.Context, q db.Queryer, d db.Dialect, from *Place, n int) (*Place, error) {
	text, args := p.merged(d, from, nil, true, n)
	var to Place
	err := q.QueryRow(ctx, text+" LIMIT 1 OFFSET ?", append(args, n-1)...).Scan(&to.Key, &to.ID)
	if db.IsNoRows(err) {
		return nil, nil
	}
	return &to, err
}

// read returns up to n different places between two.
func (p *plan) read(ctx context.Context, q db.Queryer, d db.Dialect, from, to *Place, n int) ([]Place, error) {
	text, args := p.merged(d, from, to, false, n)
	rows, err := q.Query(ctx, text+" LIMIT ?", append(args, n*p.overlap)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := make([]Place, 0, n)
	for rows.Next() && len(out) < n {
		var at Place
		if err := rows.Scan(&at.Key, &at.ID); err != nil {
			return nil, err
		}
		if len(out) == 0 || out[len(out)-1] != at { // copies of a row follow each other
			out = append(out, at)
		}
	}
	return out, rows.Err()
}

// tagged finds a tag by name, 0 = none, and tells whether few conversations have it.
func tagged(ctx context.Context, q db.Queryer, name string) (id int64, rare bool, err error) {
	err = q.QueryRow(ctx, "SELECT id FROM tag WHERE name = ?", name).Scan(&id)
	if db.IsNoRows(err) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	var n int
	err = q.QueryRow(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM conversation_tag WHERE tag_id = ? LIMIT 1001) few", id).Scan(&n)
	return id, n <= 1000, err
}

// followsAny tells whether the agent follows a conversation or was mentioned in one.
func followsAny(ctx context.Context, q db.Queryer, agent int64) (some bool, err error) {
	err = q.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM conversation_follower WHERE agent_id = ?)", agent).Scan(&some)
	return some, err
}
