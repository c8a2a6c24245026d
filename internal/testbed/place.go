package testbed

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// startTimeout is how long a server may take to answer on a busy machine.
const startTimeout = 60 * time.Second

// stopTimeout is how long it may take to end after it was asked to.
const stopTimeout = 10 * time.Second

// place is the throw-away folder of one server and the guard that removes it.
type place struct {
	dir   string
	guard *os.File // closing it ends the server and removes dir
	done  chan struct{}
}

// newPlace makes the folder and starts its guard. The folder is not in
// t.TempDir, because other system users must be able to enter it and because
// the path of a socket in it must stay under 108 bytes.
func newPlace(kind string) (*place, error) {
	dir, err := os.MkdirTemp("/tmp", "deskbell-"+kind+"-")
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return nil, err
	}
	p := &place{dir: dir, done: make(chan struct{})}
	if err := p.startGuard(); err != nil {
		_ = os.RemoveAll(dir)
		return nil, err
	}
	return p, nil
}

// guardScript waits until its standard input ends, which happens when the test
// process closes the pipe or dies in whatever way. Then it stops the servers
// whose pid files are in the folder, waits until they are gone, and removes it.
const guardScript = `
read -r _
for round in 1 2 3 4 5 6 7 8 9 10; do
	alive=
	for file in "$1"/guard/*.pid; do
		[ -s "$file" ] || continue
		read -r signal pid <"$file"
		kill -0 "$pid" 2>/dev/null || continue
		alive=yes
		[ "$round" -lt 8 ] || signal=KILL
		kill -s "$signal" "$pid" 2>/dev/null
	done
	[ -n "$alive" ] || break
	sleep 0.2
done
rm -rf "$1"
`

func (p *place) startGuard() error {
	if err := os.Mkdir(p.path("guard"), 0o700); err != nil {
		return err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return err
	}
	guard := exec.Command("/bin/sh", "-c", guardScript, "guard", p.dir)
	guard.Stdin = read
	// Of its own session, so that Ctrl-C at the terminal does not end it.
	guard.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := guard.Start(); err != nil {
		return err
	}
	_ = read.Close()
	p.guard = write
	go func() {
		_ = guard.Wait()
		close(p.done)
	}()
	return nil
}

// remove ends what still runs in the place and deletes it.
func (p *place) remove() {
	_ = p.guard.Close()
	<-p.done
}

func (p *place) path(parts ...string) string {
	return filepath.Join(append([]string{p.dir}, parts...)...)
}

// server is a process in the foreground that the guard knows about.
type server struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
}

// run starts a server. It gets a session of its own, so that Ctrl-C at the
// terminal ends the tests first.
func (p *place) run(name, stopSignal string, cmd *exec.Cmd) (*server, error) {
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setsid = true
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &server{cmd: cmd, done: make(chan struct{})}
	go func() {
		_ = cmd.Wait()
		close(s.done)
	}()
	text := stopSignal + " " + strconv.Itoa(cmd.Process.Pid) + "\n"
	return s, os.WriteFile(p.path("guard", name+".pid"), []byte(text), 0o600)
}

// stop asks the server to end and, when it does not, ends it with its children.
func (s *server) stop(signal syscall.Signal) {
	if s == nil {
		return
	}
	_ = s.cmd.Process.Signal(signal)
	select {
	case <-s.done:
	case <-time.After(stopTimeout):
		_ = syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL)
		<-s.done
	}
}

// answers waits until the server takes connections, or has ended.
func (s *server) answers(addr string) error {
	return s.until(func() error {
		c, err := net.DialTimeout("tcp", addr, time.Second)
		if err != nil {
			return err
		}
		return c.Close()
	})
}

// until is waitFor, as long as the server lives.
func (s *server) until(ask func() error) error {
	ended := false
	err := waitFor(func() error {
		select {
		case <-s.done:
			ended = true
			return nil
		default:
			return ask()
		}
	})
	if ended {
		return errors.New("the server ended")
	}
	return err
}

// write puts a configuration file into the place.
func (p *place) write(name, text string) error {
	return os.WriteFile(p.path(name), []byte(text), 0o644)
}

// writeSecret is write for what only we, or a server as root, may read.
func (p *place) writeSecret(name, text string) error {
	return os.WriteFile(p.path(name), []byte(text), 0o600)
}

// mkdir makes a folder that belongs to a system user, or to us without root.
func (p *place) mkdir(name, owner string) error {
	if err := os.MkdirAll(p.path(name), 0o755); err != nil {
		return err
	}
	if owner == "" || os.Getuid() != 0 {
		return nil
	}
	uid, gid, err := ids(owner)
	if err != nil {
		return err
	}
	return os.Chown(p.path(name), uid, gid)
}

func ids(name string) (uid, gid int, err error) {
	u, err := user.Lookup(name)
	if err != nil {
		return 0, 0, err
	}
	uid, err = strconv.Atoi(u.Uid)
	if err != nil {
		return 0, 0, err
	}
	gid, err = strconv.Atoi(u.Gid)
	return uid, gid, err
}

// logTail is what a server said last, for the message of a failed start.
func (p *place) logTail(name string) string {
	text, err := os.ReadFile(p.path(name))
	if err != nil {
		return "(no log: " + err.Error() + ")"
	}
	if len(text) > 4000 {
		text = text[len(text)-4000:]
	}
	return string(text)
}

// FreePort finds a port of 127.0.0.1 on which nobody listens. It is below the
// range from which the system takes the ports of outgoing connections: there a
// client that knocks at a stopped server can be connected to itself.
func FreePort() (int, error) {
	for range 200 {
		port := 20000 + rand.IntN(12000)
		l, err := net.Listen("tcp", loopback(port))
		if err == nil {
			return port, l.Close()
		}
	}
	return 0, fmt.Errorf("no free port between 20000 and 32000")
}

func freePorts(into ...*int) error {
	for _, port := range into {
		free, err := FreePort()
		if err != nil {
			return err
		}
		*port = free
	}
	return nil
}

func loopback(port int) string {
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
}

// waitFor asks again and again until ask answers nil or the time is over.
func waitFor(ask func() error) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	over := time.After(startTimeout)
	for {
		err := ask()
		if err == nil {
			return nil
		}
		select {
		case <-over:
			return err
		case <-tick.C:
		}
	}
}

// strict says whether a missing server is a failure instead of a skip.
func strict() bool {
	return os.Getenv("CI") == "true" || os.Getenv("DESKBELL_TEST_STRICT") == "1"
}

// lacks skips the test, or fails it where everything has to be there.
func lacks(t testing.TB, what string) {
	t.Helper()
	if strict() {
		t.Fatalf("%s, and here (CI=true or DESKBELL_TEST_STRICT=1) every test has to run", what)
	}
	t.Skip(what)
}
