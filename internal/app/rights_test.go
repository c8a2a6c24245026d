package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/app"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/event"
	"github.com/deskbell/deskbell/internal/platform/realtime"
	"github.com/deskbell/deskbell/internal/team"
	"github.com/deskbell/deskbell/internal/testbed"
)

// TestRightsThatEndAtOneNodeEndAtTheOther changes agents at one node and looks at
// their live connections at another. The hub asks by itself each minute only,
// which the test does not wait for: what is seen is the hint, or the feed.
func TestRightsThatEndAtOneNodeEndAtTheOther(t *testing.T) {
	t.Parallel()
	for name, natsURL := range map[string]func(t *testing.T) string{
		"through PostgreSQL": func(*testing.T) string { return "" },
		"through NATS":       func(t *testing.T) string { return testbed.StartNATS(t, testbed.NATSOptions{}).URL },
		"while NATS is away": func(t *testing.T) string {
			server := testbed.StartNATS(t, testbed.NATSOptions{})
			server.Stop()
			return server.URL
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPair(t, natsURL(t))
			for _, step := range []func(){p.sessionRevoked, p.deactivated, p.anotherRole, p.roleChanged, p.inboxTaken, p.membersChanged, p.nodesAlone} {
				step()
			}
		})
	}
}

// pair are two nodes of one installation.
type pair struct {
	t        *testing.T
	ctx      context.Context
	one, two *app.App
	inbox    *inbox.Inbox
	admin    *access.Actor
	agents   int
}

func newPair(t *testing.T, natsURL string) *pair {
	t.Helper()
	ctx, cancel := context.WithTimeout(access.With(context.Background(), access.System), 50*time.Second)
	t.Cleanup(cancel)
	p := &pair{t: t, ctx: ctx}
	cfg := app.Config{Data: t.TempDir(), Addr: "127.0.0.1:0", DatabaseURL: dbtest.PostgresURL(t), NATSURL: natsURL}
	for _, a := range []**app.App{&p.one, &p.two} {
		made, err := app.New(ctx, cfg, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		running(t, made)
		*a = made
	}
	var err error
	if p.inbox, err = p.one.Inboxes.Create(ctx, 0, inbox.Inbox{Name: "Shop", Channel: "email", Address: "shop@shop.example", DefaultAccess: access.None}, inbox.Passwords{}); err != nil {
		t.Fatal(err)
	}
	return p
}

// console is an agent's live connection at the second node.
type console struct {
	agent, session int64
	ws             *websocket.Conn
}

func (p *pair) console(role string) *console {
	p.t.Helper()
	p.agents++
	n := access.NewAgent{Name: "Agent", Email: fmt.Sprintf("agent%d@shop.example", p.agents), Password: "correct horse battery", Role: role,
		Inboxes: []team.InboxAccess{{InboxID: int64(p.inbox.ID), Access: string(access.Any)}}}
	id, err := p.one.Access.CreateAgent(p.ctx, n)
	p.must(err)
	cookie, _, err := p.one.Access.SignIn(p.ctx, n.Email, n.Password, access.Client{Address: n.Email})
	p.must(err)
	sessions, err := p.one.Access.Sessions(p.ctx, id)
	p.must(err)
	c := &console{agent: id, session: sessions[0].ID}
	for { // the hub opens a moment after the start
		var resp *http.Response
		c.ws, resp, err = websocket.Dial(p.ctx, strings.Replace(p.two.URL(), "http", "ws", 1)+"/api/v1/realtime",
			&websocket.DialOptions{HTTPHeader: http.Header{"Cookie": {"deskbell=" + cookie}, "Origin": {p.two.URL()}}})
		if err == nil || p.ctx.Err() != nil || resp != nil && resp.StatusCode != http.StatusServiceUnavailable {
			break
		}
	}
	p.must(err)
	p.t.Cleanup(func() { c.ws.CloseNow() }) //nolint:errcheck // closed already
	p.until(c, "hello")
	return c
}

func (p *pair) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// until reads up to a frame of the kind, which may not be preceded by anything
// that the agent must not see any more.
func (p *pair) until(c *console, kind string) {
	p.t.Helper()
	for {
		_, text, err := c.ws.Read(p.ctx)
		if err != nil {
			p.t.Fatalf("waiting for %s: %v", kind, err)
		}
		var f struct{ Type string }
		p.must(json.Unmarshal(text, &f))
		switch f.Type {
		case kind:
			return
		case string(access.Changed):
			p.t.Error("what is for the nodes alone was sent to a console")
		}
	}
}

// ended expects that the connection is closed as signed out.
func (p *pair) ended(what string, c *console) {
	p.t.Helper()
	began := time.Now()
	for {
		_, _, err := c.ws.Read(p.ctx)
		if err == nil {
			continue
		}
		if code := websocket.CloseStatus(err); code != realtime.StatusSignedOut {
			p.t.Errorf("%s: %v", what, err)
		}
		p.t.Logf("%s: closed after %d ms", what, time.Since(began).Milliseconds())
		return
	}
}

func (p *pair) sessionRevoked() {
	c := p.console("agent")
	p.must(p.one.Access.SignOut(p.ctx, c.agent, c.session))
	p.ended("a session that was revoked", c)
}

func (p *pair) update(c *console, change team.Change) {
	p.t.Helper()
	_, err := p.one.Access.UpdateAgent(p.ctx, access.System, c.agent, change)
	p.must(err)
}

func (p *pair) deactivated() {
	c := p.console("agent")
	inactive := false
	p.update(c, team.Change{Active: &inactive})
	p.ended("an agent who was deactivated", c)
}

func (p *pair) role(key string) team.Role {
	p.t.Helper()
	role, err := p.one.Team.RoleByKeyTx(p.ctx, p.one.DB, key)
	p.must(err)
	return role
}

func (p *pair) anotherRole() {
	c := p.console("agent")
	light := p.role("light_agent").ID
	p.update(c, team.Change{Role: &light})
	p.ended("an agent with another role", c)
}

func (p *pair) roleChanged() {
	c := p.console("lead")
	lead := p.role("lead")
	permissions := []access.Permission{access.TagsManage}
	_, err := p.one.Access.UpdateRole(p.ctx, access.System, lead.ID, nil, &permissions)
	p.must(err)
	p.ended("a role that may not read any more", c)
}

// inboxTaken stays connected: only what is seen changes.
func (p *pair) inboxTaken() {
	c := p.console("agent")
	p.update(c, team.Change{Inboxes: &[]team.InboxAccess{}})
	p.until(c, "reset")
}

func (p *pair) membersChanged() {
	c := p.console("agent")
	_, err := p.one.Inboxes.Update(p.ctx, 0, p.inbox.ID, 0, inbox.Passwords{}, func(i *inbox.Inbox) error {
		i.Members = nil
		return nil
	})
	p.must(err)
	p.until(c, "reset")
}

// nodesAlone looks for what was told to the nodes in the feed that others read.
func (p *pair) nodesAlone() {
	list, _, err := p.two.Views.Events(p.ctx, event.Cursor{}, 100)
	p.must(err)
	for _, e := range list {
		if e.Type == access.Changed {
			p.t.Fatalf("%+v", e)
		}
	}
	if len(list) == 0 {
		p.t.Error("the feed is empty")
	}
}
