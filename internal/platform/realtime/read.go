package realtime

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/coder/websocket"
)

// read takes the client's frames until the connection ends.
func (c *conn) read(ctx context.Context) (err error) {
	defer recovered(&err)
	for {
		kind, b, err := c.ws.Read(ctx)
		if err != nil {
			return err
		}
		if kind != websocket.MessageText {
			return &end{websocket.StatusUnsupportedData, "frames must be JSON text", false}
		}
		if !c.mayTalk() {
			return &end{websocket.StatusPolicyViolation, "too many frames", false}
		}
		if err := c.handle(ctx, b); err != nil {
			return err
		}
	}
}

// mayTalk counts the frames of this second.
func (c *conn) mayTalk() bool {
	if second := c.hub.cfg.Now().Unix(); second != c.second {
		c.second, c.frames = second, 0
	}
	c.frames++
	return c.frames <= FrameRate
}

// handle does what a frame says. Types that are not known are passed over: the
// client may be newer.
func (c *conn) handle(ctx context.Context, b []byte) error {
	var f struct {
		Type string `json:"type"`
		Data struct {
			Conversation  int64   `json:"conversation_id"`
			State         State   `json:"state"`
			Conversations []int64 `json:"conversation_ids"`
		} `json:"data"`
	}
	if err := json.Unmarshal(b, &f); err != nil {
		return &end{websocket.StatusInvalidFramePayloadData, "a frame is not the JSON that is expected", false}
	}
	switch f.Type {
	case "watch":
		c.watch(f.Data.Conversations)
	case "presence":
		if _, ok := strength[f.Data.State]; !ok || f.Data.Conversation <= 0 {
			return &end{websocket.StatusInvalidFramePayloadData, "presence needs a conversation_id and a state", false}
		}
		c.stand(ctx, f.Data.Conversation, f.Data.State)
	}
	return nil
}

// watch sets the conversations whose presence the client wants beside those
// that it is at.
func (c *conn) watch(ids []int64) {
	rows := map[int64]bool{}
	for _, id := range ids[:min(len(ids), maxWatch)] {
		if id > 0 {
			rows[id] = true
		}
	}
	var add, remove []int64
	for id := range rows {
		if !c.rows[id] && !slices.Contains(c.at, id) {
			add = append(add, id)
		}
	}
	for id := range c.rows {
		if !rows[id] && !slices.Contains(c.at, id) {
			remove = append(remove, id)
		}
	}
	c.rows = rows
	c.watchMore(add, remove)
}

func (c *conn) watchMore(add, remove []int64) {
	c.mu.Lock()
	for _, id := range remove {
		delete(c.watched, id)
	}
	for _, id := range add {
		c.watched[id], c.dirty[id] = true, true
	}
	c.mu.Unlock()
	c.hub.present.watch(c, add, remove)
	c.nudge()
}

// unwatch is the end of all watching.
func (c *conn) unwatch() {
	c.mu.Lock()
	ids := make([]int64, 0, len(c.watched))
	for id := range c.watched {
		ids = append(ids, id)
	}
	c.mu.Unlock()
	c.watchMore(nil, ids)
}

// stand notes what the agent does at a conversation. Of too many the one that
// was not heard of for longest is left.
func (c *conn) stand(ctx context.Context, id int64, s State) {
	here := slices.Index(c.at, id)
	switch {
	case s == Left && here < 0:
		return
	case s == Left:
		c.leave(id)
		return
	case !c.maySee(ctx, id):
		return
	}
	if here >= 0 {
		c.at = slices.Delete(c.at, here, here+1)
	} else if len(c.at) >= maxAt {
		c.leave(c.at[0])
	}
	c.at = append(c.at, id)
	if here < 0 && !c.rows[id] {
		c.watchMore([]int64{id}, nil)
	}
	c.hub.arrived(c, id, s)
}

func (c *conn) leave(id int64) {
	c.at = slices.DeleteFunc(c.at, func(other int64) bool { return other == id })
	if !c.rows[id] {
		c.watchMore(nil, []int64{id})
	}
	c.hub.arrived(c, id, Left)
}

// presenceChanged notes that the client wants to hear of a conversation.
func (c *conn) presenceChanged(id int64) {
	c.mu.Lock()
	if c.watched[id] {
		c.dirty[id] = true
	}
	c.mu.Unlock()
	c.nudge()
}

// sendPresence tells who is at the conversations where that changed.
func (c *conn) sendPresence() error {
	c.mu.Lock()
	var ids []int64
	for id := range c.dirty {
		if c.watched[id] {
			ids = append(ids, id)
		}
	}
	clear(c.dirty)
	for id := range c.shown {
		if !c.watched[id] {
			delete(c.shown, id)
		}
	}
	c.mu.Unlock()
	for _, id := range ids {
		agents := c.hub.present.list(id, c.agent)
		if len(agents) == 0 && c.shown[id] == "" || !c.maySee(c.ctx, id) {
			continue
		}
		f := string(encode(frame{Type: "presence", Data: map[string]any{"conversation_id": id, "agents": agents}}))
		if len(agents) == 0 {
			delete(c.shown, id)
		} else if c.shown[id] == f {
			continue
		} else {
			c.shown[id] = f
		}
		if err := c.write([]byte(f)); err != nil {
			return err
		}
	}
	return nil
}
