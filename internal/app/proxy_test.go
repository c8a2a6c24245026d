package app_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/app"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/testbed"
)

// manual is the n-th block of code in docs/operations.md behind the words.
func manual(t *testing.T, behind, kind string, n int) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), behind)
	for ; found && n >= 0; n-- {
		_, rest, found = strings.Cut(rest, "```"+kind+"\n")
	}
	block, _, ended := strings.Cut(rest, "```")
	if !found || !ended {
		t.Fatalf("the manual has no such block behind %q", behind)
	}
	return block
}

// TestTheProxiesOfTheManualWork runs nginx and Caddy as the manual has them, in
// front of one node and of two.
func TestTheProxiesOfTheManualWork(t *testing.T) {
	t.Parallel()
	for name, start := range map[string]func(t *testing.T, nodes ...string) *testbed.Proxy{
		"nginx, one node": func(t *testing.T, nodes ...string) *testbed.Proxy {
			return testbed.StartNginx(t, manual(t, "### nginx", "nginx", 0), nodes[0])
		},
		"nginx, two nodes": func(t *testing.T, nodes ...string) *testbed.Proxy {
			site, two := manual(t, "### nginx", "nginx", 0), manual(t, "### The load balancer", "nginx", 0)
			_, after, _ := strings.Cut(site, "server 127.0.0.1:8080;\n    keepalive 32;\n}\n")
			before, _, _ := strings.Cut(site, "upstream deskbell")
			more := "location / {\n proxy_next_upstream error timeout http_503;\n proxy_connect_timeout 2s;\n"
			return testbed.StartNginx(t, before+two+strings.Replace(after, "location / {\n", more, 1), nodes...)
		},
		"Caddy, one node": func(t *testing.T, nodes ...string) *testbed.Proxy {
			return testbed.StartCaddy(t, manual(t, "### Caddy", "", 0), nodes[0])
		},
		"Caddy, two nodes": func(t *testing.T, nodes ...string) *testbed.Proxy {
			return testbed.StartCaddy(t, manual(t, "### The load balancer", "", 0), nodes...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBehind(t, start)
			b.page()
			b.signedIn()
			b.live()
			b.largeMail()
			b.hidden("/metrics")
			if strings.Contains(name, "two") {
				b.oneNodeLess()
			}
		})
	}
}

// behind is a pair of nodes behind a proxy, and a browser in front of it.
type behind struct {
	t       *testing.T
	ctx     context.Context
	one     *app.App
	stop    func() // of the first node
	client  *http.Client
	cookie  string
	key     string
	inboxID int64
}

const behindURL = "https://" + testbed.ProxyHost

func newBehind(t *testing.T, start func(*testing.T, ...string) *testbed.Proxy) *behind {
	t.Helper()
	ctx, cancel := context.WithTimeout(access.With(context.Background(), access.System), time.Minute)
	t.Cleanup(cancel)
	b := &behind{t: t, ctx: ctx}
	cfg := app.Config{Data: t.TempDir(), Addr: "127.0.0.1:0", PublicURL: behindURL, TrustedProxies: []string{"127.0.0.1/32"}, DatabaseURL: dbtest.PostgresURL(t)}
	var addrs []string
	for range 2 {
		cfg.Addr = freeAddr(t)
		a, err := app.New(ctx, cfg, slog.New(slog.DiscardHandler))
		b.must(err)
		stop := running(t, a)
		if b.one == nil {
			b.one, b.stop = a, stop
		}
		addrs = append(addrs, cfg.Addr)
	}
	agent, err := b.one.Access.CreateAgent(ctx, access.NewAgent{Name: "Anna", Email: "anna@shop.example", Password: "correct horse battery", Role: "admin"})
	b.must(err)
	_, b.key, err = b.one.Access.CreateAPIKey(ctx, access.System, access.APIKey{Agent: agent, Name: "k"}, nil)
	b.must(err)
	made, err := b.one.Inboxes.Create(ctx, 0, inbox.Inbox{Name: "Shop", Channel: "email", Address: "shop@shop.example", DefaultAccess: access.Any}, inbox.Passwords{})
	b.must(err)
	b.inboxID = int64(made.ID)
	proxy := start(t, addrs...)
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 7)}} // whom the nodes have to tell from the proxy
		return d.DialContext(ctx, network, proxy.Addr)
	}
	b.client = &http.Client{Transport: &http.Transport{DialContext: dial, TLSClientConfig: &tls.Config{RootCAs: proxy.Roots}}}
	return b
}

