package fault

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/deskbell/deskbell/internal/app" // results are not taken from the cache when the program has changed
)

// program is the real binary with its data; it can be killed and started again.
type program struct {
	t      *testing.T
	binary string
	wrap   []string // command that runs it, such as in another network
	dir    string   // working folder
	data   []string // flags that name the data
	flags  []string // flags of serve
	addr   string
	key    string
	client *http.Client

	mu  sync.Mutex
	cmd *exec.Cmd
	log bytes.Buffer
}

func newProgram(t *testing.T, databaseURL string) *program {
	t.Helper()
	p := emptyProgram(t, freeAddr(t))
	p.data = []string{"--data", filepath.Join(p.dir, "data")}
	if databaseURL != "" {
		p.data = append(p.data, "--database-url", databaseURL)
	}
	p.setUp()
	return p
}

func emptyProgram(t *testing.T, addr string) *program {
	t.Helper()
	return &program{t: t, binary: binary(t, "test"), dir: t.TempDir(), addr: addr,
		client: &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 16}}}
}

// setUp makes the first owner and a key of theirs.
func (p *program) setUp() {
	p.t.Helper()
	p.command(nil, "setup", "--email", "owner@shop.example", "--name", "Owner", "--password", "correct horse battery")
	var key bytes.Buffer
	p.command(&key, "apikey", "create", "--user", "owner@shop.example", "--name", "test")
	p.key = strings.TrimSpace(key.String())
}

// built are the binaries of this run, by version.
var built struct {
	sync.Mutex
	dir string
	of  map[string]string
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built.dir != "" {
		_ = os.RemoveAll(built.dir)
	}
	os.Exit(code)
}

// binary builds the program once for each version.
func binary(t *testing.T, version string) string {
	t.Helper()
	built.Lock()
	defer built.Unlock()
	if name := built.of[version]; name != "" {
		return name
	}
	if built.dir == "" {
		dir, err := os.MkdirTemp("", "deskbell-fault-")
		if err != nil {
			t.Fatal(err)
		}
		built.dir, built.of = dir, map[string]string{}
	}
	name := filepath.Join(built.dir, "deskbell-"+version)
	build := exec.Command("go", "build", "-buildvcs=false", "-ldflags", "-X main.version="+version, "-o", name, "github.com/deskbell/deskbell/cmd/deskbell")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	built.of[version] = name
	return name
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func (p *program) command(out io.Writer, args ...string) {
	p.t.Helper()
	var errOut bytes.Buffer
	c := p.exec(append(args, p.data...)...)
	c.Stdout, c.Stderr = out, &errOut
	if err := c.Run(); err != nil {
		p.t.Fatalf("deskbell %v: %v\n%s", args[0], err, errOut.String())
	}
}

// exec is a command of the program, in its folder and its network.
func (p *program) exec(args ...string) *exec.Cmd {
	line := append(append(append([]string{}, p.wrap...), p.binary), args...)
	c := exec.Command(line[0], line[1:]...)
	c.Dir = p.dir
	return c
}

// start runs the server and waits until it is healthy.
func (p *program) start(ctx context.Context) error {
	c := p.exec(append(append([]string{"serve", "--addr", p.addr, "--log-level", "warn"}, p.flags...), p.data...)...)
	c.Stdout, c.Stderr = io.Discard, &lockedWriter{p: p}
	if err := c.Start(); err != nil {
		return err
	}
	p.mu.Lock()
	p.cmd = c
	p.mu.Unlock()
	for {
		resp, err := p.client.Get("http://" + p.addr + "/healthz")
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return fmt.Errorf("the server did not become healthy: %w\n%s", err, p.logged())
		}
	}
}

// kill ends the server as a power cut would and waits until it is gone.
func (p *program) kill() {
	p.mu.Lock()
	c := p.cmd
	p.cmd = nil
	p.mu.Unlock()
	if c != nil {
		_ = c.Process.Kill()
		_ = c.Wait()
	}
}

type lockedWriter struct{ p *program }

func (w *lockedWriter) Write(b []byte) (int, error) {
	w.p.mu.Lock()
	defer w.p.mu.Unlock()
	if w.p.log.Len() > 64<<10 {
		w.p.log.Reset()
	}
	return w.p.log.Write(b)
}

func (p *program) logged() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// pause waits a moment between two looks at another process.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// call sends one request and decodes a 2xx answer into out.
func (p *program) call(ctx context.Context, method, path, contentType, idempotency string, body []byte, out any) (int, error) {
	r, err := http.NewRequestWithContext(ctx, method, "http://"+p.addr+"/api/v1"+path, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Authorization", "Bearer "+p.key)
	r.Header.Set("Content-Type", contentType)
	if idempotency != "" {
		r.Header.Set("Idempotency-Key", idempotency)
	}
	resp, err := p.client.Do(r)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err
	}
	if resp.StatusCode/100 == 2 && out != nil {
		return resp.StatusCode, json.Unmarshal(b, out)
	}
	if resp.StatusCode/100 != 2 {
		return resp.StatusCode, fmt.Errorf("%s %s: %d %s", method, path, resp.StatusCode, b)
	}
	return resp.StatusCode, nil
}

// insist repeats the same request until it is answered with 2xx, as a client does whose server died.
func (p *program) insist(ctx context.Context, method, path, contentType, idempotency string, body []byte, out any) error {
	for {
		status, err := p.call(ctx, method, path, contentType, idempotency, body, out)
		if err == nil {
			return nil
		}
		if status >= 400 && status < 500 && status != http.StatusTooManyRequests && status != http.StatusConflict {
			return err
		}
		if werr := pause(ctx, 5*time.Millisecond); werr != nil {
			return fmt.Errorf("%w; last: %w\n%s", werr, err, p.logged())
		}
	}
}

// sink is a customer's mail server: it outlives the program and counts what it accepted.
type sink struct {
	mu   sync.Mutex
	seen map[string]int // Message-ID -> times
	addr string
	slow time.Duration // at most, before a mail is accepted
}

func newSink(t *testing.T) *sink {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &sink{seen: map[string]int{}, addr: l.Addr().String()}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(c)
		}
	}()
	return s
}

// serve speaks as much SMTP (RFC 5321) as a client needs.
func (s *sink) serve(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(c)
	say := func(line string) bool { _, err := io.WriteString(c, line+"\r\n"); return err == nil }
	say("220 sink")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch verb := strings.ToUpper(strings.Fields(line + " x")[0]); verb {
		case "EHLO":
			say("250-sink\r\n250-8BITMIME\r\n250 SIZE 100000000")
		case "DATA":
			say("354 go on")
			id, err := readMail(in)
			if err != nil {
				return
			}
			s.mu.Lock()
			s.seen[id]++
			s.mu.Unlock()
			if s.slow > 0 {
				_ = pause(context.Background(), rand.N(s.slow)) // so that kills and cuts meet mails whose answer is on its way
			}
			say("250 2.0.0 accepted")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func readMail(in *bufio.Reader) (id string, err error) {
	header := true
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return "", err
		}
		line = strings.TrimRight(line, "\r\n")
		if line == "." {
			return id, nil
		}
		if line == "" {
			header = false
		}
		if rest, ok := strings.CutPrefix(strings.ToLower(line), "message-id:"); ok && header {
			id = strings.Trim(strings.TrimSpace(rest), "<>")
		}
	}
}

func (s *sink) times() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]int{}
	for k, v := range s.seen {
		out[k] = v
	}
	return out
}
