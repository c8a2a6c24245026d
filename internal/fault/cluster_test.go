package fault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the test looks into the database

	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/testbed"
)

const publicURL = "http://desk.example"

// cluster is several nodes on one PostgreSQL, one NATS and one folder of files.
type cluster struct {
	t    *testing.T
	net  *network
	db   *sql.DB
	nats *testbed.NATS
	url  *url.URL // of the database, from this machine
	dir  string
	key  string
	// blobURL is where the nodes keep large mails and files.
	blobURL string

	mu    sync.Mutex
	nodes []*node // that clients know
	made  int
	next  string // version of nodes started from now on

	overNATS bool // hints go over NATS

	// strict counts answers that a client cannot mend by asking another node.
	strict bool
	bad    []string
}

// node is one program of the cluster.
type node struct {
	*program
	place
	name string
}

func newCluster(t *testing.T, part bool) *cluster { return newClusterWith(t, part, "") }

// newClusterWith keeps files at the URL, "" = in a folder.
func newClusterWith(t *testing.T, part bool, blobURL string) *cluster {
	t.Helper()
	raw := dbtest.PostgresURL(t)
	at, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	c := &cluster{t: t, url: at, nats: testbed.StartNATS(t, testbed.NATSOptions{User: "desk", Password: "bell"}), dir: t.TempDir(), next: "test", overNATS: true}
	if c.blobURL = blobURL; blobURL == "" {
		c.blobURL = filepath.Join(c.dir, "blobs")
	}
	if c.db, err = sql.Open("pgx", raw); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.db.Close() })
	if part {
		c.net = newNetwork(t, at.Host, c.nats.Addr)
	} else {
		c.net = wires(t, at.Host, c.nats.Addr)
	}
	first := emptyProgram(t, "")
	first.data = c.shared(raw)
	first.setUp()
	c.key = first.key
	return c
}

// shared are the flags that are the same for all nodes but the database's address.
func (c *cluster) shared(database string) []string {
	return []string{"--data", filepath.Join(c.dir, "data"), "--blob-url", c.blobURL, "--database-url", database}
}

// add starts one more node.
func (c *cluster) add(ctx context.Context, flags ...string) *node {
	c.t.Helper()
	c.made++
	n := &node{place: c.net.place(c.made), name: fmt.Sprintf("node %d", c.made)}
	n.program = emptyProgram(c.t, n.place.addr)
	n.program.binary, n.program.wrap, n.key = binary(c.t, c.next), n.place.wrap, c.key
	n.client.Timeout = 4 * time.Second
	at := *c.url
	at.Host = n.postgres
	n.data = c.shared(at.String())
	n.flags = append([]string{"--public-url", publicURL, "--drain", "1s"}, flags...)
	if c.overNATS {
		n.flags = append(n.flags, "--nats-url", strings.Replace(c.nats.URL, c.nats.Addr, n.nats, 1))
	}
	c.t.Cleanup(n.kill)
	if err := n.start(ctx); err != nil {
		c.t.Fatal(err)
	}
	c.mu.Lock()
	c.nodes = append(c.nodes, n)
	c.mu.Unlock()
	return n
}

// leave takes a node from the clients' list, as a load balancer does.
func (c *cluster) leave(n *node) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, other := range c.nodes {
		if other == n {
			c.nodes = append(c.nodes[:i:i], c.nodes[i+1:]...)
		}
	}
}

func (c *cluster) some() *node {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.nodes[rand.IntN(len(c.nodes))]
}

// insist repeats the same request, each time at any of the nodes, until it is
// answered with 2xx.
func (c *cluster) insist(ctx context.Context, method, path, contentType, idempotency string, body []byte, out any) error {
	for {
		status, err := c.some().call(ctx, method, path, contentType, idempotency, body, out)
		if err == nil {
			return nil
		}
		c.note(ctx, status, err)
		if status >= 400 && status < 500 && status != http.StatusTooManyRequests && status != http.StatusConflict {
			return err
		}
		if werr := pause(ctx, 10*time.Millisecond); werr != nil {
			return fmt.Errorf("%w; last: %w\n%s", werr, err, c.logged())
		}
	}
}

// note keeps what may not happen while nodes are replaced in good order: an
// answer that is an error, or none at all in time. A connection that is refused,
// or closed before the answer began, is what a balancer mends by itself.
func (c *cluster) note(ctx context.Context, status int, err error) {
	closed := errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.EOF)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.strict && ctx.Err() == nil && (status != 0 || !closed) {
		c.bad = append(c.bad, err.Error())
	}
}

func (c *cluster) logged() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all strings.Builder
	for _, n := range c.nodes {
		fmt.Fprintf(&all, "%s:\n%s\n", n.name, n.program.logged())
	}
	return all.String()
}

// holder waits until one of the nodes reads the mailbox.
func (c *cluster) holder(ctx context.Context, of ...*node) *node {
	c.t.Helper()
	for {
		for _, n := range of {
			if n.reads() {
				return n
			}
		}
		if pause(ctx, 50*time.Millisecond) != nil {
			c.t.Fatalf("no node reads the mailbox\n%s", c.logged())
		}
	}
}

// reads tells whether the node looks after the mailbox.
func (n *node) reads() bool {
	r, err := http.NewRequest(http.MethodGet, "http://"+n.program.addr+"/metrics", nil)
	if err != nil {
		return false
	}
	r.Header.Set("Authorization", "Bearer "+n.key)
	resp, err := n.client.Do(r)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return err == nil && strings.Contains(string(b), `deskbell_leases{kind="mailbox"} 1`)
}

func (n *node) signal(s os.Signal) {
	n.program.mu.Lock()
	defer n.program.mu.Unlock()
	if err := n.cmd.Process.Signal(s); err != nil {
		n.t.Error(err)
	}
}

// ready asks what a load balancer asks.
func (n *node) ready() int {
	resp, err := n.client.Get("http://" + n.program.addr + "/readyz")
	if err != nil {
		return 0
	}
	resp.Body.Close()
	return resp.StatusCode
}

// terminate asks the node to stop and says when readyz is not 200 any more.
func (n *node) terminate(ctx context.Context) (status int, ended chan error) {
	n.program.mu.Lock()
	cmd := n.cmd
	n.cmd = nil
	n.program.mu.Unlock()
	ended = make(chan error, 1)
	_ = cmd.Process.Signal(syscall.SIGTERM)
	go func() { ended <- cmd.Wait() }()
	for status = n.ready(); status == http.StatusOK && ctx.Err() == nil; status = n.ready() {
	}
	return status, ended
}

// value reads one number from the database.
func (c *cluster) value(query string, args ...any) (n int64) {
	c.t.Helper()
	if err := c.db.QueryRow(query, args...).Scan(&n); err != nil {
		c.t.Fatal(err)
	}
	return n
}

// hostPort is host and port of an address as JSON.
func hostPort(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf(`"host":%q,"port":%s`, host, port)
}
