package realtime

import (
	"bytes"
	"context"
	"encoding/json"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/event"
)

func TestAClientThatComesBackMissesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newNode(t, d, &Local{})
		n.ring.keep = 32 // so that most of the catching up reads the database
		n.runs().agent(1, "anna", nil)
		c, hello := n.connect("anna", "")
		const writers, each = 4, 60
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					if err := n.write(1, int64(w*each+i)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		seen, last, reads := map[int64]int{}, hello.Data.Cursor, 0
		for len(seen) < writers*each && n.ctx.Err() == nil {
			g, err := c.read()
			if reads++; err != nil || reads%23 == 0 {
				// It goes away in the middle of the rush; what it had not read is lost with the connection.
				if err == nil && g.Type == "message.received" {
					seen[g.Data.N]++
					last = g.ID
				}
				c.ws.CloseNow() //nolint:errcheck // on purpose
				c, _ = n.connect("anna", last)
				continue
			}
			if g.Type != "message.received" {
				t.Fatalf("unexpected frame %+v", g)
			}
			before, _ := event.ParseCursor(last)
			if now, _ := event.ParseCursor(g.ID); !before.Less(now) {
				t.Fatalf("%s came after %s", g.ID, last)
			}
			seen[g.Data.N]++
			last = g.ID
		}
		wg.Wait()
		for i := range int64(writers * each) {
			if seen[i] != 1 {
				t.Errorf("event %d came %d times", i, seen[i])
			}
		}
	})
}

func TestAFrameCarriesWhatTheListNeeds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newNode(t, d, &Local{}).runs()
		n.agent(1, "anna", nil)
		c, _ := n.connect("anna", "")
		n.publish(3, 5)
		_, b, err := c.ws.Read(n.ctx)
		if err != nil {
			t.Fatal(err)
		}
		var f map[string]json.RawMessage
		if err := json.Unmarshal(b, &f); err != nil {
			t.Fatal(err)
		}
		if string(f["type"]) != `"message.received"` || string(f["data"]) != `{"conversation_id":300,"inbox_id":3,"n":5}` ||
			string(f["actor"]) != `{"type":"customer","id":7}` || len(f["id"]) < 3 {
			t.Errorf("%s", b)
		}
	})
}

func TestAStrangersEventsAreNotDelivered(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newNode(t, d, &Local{}).runs()
		n.agent(1, "anna", nil)
		n.agent(2, "outsourced", func(inbox int64) bool { return inbox == 2 })
		n.publish(1, 1) // before they connect: neither gets it
		n.until("the hub has read it", func() bool { n.Hub.mu.RLock(); defer n.Hub.mu.RUnlock(); return n.tail.ID == 1 })
		anna, _ := n.connect("anna", "")
		other, hello := n.connect("outsourced", "")
		n.publish(1, 2)
		n.publish(2, 3)
		if a, b := anna.next(), anna.next(); a.Data.N != 2 || b.Data.N != 3 {
			t.Errorf("anna got %d and %d", a.Data.N, b.Data.N)
		}
		if g := other.next(); g.Data.N != 3 {
			t.Errorf("the stranger got %d of inbox %d", g.Data.N, g.Data.Inbox)
		}
		again, _ := n.connect("outsourced", hello.Data.Cursor)
		if g := again.next(); g.Data.N != 3 {
			t.Errorf("after coming back the stranger got %d of inbox %d", g.Data.N, g.Data.Inbox)
		}
	})
}

func TestAClientThatMaySeeLittleIsStillToldTheCursor(t *testing.T) {
	t.Parallel()
	n := newNode(t, dbtest.SQLite(t), &Local{}).runs()
	n.agent(1, "outsourced", func(inbox int64) bool { return inbox == 2 })
	c, _ := n.connect("outsourced", "")
	n.publish(1, 1)
	n.until("the hub has passed it", func() bool {
		passed := false
		n.each(func(c *conn) { c.mu.Lock(); passed = c.pos.ID == 1; c.mu.Unlock() })
		return passed
	})
	n.passes(PingEvery)
	if g := c.next(); g.Type != "cursor" || g.ID != "0.1" {
		t.Errorf("%+v", g)
	}
}

func TestASlowClientIsDroppedAndTheOthersGoOn(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	n := newNode(t, d, &Local{})
	n.ring.keep = 4
	n.runs().agent(1, "anna", nil)
	_, _ = n.connect("anna", "") // reads nothing more
	quick, _ := n.connect("anna", "")
	n.until("both are there", func() bool { return n.Count() == 2 })
	text, _ := json.Marshal(map[string]string{"text": strings.Repeat("x", 512<<10)})
	sent := 0
	for n.Count() == 2 && n.ctx.Err() == nil {
		if err := d.Write(n.ctx, func(tx *db.Tx) error {
			return n.feed.Publish(n.ctx, tx, event.Event{Type: "note.added", ActorType: "agent", Inbox: 1, Data: text})
		}); err != nil {
			t.Fatal(err)
		}
		sent++
		if g := quick.next(); len(g.Data.Text) != 512<<10 {
			t.Fatalf("frame %d is not whole", sent)
		}
	}
	if n.Count() != 1 {
		t.Fatalf("%d connections after %d frames", n.Count(), sent)
	}
}

