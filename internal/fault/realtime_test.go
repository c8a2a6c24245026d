package fault

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// TestAConsoleAtOneNodeSeesWhatHappensAtTheOther runs two nodes with each way of
// telling each other, and with none.
func TestAConsoleAtOneNodeSeesWhatHappensAtTheOther(t *testing.T) {
	if testing.Short() {
		t.Skip("starts two nodes three times")
	}
	for name, set := range map[string]func(*cluster){
		"through NATS":       func(*cluster) {},
		"through PostgreSQL": func(c *cluster) { c.overNATS = false },
		"while NATS is away": func(c *cluster) { c.nats.Kill() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
			defer cancel()
			c := newCluster(t, false)
			set(c)
			away := name == "while NATS is away"
			r := &live{cluster: c, ctx: ctx, a: c.add(ctx), b: c.add(ctx)}
			if hints := r.hints(); strings.HasPrefix(hints, "through") == away {
				t.Errorf("readyz says %q", hints)
			}
			anna, ben := r.join("anna@shop.example"), r.join("ben@shop.example")
			atA, atB := r.open(r.a, anna), r.open(r.b, ben)
			conversation := r.mailSeen(atB)
			if !away {
				r.presenceSeen(atA, atB, conversation)
			}
			r.revoked(atB, ben)
		})
	}
}

// live is a pair of nodes with consoles.
type live struct {
	*cluster
	ctx  context.Context
	a, b *node
}

func (r *live) hints() string {
	r.t.Helper()
	for {
		resp, err := r.a.client.Get("http://" + r.a.program.addr + "/readyz")
		if err != nil {
			r.t.Fatal(err)
		}
		var out struct{ Hints string }
		err = json.NewDecoder(resp.Body).Decode(&out)
		resp.Body.Close()
		if err != nil {
			r.t.Fatal(err)
		}
		if !strings.Contains(out.Hints, "not answered yet") {
			return out.Hints
		}
		_ = pause(r.ctx, 20*time.Millisecond)
	}
}

// join makes one more agent and returns the cookie of their session.
func (r *live) join(email string) (cookie string) {
	r.t.Helper()
	role := r.value("SELECT id FROM role WHERE role_key = 'admin'")
	var invited struct{ Link string }
	r.do(r.a, "", "POST", "/invitations", fmt.Sprintf(`{"email":%q,"role_id":%d}`, email, role), &invited)
	link, err := url.Parse(invited.Link)
	if err != nil {
		r.t.Fatal(err)
	}
	body := fmt.Sprintf(`{"token":%q,"name":%q,"password":"correct horse battery"}`, link.Query().Get("token"), email)
	resp := r.do(r.b, "-", "POST", "/invitations/accept", body, nil)
	for _, c := range resp.Cookies() {
		cookie = c.Name + "=" + c.Value
	}
	if cookie == "" {
		r.t.Fatal("there is no session")
	}
	return cookie
}

// do sends a request with the key, or with a cookie ("-" = with neither).
func (r *live) do(n *node, cookie, method, path, body string, out any) *http.Response {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.ctx, method, "http://"+n.program.addr+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	switch cookie {
	case "":
		req.Header.Set("Authorization", "Bearer "+n.key)
	case "-":
	default:
		req.Header.Set("Cookie", cookie)
	}
	resp, err := n.client.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	var text bytes.Buffer
	_, _ = text.ReadFrom(resp.Body)
	if resp.StatusCode/100 != 2 {
		r.t.Fatalf("%s %s: %d %s", method, path, resp.StatusCode, text.String())
	}
	if out != nil {
		if err := json.Unmarshal(text.Bytes(), out); err != nil {
			r.t.Fatal(err)
		}
	}
	return resp
}

// socket is an open console.
type socket struct {
	*live
	ws     *websocket.Conn
	frames chan frame // closed with the connection
	code   chan websocket.StatusCode
}

