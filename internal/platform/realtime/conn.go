package realtime

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/coder/websocket"

	"github.com/deskbell/deskbell/internal/platform/event"
)

// conn is one client. One goroutine writes, another reads.
type conn struct {
	hub     *Hub
	id      string // unique over all nodes
	agent   int64
	name    string
	after   string
	recheck func(ctx context.Context) (Sight, error)
	ctx     context.Context // ends when the connection is to end
	cancel  context.CancelCauseFunc
	io      context.Context // ends when a write is not waited for any longer
	abort   context.CancelFunc
	wake    chan struct{}
	ws      *websocket.Conn
	pings   sync.WaitGroup

	mu       sync.Mutex
	sight    Sight
	pos      event.Cursor // sent or passed over up to here
	live     bool         // has reached the end of the feed once
	writing  time.Time    // since when a write waits
	tells    [][]byte
	watched  map[int64]bool
	dirty    map[int64]bool // watched conversations whose presence changed
	may      map[int64]bool // what MaySee said
	pinged   time.Time
	checked  time.Time
	mustPing bool
	mustAsk  bool
	doubted  bool // somebody said that session or scope has changed

	// of the writing goroutine
	told     event.Cursor // the last cursor that the client was told
	caught   int          // events read from the database
	shown    map[int64]string
	failures int // of re-checks in a row

	// of the reading goroutine
	rows   map[int64]bool
	at     []int64 // the conversation heard of last is at the end
	second int64
	frames int
}

// end tells why a connection is closed by us.
type end struct {
	code   websocket.StatusCode
	reason string
	hard   bool // the client does not read: no farewell
}

func (e *end) Error() string { return e.reason }

var (
	errStopping = &end{websocket.StatusGoingAway, "Deskbell is being restarted", false}
	errSlow     = &end{websocket.StatusTryAgainLater, "the connection is too slow", true}
	errSilent   = &end{websocket.StatusPolicyViolation, "the client does not answer", true}
	errTrouble  = &end{websocket.StatusTryAgainLater, "the server is in trouble, try again", false}
	// StatusSignedOut closes connections whose session or scope has ended.
	errSignedOut = &end{StatusSignedOut, "signed out", false}
)

// StatusSignedOut is the close code after which reconnecting is of no use before
// signing in.
const StatusSignedOut websocket.StatusCode = 4401

func newConn(ctx context.Context, h *Hub, cfg Conn, id string) *conn {
	now := h.cfg.Now()
	c := &conn{
		hub: h, id: id, agent: cfg.AgentID, name: cfg.Name, after: cfg.After, sight: cfg.Sight, recheck: cfg.Recheck,
		wake: make(chan struct{}, 1), pinged: now, checked: now,
		watched: map[int64]bool{}, dirty: map[int64]bool{}, may: map[int64]bool{}, shown: map[int64]string{}, rows: map[int64]bool{},
	}
	c.mustAsk = cfg.Recheck != nil // the rights may have changed before the hub knew of this connection
	c.ctx, c.cancel = context.WithCancelCause(ctx)
	c.io, c.abort = context.WithCancel(ctx)
	return c
}

// serve runs the connection until it ends.
func (c *conn) serve(ws *websocket.Conn) {
	c.ws = ws
	read := make(chan struct{})
	go func() {
		defer close(read)
		c.end(c.read(c.io))
	}()
	defer func() {
		c.cancel(nil)
		ws.CloseNow() //nolint:errcheck // it may be closed already
		c.abort()
		<-read
		c.pings.Wait()
	}()
	err := c.pump()
	if cause := context.Cause(c.ctx); cause != nil {
		err = cause // a write that was interrupted says less
	}
	var why *end
	if errors.As(err, &why) && !why.hard {
		ws.Close(why.code, why.reason) //nolint:errcheck // the client may be gone
	}
	if why == errSlow {
		c.hub.cfg.Log.Info("a realtime client was too slow and was disconnected", "agent", c.agent)
	}
}

// farewell is how long a client is waited for that is about to be told why.
const farewell = 3 * time.Second

// end closes the connection for a reason; the first one counts. Cancelling a
// write would cut the line, so that is done only when there is nothing to say.
func (c *conn) end(why error) {
	c.cancel(why)
	var e *end
	if errors.As(why, &e) && !e.hard {
		time.AfterFunc(farewell, c.abort)
		return
	}
	c.abort()
}

func (c *conn) nudge() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// pump writes until the connection ends.
func (c *conn) pump() error {
	if err := c.begin(); err != nil {
		return err
	}
	for {
		for _, work := range []func() error{c.sendFeed, c.sendTells, c.sendPresence, c.duties} {
			if err := work(); err != nil {
				return err
			}
		}
		select {
		case <-c.ctx.Done():
			return context.Cause(c.ctx)
		case <-c.wake:
		}
	}
}

// write sends one frame. How long it takes is watched by tick.
func (c *conn) write(b []byte) error {
	c.mu.Lock()
	c.writing = c.hub.cfg.Now()
	c.mu.Unlock()
	err := c.ws.Write(c.io, websocket.MessageText, b)
	c.mu.Lock()
	c.writing = time.Time{}
	c.mu.Unlock()
	return err
}

// moved is told that the feed has grown and what the ring still holds.
func (c *conn) moved(start event.Cursor) {
	c.mu.Lock()
	slow := c.live && c.pos.Less(start)
	c.mu.Unlock()
	if slow {
		c.end(errSlow)
	}
	c.nudge()
}

// tell queues a private frame.
func (c *conn) tell(b []byte) {
	c.mu.Lock()
	full := len(c.tells) >= maxTells
	if !full {
		c.tells = append(c.tells, b)
	}
	c.mu.Unlock()
	if full {
		c.end(errSlow)
	}
	c.nudge()
}

func (c *conn) sendTells() error {
	c.mu.Lock()
	list := c.tells
	c.tells = nil
	c.mu.Unlock()
	for _, b := range list {
		if err := c.write(b); err != nil {
			return err
		}
	}
	return nil
}

// maySee remembers what Sight.MaySee says.
func (c *conn) maySee(ctx context.Context, conversation int64) bool {
	c.mu.Lock()
	may, known := c.may[conversation]
	ask := c.sight.MaySee
	c.mu.Unlock()
	if known {
		return may
	}
	may = ask(ctx, conversation)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.may) >= maxMaySee {
		clear(c.may)
	}
	c.may[conversation] = may
	return may
}

// recovered turns a panic into an error, so that one client cannot end the program.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("panic: %v", p)
	}
}