func TestAWriteThatHangsIsGivenUp(t *testing.T) {
	t.Parallel()
	n := newNode(t, dbtest.SQLite(t), &Local{}).runs()
	n.agent(1, "anna", nil)
	_, _ = n.connect("anna", "")
	n.each(func(c *conn) { c.tell(make([]byte, 64<<20)) }) // more than the system buffers
	n.until("the write hangs and is ended", func() bool {
		n.clock.pass(WriteWithin)
		n.tick()
		return n.Count() == 0
	})
}

func TestACursorThatIsNotKnownStartsAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newNode(t, d, &Local{})
		for i := range int64(5) {
			n.publish(1, i)
		}
		// As the retention does: the oldest go.
		if err := d.Write(n.ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(n.ctx, "DELETE FROM event WHERE id <= 3")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		events := readable(t, n, 2)
		n.runs().agent(1, "anna", nil)
		head := events[1].Cursor
		far := event.Cursor{XID: head.XID + 1000, ID: head.ID + 1000}
		for _, after := range []string{"0.1", "0.0", "nonsense", far.String()} {
			c, hello := n.connect("anna", after)
			if g := c.next(); g.Type != "reset" || g.Data.Cursor != hello.Data.Cursor || g.Data.Cursor != head.String() {
				t.Errorf("after %s: hello %s, then %+v", after, hello.Data.Cursor, g)
			}
		}
		c, _ := n.connect("anna", events[0].Cursor.String())
		if g := c.next(); g.ID != head.String() {
			t.Errorf("after the oldest kept: %+v", g)
		}
	})
}

func TestAClientThatWasAwayTooLongStartsAnew(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	n := newNode(t, d, &Local{})
	n.catchUp = batch
	if err := d.Write(n.ctx, func(tx *db.Tx) error {
		for i := range int64(3 * batch) {
			if err := n.feed.Publish(n.ctx, tx, event.Event{Type: "x", ActorType: "system", Inbox: 9, Conversation: i}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	n.runs().agent(1, "anna", func(inbox int64) bool { return inbox == 1 })
	c, _ := n.connect("anna", "0.1")
	if g := c.next(); g.Type != "reset" {
		t.Fatalf("%+v", g)
	}
	n.publish(1, 1)
	if g := c.next(); g.Data.N != 1 {
		t.Errorf("%+v", g)
	}
}

// readable waits until so many events are settled: transactions of other
// databases on the test server hold the feed back.
func readable(t *testing.T, n *node, want int) (events []event.Event) {
	t.Helper()
	n.until("the events are settled", func() bool {
		var err error
		events, err = event.Read(n.ctx, n.cfg.DB, n.cfg.DB.Dialect, event.Cursor{}, 100, event.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		return len(events) >= want
	})
	return events
}

// It does not run beside other tests, whose goroutines it would count.
func TestStoppingSaysGoodbyeAndLeavesNothingBehind(t *testing.T) {
	n := newNode(t, dbtest.SQLite(t), &Local{}).runs()
	n.agent(1, "anna", nil)
	var clients []*client
	for range 5 {
		c, _ := n.connect("anna", "")
		c.say(`{"type":"presence","data":{"conversation_id":100,"state":"viewing"}}`)
		clients = append(clients, c)
	}
	n.passes(PingEvery)
	codes := make(chan websocket.StatusCode, len(clients))
	for _, c := range clients {
		go func() { codes <- c.closed() }()
	}
	n.stop()
	for range clients {
		if code := <-codes; code != websocket.StatusGoingAway {
			t.Errorf("closed with %v", code)
		}
	}
	if n.Count() != 0 || len(n.present.at) != 0 || len(n.present.where) != 0 || len(n.present.watchers) != 0 || len(n.perAgent) != 0 {
		t.Error("the hub remembers connections that are gone")
	}
	n.until("all goroutines of the package have ended", func() bool {
		b := make([]byte, 1<<20)
		b = b[:runtime.Stack(b, true)]
		return bytes.Count(b, []byte("realtime.(*conn)"))+bytes.Count(b, []byte("realtime.(*Hub)")) == 0
	})
	if _, err := n.admit(context.Background(), Conn{}); err == nil {
		t.Error("a connection was accepted after the end")
	}
}

func TestTheRingGivesWhatFollowsOrSaysThatItForgot(t *testing.T) {
	t.Parallel()
	r := ring{keep: 10, start: event.Cursor{ID: 100}}
	for id := int64(101); id <= 200; id++ {
		r.add([]*entry{{Event: event.Event{Cursor: event.Cursor{ID: id}}}})
		if len(r.list) > 2*r.keep || id >= 110 && len(r.list) < r.keep {
			t.Fatalf("holds %d", len(r.list))
		}
	}
	for c := r.start.ID; c <= 200; c++ {
		part, ok := r.after(event.Cursor{ID: c}, 4)
		if want := min(4, int(200-c)); !ok || len(part) != want || want > 0 && part[0].Cursor.ID != c+1 {
			t.Fatalf("after %d: %d entries, %v", c, len(part), ok)
		}
	}
	if _, ok := r.after(event.Cursor{ID: r.start.ID - 1}, 4); ok {
		t.Error("the ring claims to know what it forgot")
	}
}

func TestWithoutHintsTheFeedIsPolled(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := newNode(t, d, &Local{}).runs()
		n.feed.Moved = nil
		n.agent(1, "anna", nil)
		c, _ := n.connect("anna", "")
		n.publish(1, 1)
		if g := c.next(); g.Data.N != 1 {
			t.Errorf("%+v", g)
		}
	})
}
