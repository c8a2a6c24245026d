package realtime

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/coder/websocket"

	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/event"
)

// Sight is what a connection may see.
type Sight struct {
	// Key names the scope: when a re-check finds another one, the client is told
	// to start anew, because more may be visible now.
	Key string
	// Visible filters the feed.
	Visible func(e event.Event) bool
	// MaySee filters presence; the answer is remembered until the next re-check
	// or event of the conversation.
	MaySee func(ctx context.Context, conversation int64) bool
}

// Conn describes a connection that is signed in.
type Conn struct {
	AgentID int64
	Name    string
	Cookie  bool   // signed in by cookie, so the page's origin must be ours
	After   string // the cursor that the client saw last, "" = from now on
	Sight   Sight
	// Recheck is asked each minute. Unauthorized, forbidden and not found end
	// the connection; other failures do so the third time.
	Recheck func(ctx context.Context) (Sight, error)
}

// Accept upgrades the request and serves the connection until it ends. An error
// means that nothing has been answered yet: the caller does.
func (h *Hub) Accept(w http.ResponseWriter, r *http.Request, cfg Conn) error {
	if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		return errs.New(errs.Invalid, "This address speaks WebSocket only.")
	}
	if origin := r.Header.Get("Origin"); cfg.Cookie && (origin == "" || originOf(origin) != h.origin) {
		return errs.Newf(errs.Forbidden, "This page was not opened under %s, so it gets no live updates.", h.origin)
	}
	c, err := h.admit(context.WithoutCancel(r.Context()), cfg)
	if err != nil {
		return err
	}
	defer h.dismiss(c)
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true}) // the origin was checked above
	if err != nil {
		return nil //nolint:nilerr // answered by the library
	}
	ws.SetReadLimit(FrameSize)
	c.serve(ws)
	return nil
}

// admit counts the connection in.
func (h *Hub) admit(ctx context.Context, cfg Conn) (*conn, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.state != open:
		return nil, errs.New(errs.Unavailable, "Live updates are not ready. Try again in a moment.")
	case h.perAgent[cfg.AgentID] >= PerAgent:
		e := errs.Newf(errs.TooMany, "There are already %d windows open for this agent. Close some.", PerAgent)
		e.RetryAfter = 30
		return nil, e
	}
	h.number++
	c := newConn(ctx, h, cfg, h.node+"/"+strconv.FormatInt(h.number, 36))
	h.conns[c] = struct{}{}
	h.perAgent[cfg.AgentID]++
	h.wg.Add(1)
	return c, nil
}

func (h *Hub) dismiss(c *conn) {
	h.mu.Lock()
	delete(h.conns, c)
	if h.perAgent[c.agent]--; h.perAgent[c.agent] == 0 {
		delete(h.perAgent, c.agent)
	}
	h.mu.Unlock()
	c.unwatch()
	h.departed(c)
	h.wg.Done()
}

// originOf is scheme, host and port of a URL as a browser writes them in Origin.
func originOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return ""
	}
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	if name, port, err := net.SplitHostPort(host); err == nil && (scheme == "http" && port == "80" || scheme == "https" && port == "443") {
		host = name
		if strings.Contains(name, ":") {
			host = "[" + name + "]"
		}
	}
	return scheme + "://" + host
}
