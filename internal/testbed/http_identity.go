package testbed

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// Identity is a running identity provider (oidc-provider). Whoever comes is let
// in under the name in login_hint and allows what is asked for; only
// nobody@desk.test does not. Its client is "desk" with the secret "desk-secret".
type Identity struct {
	URL      string
	Redirect string // where it sends people back to

	t      testing.TB
	port   int
	place  *place
	server *server
}

// StartIdentity starts an identity provider that ends with the test.
func StartIdentity(t testing.TB) *Identity {
	t.Helper()
	node := Node(t)
	p, err := newPlace("identity")
	if err != nil {
		t.Fatalf("start the identity provider: %v", err)
	}
	t.Cleanup(p.remove)
	i := &Identity{t: t, place: p, Redirect: "http://127.0.0.1:9/settings/inboxes/connected"}
	if i.port, err = FreePort(); err != nil {
		t.Fatal(err)
	}
	i.URL = "http://" + loopback(i.port)
	i.start(node)
	t.Cleanup(func() { i.server.stop(syscall.SIGTERM) })
	return i
}

func (i *Identity) start(node string) {
	i.t.Helper()
	log, err := os.Create(i.place.path("log"))
	if err != nil {
		i.t.Fatal(err)
	}
	defer log.Close()
	cmd := exec.Command(node, Oracle("identity.mjs"))
	cmd.Env = append(os.Environ(), fmt.Sprintf("PORT=%d", i.port), "REDIRECT="+i.Redirect)
	cmd.Stdout, cmd.Stderr = log, log
	if i.server, err = i.place.run("identity", "TERM", cmd); err == nil {
		err = i.server.answers(loopback(i.port))
	}
	if err != nil {
		i.t.Fatalf("start the identity provider: %v\n%s", err, i.place.logTail("log"))
	}
}

// Visit goes the way of somebody's browser from the address to where the
// provider sends them back, and gives what it sent along.
func (i *Identity) Visit(address string) url.Values {
	i.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		i.t.Fatal(err)
	}
	var back url.Values
	browser := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), i.Redirect) {
			back = r.URL.Query()
			return http.ErrUseLastResponse
		}
		if len(via) > 20 {
			return fmt.Errorf("in circles at %s", r.URL)
		}
		return nil
	}}
	resp, err := browser.Get(address)
	if err != nil {
		i.t.Fatalf("visit the identity provider: %v\n%s", err, i.place.logTail("log"))
	}
	resp.Body.Close()
	if back == nil {
		i.t.Fatalf("the identity provider answered %s at %s\n%s", resp.Status, resp.Request.URL, i.place.logTail("log"))
	}
	return back
}

// Revoke forgets what the account allowed.
func (i *Identity) Revoke(account string) {
	i.t.Helper()
	resp, err := http.Get(i.URL + "/test/revoke?account=" + url.QueryEscape(account))
	if err != nil {
		i.t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		i.t.Fatalf("revoke: %s", resp.Status)
	}
}