func (b *behind) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// do sends a request; with a cookie when there is one, else with the key.
func (b *behind) do(method, path string, body []byte, headers ...string) (*http.Response, string) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.ctx, method, behindURL+path, bytes.NewReader(body))
	b.must(err)
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := b.client.Do(r)
	b.must(err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	b.must(err)
	return resp, string(text)
}

func (b *behind) page() {
	b.t.Helper()
	resp, text := b.do("GET", "/sign-in", nil)
	if resp.StatusCode != http.StatusOK || !strings.Contains(text, "<html") || resp.Header.Get("Content-Security-Policy") == "" {
		b.t.Errorf("the page: %d %.200s", resp.StatusCode, text)
	}
}

// signedIn signs in; the address that counts is the browser's, whatever it claims.
func (b *behind) signedIn() {
	b.t.Helper()
	forged := []string{"X-Forwarded-For", "203.0.113.9", "X-Forwarded-Host", "evil.example", "Origin", behindURL}
	resp, text := b.do("POST", "/api/v1/session", []byte(`{"email":"anna@shop.example","password":"correct horse battery"}`), forged...)
	if resp.StatusCode != http.StatusOK {
		b.t.Fatalf("sign-in: %d %s", resp.StatusCode, text)
	}
	cookie := resp.Header.Get("Set-Cookie")
	if !strings.HasPrefix(cookie, "__Host-deskbell=") || !strings.Contains(cookie, "Secure") {
		b.t.Errorf("cookie %q", cookie)
	}
	b.cookie, _, _ = strings.Cut(cookie, ";")
	resp, text = b.do("POST", "/api/v1/tags", []byte(`{"name":"rush"}`), append(forged, "Cookie", b.cookie)...)
	if resp.StatusCode != http.StatusCreated {
		b.t.Errorf("a write: %d %s", resp.StatusCode, text)
	}
	rows, err := audit.List(b.ctx, b.one.DB, audit.Filter{}, 1)
	if err != nil || len(rows) != 1 || rows[0].Address != "127.0.0.7" {
		b.t.Errorf("the audit log has %+v, %v", rows, err)
	}
	resp, text = b.do("GET", "/api/v1/session/state", nil)
	if resp.StatusCode != http.StatusOK || !strings.Contains(text, `"public_url_matches":true`) {
		b.t.Errorf("state: %s", text)
	}
}

// live opens the realtime connection through the proxy.
func (b *behind) live() {
	b.t.Helper()
	u, err := url.Parse(behindURL)
	b.must(err)
	ws, _, err := websocket.Dial(b.ctx, "wss://"+u.Host+"/api/v1/realtime",
		&websocket.DialOptions{HTTPClient: b.client, HTTPHeader: http.Header{"Cookie": {b.cookie}, "Origin": {behindURL}}})
	b.must(err)
	defer ws.CloseNow() //nolint:errcheck // closed already
	for _, want := range []string{"hello", "message.received"} {
		for kind := ""; kind != want; {
			_, frame, err := ws.Read(b.ctx)
			b.must(err)
			var f struct{ Type string }
			b.must(json.Unmarshal(frame, &f))
			kind = f.Type
		}
		if want == "hello" {
			b.mail("Subject: x\r\nFrom: eva@x.example\r\nMessage-ID: <live@x.example>\r\n\r\nHello\r\n")
		}
	}
}

func (b *behind) mail(raw string) {
	b.t.Helper()
	resp, text := b.do("POST", fmt.Sprintf("/api/v1/inboxes/%d/mail", b.inboxID), []byte(raw), "Content-Type", "message/rfc822", "Authorization", "Bearer "+b.key)
	if resp.StatusCode != http.StatusAccepted {
		b.t.Errorf("a mail of %d bytes: %d %s", len(raw), resp.StatusCode, text)
	}
}

func (b *behind) largeMail() { b.t.Helper(); b.mail(large(1, 40<<20)) }

func (b *behind) hidden(path string) {
	b.t.Helper()
	if resp, _ := b.do("GET", path, nil); resp.StatusCode != http.StatusForbidden {
		b.t.Errorf("%s: %d", path, resp.StatusCode)
	}
}

// oneNodeLess stops a node; who comes then notices nothing.
func (b *behind) oneNodeLess() {
	b.t.Helper()
	b.stop()
	for n := range 8 {
		if resp, text := b.do("GET", "/api/v1/me", nil, "Cookie", b.cookie); resp.StatusCode != http.StatusOK {
			b.t.Errorf("request %d with one node: %d %.200s", n, resp.StatusCode, text)
		}
	}
	b.mail("Subject: x\r\nFrom: eva@x.example\r\nMessage-ID: <less@x.example>\r\n\r\nHello\r\n")
}
