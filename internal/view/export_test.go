package view

import (
	"context"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/event"
)

// Explained is the query of a list's first page for a test that looks at its plan.
type Explained struct {
	Text    string
	Args    []any
	Indexes []string // of the arms, "" = a short list of its own
	Rows    int      // that the merge may read
}

// Explain plans a list.
func (s *Service) Explain(ctx context.Context, a *access.Actor, f Filter, limit int) (Explained, error) {
	if err := s.use(ctx, a, &f); err != nil {
		return Explained{}, err
	}
	if f.Sort == "" {
		f.Sort = Newest
	}
	p := planner{f: &f, actor: a}
	if _, err := s.resolve(ctx, &p); err != nil {
		return Explained{}, err
	}
	plan := p.plan()
	text, args := plan.merged(s.DB.Dialect, &Place{1 << 50, 1 << 50}, nil, false, limit)
	if !plan.desc {
		text, args = plan.merged(s.DB.Dialect, &Place{0, 0}, nil, false, limit)
	}
	e := Explained{Text: text + " LIMIT ?", Args: append(args, limit*plan.overlap), Rows: limit*plan.overlap + len(plan.arms)}
	for _, arm := range plan.arms {
		e.Indexes = append(e.Indexes, arm.index)
	}
	return e, nil
}

// ItemText reads a page's conversations.
var ItemText = itemText

// Changes remember so many changes.
func Changes(room int) func(ctx context.Context, d *db.DB, after event.Cursor, limit int) ([]int64, event.Cursor, error) {
	c := &changes{room: room}
	return func(ctx context.Context, d *db.DB, after event.Cursor, limit int) (ids []int64, end event.Cursor, err error) {
		list, end, err := c.since(ctx, d, d.Dialect, after, limit)
		for _, one := range list {
			ids = append(ids, one.id)
		}
		return ids, end, err
	}
}

// ChangedSince reads them from the feed.
func ChangedSince(ctx context.Context, d *db.DB, after event.Cursor, limit int) ([]int64, event.Cursor, error) {
	return changedSince(ctx, d, d.Dialect, after, limit)
}
