package realtime

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/event"
)

// Limits of a connection and of the hub.
const (
	PerAgent     = 50               // connections of one agent
	FrameSize    = 4 << 10          // bytes of a frame from a client
	FrameRate    = 20               // frames a second from a client
	PingEvery    = 30 * time.Second // and the cursor is told when it moved
	RecheckEvery = time.Minute      // session and scope
	WriteWithin  = 10 * time.Second // or the client is too slow
	Decay        = 20 * time.Second // of presence without a heartbeat

	ringSize  = 4096        // events kept in memory
	batch     = 256         // events taken at once
	catchUp   = 10_000      // events read for a client that was away; beyond that it starts anew
	poll      = time.Second // how often the feed is read without a hint
	quick     = 5 * time.Millisecond
	readGap   = 5 * time.Millisecond // hints that come closer are one read
	maxTells  = 64                   // private hints that wait for a slow client
	maxWatch  = 200                  // conversations whose presence a client wants
	maxAt     = 20                   // conversations that a client is at
	maxMaySee = 1000                 // remembered answers
)

// Config is what a hub needs.
type Config struct {
	DB        *db.DB
	Bus       Bus
	Now       func() time.Time
	Log       *slog.Logger
	PublicURL string // connections with a cookie must come from a page of it
	// Rights tells whether an event says that an agent's session or scope has
	// changed (0 = anybody's). It is asked once for each event before anybody gets
	// it, so what is remembered of the agent is to be forgotten in it. nil = no
	// event does.
	Rights func(e event.Event) (agent int64, changed bool)
}

// Hub holds the connections of this node.
type Hub struct {
	cfg    Config
	origin string
	node   string
	bell   chan struct{}
	// catchUp is how many events are read for a client that was away.
	catchUp int

	mu       sync.RWMutex
	state    state
	ring     ring
	tail     event.Cursor
	conns    map[*conn]struct{}
	perAgent map[int64]int
	number   int64
	wg       sync.WaitGroup

	present present
}

type state int

const (
	starting state = iota
	open
	closed
)

// New makes a hub; connections are accepted while [Hub.Run] runs.
func New(cfg Config) *Hub {
	return &Hub{
		cfg: cfg, origin: originOf(cfg.PublicURL), node: rand.Text(), bell: make(chan struct{}, 1),
		ring: ring{keep: ringSize}, catchUp: catchUp,
		conns: map[*conn]struct{}{}, perAgent: map[int64]int{},
		present: newPresent(),
	}
}

// Moved says on all nodes that the feed has grown: the hook of event.Feed.
func (h *Hub) Moved() { h.cfg.Bus.Publish(SubjectFeed, nil) }

// Tell sends a private frame to all connections of one agent, on whichever node.
// It is a hint: who is not connected does not get it. Data of more than
// [MaxHint] stays on this node.
func (h *Hub) Tell(agent int64, kind string, data any) {
	text, err := json.Marshal(tell{agent, kind, data})
	if err != nil {
		h.cfg.Log.Error("a hint cannot be written as JSON", "type", kind, "error", err)
		return
	}
	h.cfg.Bus.Publish(SubjectTell, text)
}

// Recheck asks for session and scope of all connections of one agent at once:
// after a sign-out, a change of role or of inboxes. Agent 0 stands for all.
func (h *Hub) Recheck(agent int64) {
	text, err := json.Marshal(tell{Agent: agent, Type: recheck})
	if err == nil {
		h.cfg.Bus.Publish(SubjectTell, text)
	}
}

// recheck is the type of a hint that is not for the client.
const recheck = "recheck"

type tell struct {
	Agent int64  `json:"agent"`
	Type  string `json:"type"`
	Data  any    `json:"data,omitempty"`
}

func (h *Hub) heardTell(text []byte) {
	var t struct {
		tell
		Data json.RawMessage `json:"data"`
	}
	if json.Unmarshal(text, &t) != nil {
		return
	}
	if t.Type == recheck {
		h.recheckHere(t.Agent)
		return
	}
	f := frame{Type: t.Type}
	if len(t.Data) > 0 {
		f.Data = t.Data
	}
	encoded := encode(f)
	h.each(func(c *conn) {
		if c.agent == t.Agent {
			c.tell(encoded)
		}
	})
}

