package fault

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// console follows the feed at any of the nodes, and goes on at another where it
// was when a connection ends.
type console struct {
	t     *testing.T
	c     *cluster
	mu    sync.Mutex
	seen  map[int64]int // messages that were received, by how often it was told
	reset bool
	done  chan struct{}
	stop  context.CancelFunc
}

// frame is one word of the server.
type frame struct {
	ID   string
	Type string
	Data struct {
		Cursor       string
		Message      int64 `json:"message_id"`
		Conversation int64 `json:"conversation_id"`
		Agents       []struct {
			ID    int64
			Name  string
			State string
		}
	}
}

func (s *two) watch(ctx context.Context) *console {
	ctx, cancel := context.WithCancel(ctx)
	w := &console{t: s.t, c: s.c, seen: map[int64]int{}, done: make(chan struct{}), stop: cancel}
	begun := make(chan struct{})
	go w.run(ctx, begun)
	<-begun
	return w
}

func (w *console) run(ctx context.Context, begun chan struct{}) {
	defer close(w.done)
	first := sync.OnceFunc(func() { close(begun) })
	defer first()
	after := ""
	for ctx.Err() == nil {
		after = w.follow(ctx, after, first)
		_ = pause(ctx, 50*time.Millisecond)
	}
}

// follow reads until the connection ends and returns where it stands.
func (w *console) follow(ctx context.Context, after string, first func()) string {
	try, cancel := context.WithTimeout(ctx, 4*time.Second)
	ws, _, err := websocket.Dial(try, "ws://"+w.c.some().program.addr+"/api/v1/realtime?after="+after,
		&websocket.DialOptions{HTTPHeader: http.Header{"Authorization": {"Bearer " + w.c.key}}})
	cancel()
	if err != nil {
		return after
	}
	defer ws.CloseNow() //nolint:errcheck // closed already
	ws.SetReadLimit(1 << 20)
	for {
		// A node that was cut off says nothing; the console asks elsewhere.
		patience, cancel := context.WithTimeout(ctx, 40*time.Second)
		_, text, err := ws.Read(patience)
		cancel()
		var f frame
		if err != nil || json.Unmarshal(text, &f) != nil {
			return after
		}
		if f.Data.Cursor != "" {
			after = f.Data.Cursor
		}
		if f.ID != "" {
			after = f.ID
		}
		w.heard(f)
		first()
	}
}

func (w *console) heard(f frame) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch f.Type {
	case "reset":
		w.reset = true
	case "message.received":
		w.seen[f.Data.Message]++
	}
}

// check waits until the console has heard of every message, each once.
func (w *console) check() {
	w.t.Helper()
	all := w.c.value("SELECT COUNT(*) FROM message WHERE kind = 'inbound'")
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for w.count() < all {
		if pause(ctx, 20*time.Millisecond) != nil {
			w.t.Errorf("the console heard of %d messages out of %d", w.count(), all)
			break
		}
	}
	w.stop()
	<-w.done
	if w.reset {
		w.t.Error("the console was told to start anew")
	}
	for id, n := range w.seen {
		if n > 1 {
			w.t.Errorf("the console heard of message %d %d times", id, n)
		}
	}
}

func (w *console) count() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return int64(len(w.seen))
}