func (r *live) open(n *node, cookie string) *socket {
	r.t.Helper()
	ws, _, err := websocket.Dial(r.ctx, "ws://"+n.program.addr+"/api/v1/realtime",
		&websocket.DialOptions{HTTPHeader: http.Header{"Cookie": {cookie}, "Origin": {publicURL}}})
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { ws.CloseNow() }) //nolint:errcheck // closed already
	s := &socket{live: r, ws: ws, frames: make(chan frame, 1024), code: make(chan websocket.StatusCode, 1)}
	go func() {
		defer close(s.frames)
		for {
			_, text, err := ws.Read(r.ctx)
			if err != nil {
				s.code <- websocket.CloseStatus(err)
				return
			}
			var f frame
			if json.Unmarshal(text, &f) == nil {
				s.frames <- f
			}
		}
	}()
	s.until("the greeting", func(f frame) bool { return f.Type == "hello" })
	return s
}

// until waits for a frame.
func (s *socket) until(what string, is func(frame) bool) frame {
	s.t.Helper()
	for {
		select {
		case f, open := <-s.frames:
			if !open {
				s.t.Fatalf("the connection ended before %s", what)
			}
			if is(f) {
				return f
			}
		case <-s.ctx.Done():
			s.t.Fatalf("waited in vain for %s\n%s", what, s.logged())
		}
	}
}

func (s *socket) say(text string) {
	s.t.Helper()
	if err := s.ws.Write(s.ctx, websocket.MessageText, []byte(text)); err != nil {
		s.t.Fatal(err)
	}
}

// mailSeen takes in mails at node A until each was seen at node B.
func (r *live) mailSeen(at *socket) (conversation int64) {
	r.t.Helper()
	s := newShop(r.t, r.ctx, r.a)
	s.connectInbox(s.sink.addr, "")
	var slowest time.Duration
	for n := range 10 {
		began := time.Now()
		ledger := s.write(1, fmt.Sprintf("m%d@customers.example", n))
		f := at.until("the mail", func(f frame) bool { return f.Type == "message.received" })
		slowest = max(slowest, time.Since(began))
		conversation = f.Data.Conversation
		if row := s.row(ledger); row.Message != f.Data.Message || row.Conversation != conversation {
			r.t.Errorf("heard of message %d of conversation %d instead of %+v", f.Data.Message, conversation, row)
		}
	}
	r.t.Logf("the slowest of ten mails was seen at the other node after %d ms", slowest.Milliseconds())
	return conversation
}

// presenceSeen has Ben at node B look and type, and Anna at node A see it.
func (r *live) presenceSeen(anna, ben *socket, conversation int64) {
	r.t.Helper()
	anna.say(fmt.Sprintf(`{"type":"watch","data":{"conversation_ids":[%d]}}`, conversation))
	for _, state := range []string{"viewing", "typing", "viewing", "left"} {
		ben.say(fmt.Sprintf(`{"type":"presence","data":{"conversation_id":%d,"state":%q}}`, conversation, state))
		anna.until("Ben "+state, func(f frame) bool {
			if f.Type != "presence" || f.Data.Conversation != conversation {
				return false
			}
			if state == "left" {
				return len(f.Data.Agents) == 0
			}
			return len(f.Data.Agents) == 1 && f.Data.Agents[0].Name == "ben@shop.example" && f.Data.Agents[0].State == state
		})
	}
}

// revoked ends Ben's session at node A; his console at node B is closed.
func (r *live) revoked(ben *socket, cookie string) {
	r.t.Helper()
	began := time.Now()
	r.do(r.a, cookie, "DELETE", "/session", "", nil)
	select {
	case code := <-ben.code:
		if code != 4401 {
			r.t.Errorf("closed with code %d", code)
		}
		r.t.Logf("the console was closed %d ms after its session was ended at the other node", time.Since(began).Milliseconds())
	case <-r.ctx.Done():
		r.t.Fatal("the console stays open though its session was ended")
	}
}
