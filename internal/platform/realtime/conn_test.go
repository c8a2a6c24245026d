package realtime

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/coder/websocket"

	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/event"
)

func TestACookieIsOnlyTakenFromOurOwnPages(t *testing.T) {
	t.Parallel()
	n := newNode(t, dbtest.SQLite(t), &Local{}).runs()
	n.agent(1, "anna", nil)
	for origin, ok := range map[string]bool{n.srv.URL: true, strings.ToUpper(n.srv.URL): true, "": false, "null": false, "https://evil.example": false, n.srv.URL + "0": false} {
		header := http.Header{}
		if origin != "" {
			header.Set("Origin", origin)
		}
		_, resp, err := n.dial("as=anna&cookie=1", header)
		if (err == nil) != ok {
			t.Errorf("origin %q: %v", origin, err)
		}
		if err != nil && resp.StatusCode != http.StatusTeapot {
			t.Errorf("origin %q: status %d", origin, resp.StatusCode)
		}
	}
	if _, _, err := n.dial("as=anna", http.Header{"Origin": {"https://else.example"}}); err != nil {
		t.Errorf("with a key the origin does not matter: %v", err)
	}
	resp, err := http.Get(n.srv.URL + "/?as=anna")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if b, _ := io.ReadAll(resp.Body); !strings.Contains(string(b), string(errs.Invalid)) {
		t.Errorf("a request that is no WebSocket: %s", b)
	}
}

func TestAnAgentHasFiftyConnections(t *testing.T) {
	t.Parallel()
	n := newNode(t, dbtest.SQLite(t), &Local{}).runs()
	n.agent(1, "anna", nil)
	n.agent(2, "ben", nil)
	var first *client
	for range PerAgent {
		first, _ = n.connect("anna", "")
	}
	if _, _, err := n.dial("as=anna", nil); err == nil {
		t.Fatal("one more was accepted")
	}
	n.connect("ben", "")
	first.ws.CloseNow() //nolint:errcheck // on purpose
	n.until("it is gone", func() bool { return n.Count() == PerAgent })
	n.connect("anna", "")
}

func TestAClientThatMisbehavesIsClosed(t *testing.T) {
	t.Parallel()
	n := newNode(t, dbtest.SQLite(t), &Local{}).runs()
	n.agent(1, "anna", nil)
	for name, c := range map[string]struct {
		frames []string
		code   websocket.StatusCode
	}{
		"large":    {[]string{`{"type":"` + strings.Repeat("x", FrameSize) + `"}`}, websocket.StatusMessageTooBig},
		"no JSON":  {[]string{`hello`}, websocket.StatusInvalidFramePayloadData},
		"bad data": {[]string{`{"type":"watch","data":7}`}, websocket.StatusInvalidFramePayloadData},
		"no state": {[]string{`{"type":"presence","data":{"conversation_id":1}}`}, websocket.StatusInvalidFramePayloadData},
		"too many": {strings.Split(strings.Repeat(`{"type":"later"};`, FrameRate+1), ";")[:FrameRate+1], websocket.StatusPolicyViolation},
	} {
		client, _ := n.connect("anna", "")
		for _, f := range c.frames {
			client.say(f)
		}
		if code := client.closed(); code != c.code {
			t.Errorf("%s: closed with %v", name, code)
		}
	}
}

func TestSessionAndScopeAreCheckedEachMinute(t *testing.T) {
	t.Parallel()
	n := newNode(t, dbtest.SQLite(t), &Local{}).runs()
	var asked atomic.Int64
	sight := func(key string, inbox int64) Sight {
		return Sight{Key: key, Visible: func(e event.Event) bool { return e.Inbox == inbox }, MaySee: func(context.Context, int64) bool { return true }}
	}
	n.sign("anna", Conn{AgentID: 1, Name: "anna", Sight: sight("a", 1), Recheck: func(context.Context) (Sight, error) {
		switch asked.Add(1) {
		case 1, 2: // the first when it connects
			return sight("a", 1), nil
		case 3:
			return Sight{}, errors.New("the database is away")
		case 4:
			return sight("b", 2), nil
		}
		return Sight{}, errs.New(errs.Unauthorized, "Sign in to do this.")
	}})
	c, _ := n.connect("anna", "")
	n.until("the first question was asked", func() bool { return asked.Load() == 1 })
	minute := func(want int64) {
		want++
		n.passes(RecheckEvery)
		n.until("it is asked", func() bool { return asked.Load() == want })
	}
	minute(1)
	minute(2)
	n.publish(1, 1)
	// Pings answer only while the client reads.
	if g := c.next(); g.Data.N != 1 {
		t.Fatalf("the same scope: %+v", g)
	}
	minute(3)
	if g := c.next(); g.Type != "reset" {
		t.Fatalf("another scope: %+v", g)
	}
	n.publish(1, 2)
	n.publish(2, 3)
	if g := c.next(); g.Data.N != 3 {
		t.Fatalf("another scope: %+v", g)
	}
	n.Recheck(1)
	if code := c.closed(); code != StatusSignedOut {
		t.Errorf("signed out: closed with %v", code)
	}
}

func TestAWordToOneAgentReachesAllItsWindows(t *testing.T) {
	t.Parallel()
	bus := &Local{}
	d := dbtest.SQLite(t)
	one, two := newNode(t, d, bus).runs(), newNode(t, d, bus).runs()
	for _, n := range []*node{one, two} {
		n.agent(1, "anna", nil)
		n.agent(2, "ben", nil)
	}
	a, _ := one.connect("anna", "")
	b, _ := two.connect("anna", "")
	other, _ := two.connect("ben", "")
	one.Tell(1, "draft.changed", map[string]int64{"conversation_id": 7})
	one.Tell(2, "counts.changed", nil)
	for _, c := range []*client{a, b} {
		if g := c.next(); g.Type != "draft.changed" || g.Data.Conversation != 7 || g.ID != "" {
			t.Errorf("%+v", g)
		}
	}
	if g := other.next(); g.Type != "counts.changed" {
		t.Errorf("%+v", g)
	}
}

func TestOriginsAreComparedAsBrowsersWriteThem(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"https://Desk.Example/": "https://desk.example", "https://desk.example:443/x": "https://desk.example",
		"http://desk.example:80": "http://desk.example", "http://127.0.0.1:8080": "http://127.0.0.1:8080",
		"http://[::1]:80/": "http://[::1]", "http://[::1]:81": "http://[::1]:81", "null": "", "": "",
	} {
		if got := originOf(raw); got != want {
			t.Errorf("%q: %q", raw, got)
		}
	}
}
