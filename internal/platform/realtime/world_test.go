package realtime

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/event"
)

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// node is a hub behind a real HTTP server.
type node struct {
	*Hub
	t     testing.TB
	ctx   context.Context // guards against waiting for ever
	clock *clock
	feed  *event.Feed
	srv   *httptest.Server
	stop  func()

	mu     sync.Mutex
	agents map[string]Conn // by the query's "as"
}

func newNode(t testing.TB, d *db.DB, bus Bus) *node {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	t.Cleanup(cancel)
	n := &node{t: t, ctx: ctx, clock: &clock{at: time.UnixMilli(1_700_000_000_000)}, agents: map[string]Conn{}}
	n.Hub = New(Config{DB: d, Bus: bus, Now: n.clock.Now, Log: quiet})
	n.feed = &event.Feed{Now: n.clock.Now, Moved: n.Moved}
	n.srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.mu.Lock()
		cfg := n.agents[r.URL.Query().Get("as")]
		n.mu.Unlock()
		cfg.After = r.URL.Query().Get("after")
		cfg.Cookie = r.URL.Query().Has("cookie")
		if err := n.Accept(w, r, cfg); err != nil {
			http.Error(w, string(errs.KindOf(err)), http.StatusTeapot)
		}
	}))
	n.origin = originOf(n.srv.URL)
	return n
}

// runs starts the hub; it is stopped with the test, or before by stop.
func (n *node) runs() *node {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); n.Run(ctx) }() //nolint:errcheck // it has no error
	n.stop = sync.OnceFunc(func() { cancel(); <-done; n.srv.Close() })
	n.t.Cleanup(n.stop)
	n.until("the hub is open", func() bool { n.Hub.mu.RLock(); defer n.Hub.mu.RUnlock(); return n.state == open })
	return n
}

// until waits for what another goroutine is about to do.
func (n *node) until(what string, ok func() bool) {
	n.t.Helper()
	for !ok() {
		if n.ctx.Err() != nil {
			n.t.Fatalf("waited in vain until %s", what)
		}
		wait(n.ctx, time.Millisecond)
	}
}

// passes lets time go by while no write is under way: one that seems to hang for
// so long would be given up.
func (n *node) passes(d time.Duration) {
	n.t.Helper()
	n.until("nothing is being written", func() bool {
		idle := true
		n.each(func(c *conn) {
			c.mu.Lock()
			defer c.mu.Unlock()
			idle = idle && c.live && c.writing.IsZero()
		})
		return idle
	})
	n.clock.pass(d)
	n.tick()
}

// agent signs somebody in who sees what sees says; nil = everything.
func (n *node) agent(id int64, name string, sees func(inbox int64) bool) {
	if sees == nil {
		sees = func(int64) bool { return true }
	}
	n.sign(name, Conn{AgentID: id, Name: name, Sight: Sight{
		Visible: func(e event.Event) bool { return sees(e.Inbox) },
		MaySee:  func(_ context.Context, conversation int64) bool { return sees(conversation / 100) }, // conversation 300 is in inbox 3
	}})
}

func (n *node) sign(name string, cfg Conn) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.agents[name] = cfg
}

func (n *node) publish(inbox, number int64) {
	n.t.Helper()
	if err := n.write(inbox, number); err != nil {
		n.t.Fatal(err)
	}
}

func (n *node) write(inbox, number int64) error {
	return n.cfg.DB.Write(n.ctx, func(tx *db.Tx) error {
		data, _ := json.Marshal(map[string]int64{"n": number})
		return n.feed.Publish(n.ctx, tx, event.Event{Type: "message.received", ActorType: "customer", ActorID: 7, Inbox: inbox, Conversation: inbox * 100, Data: data})
	})
}

// client is a console.
type client struct {
	t   testing.TB
	ctx context.Context
	ws  *websocket.Conn
}

type got struct {
	ID   string
	Type string
	Data struct {
		N            int64
		Cursor       string
		Conversation int64 `json:"conversation_id"`
		Inbox        int64 `json:"inbox_id"`
		Agents       []Someone
		Text         string
	}
}

func (n *node) dial(query string, header http.Header) (*client, *http.Response, error) {
	ws, resp, err := websocket.Dial(n.ctx, strings.Replace(n.srv.URL, "http", "ws", 1)+"/?"+query, &websocket.DialOptions{HTTPHeader: header})
	if err != nil {
		return nil, resp, err
	}
	ws.SetReadLimit(1 << 20)
	n.t.Cleanup(func() { ws.CloseNow() }) //nolint:errcheck // closed already
	return &client{n.t, n.ctx, ws}, resp, nil
}

// connect dials and takes the greeting.
func (n *node) connect(name, after string) (*client, got) {
	n.t.Helper()
	c, _, err := n.dial("as="+name+"&after="+after, nil)
	if err != nil {
		n.t.Fatal(err)
	}
	hello := c.next()
	if hello.Type != "hello" {
		n.t.Fatalf("greeted with %+v", hello)
	}
	return c, hello
}

func (c *client) read() (g got, err error) {
	_, b, err := c.ws.Read(c.ctx)
	if err == nil {
		err = json.Unmarshal(b, &g)
	}
	return g, err
}

func (c *client) next() got {
	c.t.Helper()
	g, err := c.read()
	if err != nil {
		c.t.Fatal(err)
	}
	return g
}

func (c *client) say(text string) {
	c.t.Helper()
	if err := c.ws.Write(c.ctx, websocket.MessageText, []byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

// closed reads until the server has closed, and returns its code.
func (c *client) closed() websocket.StatusCode {
	for {
		if _, err := c.read(); err != nil {
			return websocket.CloseStatus(err)
		}
	}
}
