package view

import (
	"context"
	"database/sql"
	"slices"
	"sync"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/event"
)

// maxKept is how many changes are remembered.
const maxKept = 4 * maxFollowedChanges

// changes remember which conversations changed lately, so that what happens is
// read once and not for each view of each agent.
type changes struct {
	mu       sync.Mutex
	from, to event.Cursor // everything between is remembered; both zero at the start
	list     []change
	room     int // for so many, 0 = maxKept
}

type change struct {
	at           event.Cursor
	conversation int64
}

// since lists the conversations of which something happened behind the cursor,
// at least limit + 1 of them where there are more than limit, and how far that is.
func (c *changes) since(ctx context.Context, q db.Queryer, d db.Dialect, after event.Cursor, limit int) (ids []int64, end event.Cursor, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	head, err := event.Head(ctx, q, d)
	if err != nil || head == after {
		return nil, head, err
	}
	if err := c.read(ctx, q, d, head); err != nil {
		return nil, head, err
	}
	if after.Less(c.from) {
		return changedSince(ctx, q, d, after, limit)
	}
	first, _ := slices.BinarySearchFunc(c.list, after, func(one change, after event.Cursor) int {
		if after.Less(one.at) {
			return 1
		}
		return -1
	})
	seen := map[int64]bool{}
	for _, one := range c.list[first:] {
		if !seen[one.conversation] {
			seen[one.conversation] = true
			ids = append(ids, one.conversation)
		}
	}
	return ids, head, nil
}

// read goes on to head, or begins there: what is far behind is not worth it.
func (c *changes) read(ctx context.Context, q db.Queryer, d db.Dialect, head event.Cursor) error {
	if c.to == head {
		return nil
	}
	if c.to == (event.Cursor{}) || head.Less(c.to) {
		c.from, c.to, c.list = head, head, nil
		return nil
	}
	room := c.room
	if room == 0 {
		room = maxKept
	}
	behind, args := c.to.Behind(d)
	upTo, more := head.UpTo(d)
	args = append(append(args, more...), room+1)
	read, from := 0, len(c.list)
	err := db.Each(ctx, q, "SELECT xid, id, conversation_id FROM event WHERE "+behind+" AND "+upTo+" LIMIT ?", args, func(rows *sql.Rows) error {
		var one change
		err := rows.Scan(&one.at.XID, &one.at.ID, &one.conversation)
		if read++; one.conversation != 0 {
			c.list = append(c.list, one)
		}
		return err
	})
	if err != nil {
		c.list = c.list[:from]
		return err
	}
	if c.to = head; read > room {
		c.from, c.list = head, nil
		return nil
	}
	slices.SortFunc(c.list[from:], func(a, b change) int {
		if a.at.Less(b.at) {
			return -1
		}
		return 1
	})
	if gone := len(c.list) - room; gone > 0 {
		c.from, c.list = c.list[gone-1].at, slices.Delete(c.list, 0, gone)
	}
	return nil
}
