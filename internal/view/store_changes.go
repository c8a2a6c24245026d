package view

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"sync"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/event"
)

// maxKept is how many changes are remembered.
const maxKept = 4 * maxFollowedChanges

// changes remember which conversations changed lately, and where they stand since
// then, so that what happens is read once and not for each view of each agent.
type changes struct {
	mu       sync.Mutex
	from, to event.Cursor // everything between is remembered; both zero at the start
	list     []change
	cells    map[int64]cell // of those in the list that are there
	room     int            // for so many, 0 = maxKept
}

type change struct {
	at           event.Cursor
	conversation int64
}

// touched is a conversation of which something happened, and where it stands now
// if that is known. What happens later is another change.
type touched struct {
	id    int64
	cell  cell
	known bool
}

// since lists the conversations of which something happened behind the cursor,
// at least limit + 1 of them where there are more than limit, and how far that is.
func (c *changes) since(ctx context.Context, q db.Queryer, d db.Dialect, after event.Cursor, limit int) (out []touched, end event.Cursor, err error) {
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
		ids, end, err := changedSince(ctx, q, d, after, limit)
		for _, id := range ids {
			out = append(out, touched{id: id})
		}
		return out, end, err
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
			at, known := c.cells[one.conversation]
			out = append(out, touched{one.conversation, at, known})
		}
	}
	return out, head, nil
}

// read goes on to head, or begins there: what is far behind is not worth it.
func (c *changes) read(ctx context.Context, q db.Queryer, d db.Dialect, head event.Cursor) error {
	if c.to == head {
		return nil
	}
	if c.to == (event.Cursor{}) || head.Less(c.to) {
		c.from, c.to, c.list, c.cells = head, head, nil, nil
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
	if err == nil && read <= room {
		err = c.place(ctx, q, c.list[from:])
	}
	if err != nil {
		c.list = c.list[:from]
		return err
	}
	if c.to = head; read > room {
		c.from, c.list, c.cells = head, nil, nil
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
		c.forget()
	}
	return nil
}

// place looks up where the conversations of new changes stand.
func (c *changes) place(ctx context.Context, q db.Queryer, list []change) error {
	ids := map[int64]bool{}
	for _, one := range list {
		ids[one.conversation] = true
	}
	if c.cells == nil {
		c.cells = map[int64]cell{}
	}
	for some := range slices.Chunk(sortedKeys(ids), maxMatches) {
		found, err := cellsOf(ctx, q, some)
		if err != nil {
			return err
		}
		for _, id := range some {
			delete(c.cells, id)
		}
		maps.Copy(c.cells, found)
	}
	return nil
}

// forget lets go of where conversations stand that are not in the list any more.
func (c *changes) forget() {
	in := map[int64]bool{}
	for _, one := range c.list {
		in[one.conversation] = true
	}
	maps.DeleteFunc(c.cells, func(id int64, _ cell) bool { return !in[id] })
}

// cellsOf reads where conversations stand.
func cellsOf(ctx context.Context, q db.Queryer, ids []int64) (map[int64]cell, error) {
	args := pad(ids)
	out := make(map[int64]cell, len(ids))
	err := db.Each(ctx, q, "SELECT id, status, inbox_id, COALESCE(team_id, 0), COALESCE(assignee_id, 0) FROM conversation WHERE id IN ("+db.Marks(len(args))+")", args,
		func(rows *sql.Rows) error {
			var id int64
			var at cell
			err := rows.Scan(&id, &at.status, &at.inbox, &at.team, &at.assignee)
			out[id] = at
			return err
		})
	return out, err
}
