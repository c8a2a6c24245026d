package testbed

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
)

// NATSOptions say how a NATS differs from the usual one.
type NATSOptions struct {
	User, Password string // none means that everybody may come
}

// NATS is a running NATS server.
type NATS struct {
	Addr string
	URL  string // with user and password

	t       testing.TB
	place   *place
	options NATSOptions
	server  *server
}

// StartNATS starts a NATS that ends with the test.
func StartNATS(t testing.TB, options NATSOptions) *NATS {
	t.Helper()
	if _, err := natsProgram(); err != nil {
		lacks(t, "NATS is not installed (Debian: apt-get install nats-server)")
	}
	p, err := newPlace("nats")
	if err != nil {
		t.Fatalf("start NATS: %v", err)
	}
	t.Cleanup(p.remove)
	port, err := FreePort()
	if err != nil {
		t.Fatal(err)
	}
	n := &NATS{Addr: loopback(port), t: t, place: p, options: options}
	address := url.URL{Scheme: "nats", Host: n.Addr}
	if options.User != "" {
		address.User = url.UserPassword(options.User, options.Password)
	}
	n.URL = address.String()
	if err := p.writeSecret("nats.conf", n.config(port)); err != nil {
		t.Fatal(err)
	}
	n.Start()
	t.Cleanup(n.Stop)
	return n
}

func (n *NATS) config(port int) string {
	text := fmt.Sprintf("listen: 127.0.0.1:%d\nlog_file: %s\n", port, strconv.Quote(n.place.path("log")))
	if n.options.User != "" {
		text += fmt.Sprintf("authorization { user: %s, password: %s }\n", strconv.Quote(n.options.User), strconv.Quote(n.options.Password))
	}
	return text
}

// Start starts the server again after Stop or Kill, on the same port.
func (n *NATS) Start() {
	n.t.Helper()
	program, err := natsProgram()
	if err == nil {
		n.server, err = n.place.run("nats", "TERM", exec.Command(program, "-c", n.place.path("nats.conf")))
	}
	if err == nil {
		err = n.server.answers(n.Addr)
	}
	if err != nil {
		n.t.Fatalf("start NATS: %v\n%s", err, n.place.logTail("log"))
	}
}

// Stop stops the server.
func (n *NATS) Stop() {
	n.server.stop(syscall.SIGTERM)
	n.server = nil
}

// Kill ends the server as a power cut would.
func (n *NATS) Kill() {
	n.server.stop(syscall.SIGKILL)
	n.server = nil
}

// natsProgram finds the server: Debian keeps it where only root looks.
func natsProgram() (string, error) {
	const usual = "/usr/sbin/nats-server"
	if _, err := os.Stat(usual); err == nil {
		return usual, nil
	}
	return exec.LookPath("nats-server")
}
