package view

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/event"
)

// ErrGone says that events behind the cursor are not kept any more.
var ErrGone = errs.New(errs.NotFound, "The events behind this cursor are not kept any more. Start again without a cursor.")

// Events returns up to limit events behind the cursor that the actor may see,
// in commit order, and the cursor to go on from: that of the last event looked
// at, or the one given when there is nothing new. Fewer than limit, even none,
// are returned after 20,000 that the actor may not see.
func (s *Service) Events(ctx context.Context, after event.Cursor, limit int) (_ []event.Event, next event.Cursor, err error) {
	defer errs.Wrap(&err, "read the event feed")
	a, err := caller(ctx)
	if err != nil {
		return nil, after, err
	}
	if err := s.kept(ctx, after); err != nil {
		return nil, after, err
	}
	end, err := event.Bound(ctx, s.DB, s.DB.Dialect, after, maxRead)
	if err != nil || end == after {
		return nil, after, err
	}
	limit = min(max(limit, 1), 100)
	list, err := event.Read(ctx, s.DB, s.DB.Dialect, after, limit, feedFilter(a, s.DB.Dialect, end))
	if err != nil {
		return nil, after, err
	}
	if len(list) == limit {
		end = list[limit-1].Cursor
	}
	return list, end, nil
}

// kept refuses a cursor whose own event has been deleted with the oldest ones,
// and one from the future: the database was restored from a backup since then.
func (s *Service) kept(ctx context.Context, after event.Cursor) error {
	if after == (event.Cursor{}) {
		return nil
	}
	oldest, err := event.Oldest(ctx, s.DB)
	if err != nil {
		return err
	}
	if oldest == (event.Cursor{}) || after.Less(oldest) {
		return ErrGone
	}
	newest, err := event.Head(ctx, s.DB, s.DB.Dialect)
	if err == nil && newest.Less(after) {
		err = ErrGone
	}
	return err
}
