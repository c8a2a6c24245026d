package realtime

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/event"
)

// begin greets the client with the place from which it goes on.
func (c *conn) begin() error {
	pos, known, err := c.hub.place(c.ctx, c.after)
	if err != nil {
		c.hub.cfg.Log.WarnContext(c.ctx, "a realtime client could not be placed in the feed", "error", err)
		return errTrouble
	}
	if err := c.startAt(pos, "hello"); err != nil || known {
		return err
	}
	return c.startAt(pos, "reset")
}

func (c *conn) startAt(pos event.Cursor, kind string) error {
	c.mu.Lock()
	c.pos = pos
	c.mu.Unlock()
	c.told = pos
	return c.write(encode(frame{Type: kind, Data: map[string]string{"cursor": pos.String()}}))
}

// place finds where a client goes on; known is false when it has to start anew,
// from pos.
func (h *Hub) place(ctx context.Context, after string) (pos event.Cursor, known bool, err error) {
	h.mu.RLock()
	tail, start := h.tail, h.ring.start
	h.mu.RUnlock()
	if after == "" {
		return tail, true, nil
	}
	pos, err = event.ParseCursor(after)
	if err != nil {
		return tail, false, nil //nolint:nilerr // a cursor of somebody else's is like none
	}
	if tail.Less(pos) { // another node may have been faster
		head, err := event.Head(ctx, h.cfg.DB, h.cfg.DB.Dialect)
		if err != nil || head.Less(pos) {
			return tail, false, err
		}
		return pos, true, nil
	}
	if !pos.Less(start) {
		return pos, true, nil
	}
	oldest, err := event.Oldest(ctx, h.cfg.DB)
	if err != nil {
		return tail, false, err
	}
	first := pos == event.Cursor{} && oldest.ID == 1
	if !first && (oldest == event.Cursor{} || pos.Less(oldest)) {
		return tail, false, nil
	}
	return pos, true, nil
}

// sendFeed brings the client to the end of the feed.
func (c *conn) sendFeed() error {
	for {
		part, ok := c.hub.after(c.pos)
		if !ok {
			var err error
			if part, err = c.older(); err != nil {
				return err
			}
		}
		if err := c.askIfDue(); err != nil {
			return err
		}
		if ok && len(part) == 0 {
			c.mu.Lock()
			c.live = true
			c.mu.Unlock()
			return nil
		}
		for _, e := range part {
			if err := c.deliver(e); err != nil {
				return err
			}
		}
	}
}

func (h *Hub) after(pos event.Cursor) ([]*entry, bool) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.ring.after(pos, batch)
}

// older reads what the ring has forgotten, for a client that was away. One that
// was here and fell behind is too slow.
func (c *conn) older() ([]*entry, error) {
	if c.live {
		return nil, errSlow
	}
	events, err := event.Read(c.ctx, c.hub.cfg.DB, c.hub.cfg.DB.Dialect, c.pos, batch, event.Filter{})
	if err != nil {
		c.hub.cfg.Log.WarnContext(c.ctx, "the event feed could not be read for a client", "error", err)
		return nil, errTrouble
	}
	c.caught += len(events)
	if c.caught > c.hub.catchUp || len(events) == 0 {
		c.caught = 0
		pos, _, err := c.hub.place(c.ctx, "")
		if err != nil {
			return nil, err
		}
		return nil, c.startAt(pos, "reset")
	}
	c.hub.note(events) // the hub may not have come so far
	list := make([]*entry, len(events))
	for i, e := range events {
		list[i] = newEntry(e)
	}
	return list, nil
}

// deliver sends the event if it may be seen, and passes it.
func (c *conn) deliver(e *entry) error {
	c.mu.Lock()
	visible := c.sight.Visible
	delete(c.may, e.Conversation)
	c.mu.Unlock()
	if visible(e.Event) {
		if err := c.write(e.frame); err != nil {
			return err
		}
		c.told = e.Cursor
	}
	c.mu.Lock()
	c.pos = e.Cursor
	c.mu.Unlock()
	return nil
}