func (h *Hub) recheckHere(agent int64) {
	h.each(func(c *conn) {
		if agent == 0 || c.agent == agent {
			c.check()
		}
	})
}

// note looks for changed rights in what was read from the feed. It comes before
// the events reach a connection, which then asks before it passes them on:
// nobody sees what came after their rights ended.
func (h *Hub) note(events []event.Event) {
	if h.cfg.Rights == nil {
		return
	}
	for _, e := range events {
		if agent, changed := h.cfg.Rights(e); changed {
			h.recheckHere(agent)
		}
	}
}

// each calls fn, which must not block, for every connection.
func (h *Hub) each(fn func(*conn)) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for c := range h.conns {
		fn(c)
	}
}

// Count is the number of connections of this node.
func (h *Hub) Count() int {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return len(h.conns)
}

// Run follows the feed until ctx ends, then closes all connections and waits
// for them.
func (h *Hub) Run(ctx context.Context) error {
	for subject, f := range map[string]func([]byte){
		SubjectFeed:     func([]byte) { h.wake() },
		SubjectTell:     h.heardTell,
		SubjectPresence: h.heardPresence,
	} {
		defer h.cfg.Bus.Subscribe(subject, f)()
	}
	var wg sync.WaitGroup
	if h.begin(ctx) {
		wg.Go(func() { h.follow(ctx) })
		wg.Go(func() { h.everySecond(ctx) })
	}
	<-ctx.Done()
	wg.Wait()
	h.mu.Lock()
	h.state = closed
	h.mu.Unlock()
	h.each(func(c *conn) { c.end(errStopping) })
	h.wg.Wait()
	return nil
}

// begin finds the end of the feed.
func (h *Hub) begin(ctx context.Context) bool {
	for {
		head, err := event.Head(ctx, h.cfg.DB, h.cfg.DB.Dialect)
		if err == nil {
			h.mu.Lock()
			h.tail, h.ring.start, h.state = head, head, open
			h.mu.Unlock()
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		h.cfg.Log.Warn("the event feed cannot be read", "error", err)
		wait(ctx, poll)
	}
}

// wake wakes the reader of the feed.
func (h *Hub) wake() {
	select {
	case h.bell <- struct{}{}:
	default:
	}
}

// follow reads the feed after a hint and each second. On PostgreSQL an event is
// only readable when no older transaction is open, so that after a hint it looks
// again a few times.
func (h *Hub) follow(ctx context.Context) {
	pause, failing := poll, false
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.bell:
			pause = quick
		case <-timer.C:
		}
		n, err := h.followOnce(ctx)
		if (err != nil) != failing && ctx.Err() == nil {
			failing = err != nil
			h.cfg.Log.Warn("reading the event feed", "works", !failing, "error", err)
		}
		switch {
		case err != nil || h.cfg.DB.Dialect == db.SQLite:
			pause = poll
		case n > 0:
			pause = quick
		default:
			pause = min(2*pause, poll)
		}
		wait(ctx, readGap)
		timer.Reset(pause)
	}
}

// followOnce reads what is new and wakes the connections.
func (h *Hub) followOnce(ctx context.Context) (n int, err error) {
	for {
		events, err := event.Read(ctx, h.cfg.DB, h.cfg.DB.Dialect, h.tail, batch, event.Filter{})
		if err != nil {
			return n, err
		}
		if len(events) > 0 {
			h.spread(events)
		}
		n += len(events)
		if len(events) < batch {
			return n, nil
		}
	}
}

func (h *Hub) spread(events []event.Event) {
	h.note(events)
	list := make([]*entry, len(events))
	for i, e := range events {
		list[i] = newEntry(e)
	}
	h.mu.Lock()
	h.ring.add(list)
	h.tail = events[len(events)-1].Cursor
	start := h.ring.start
	h.mu.Unlock()
	h.each(func(c *conn) { c.moved(start) })
}

func (h *Hub) everySecond(ctx context.Context) {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			h.tick()
		}
	}
}

// tick does what time asks for: presence decays, connections are pinged and
// checked, slow writers are ended.
func (h *Hub) tick() {
	now := h.cfg.Now()
	h.changed(h.present.decay(now))
	h.each(func(c *conn) { c.tick(now) })
}
