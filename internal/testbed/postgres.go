package testbed

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"sync"
	"syscall"
	"testing"
)

// PostgresEnv names a PostgreSQL for tests that already runs, as a URL whose
// user may create databases. `make test` sets it.
const PostgresEnv = "DESKBELL_TEST_POSTGRES"

// ErrNotInstalled says that a server's program is not on this machine.
var ErrNotInstalled = errors.New("not installed")

// Cluster is a PostgreSQL of our own. It keeps nothing safe: a power cut may
// cost its data, which makes it several times faster.
type Cluster struct {
	URL    string
	place  *place
	server *server
}

var shared = sync.OnceValues(StartCluster)

// Postgres answers the URL of a PostgreSQL in which the test may create
// databases: the one of DESKBELL_TEST_POSTGRES, or one that is started for this
// test process and ends with it.
func Postgres(t testing.TB) string {
	t.Helper()
	if set := os.Getenv(PostgresEnv); set != "" {
		return set
	}
	c, err := shared()
	if errors.Is(err, ErrNotInstalled) {
		lacks(t, "PostgreSQL is not installed (Debian: apt-get install postgresql)")
	}
	if err != nil {
		t.Fatalf("start PostgreSQL: %v", err)
	}
	return c.URL
}

// StartCluster starts a PostgreSQL. The caller stops it; it also ends with the
// process. As root it runs as the system user postgres, for PostgreSQL refuses
// to be root.
func StartCluster() (*Cluster, error) {
	bin, err := postgresBin()
	if err != nil {
		return nil, err
	}
	p, err := newPlace("pg")
	if err != nil {
		return nil, err
	}
	c := &Cluster{place: p}
	if err := c.start(bin); err != nil {
		err = fmt.Errorf("%w\n%s", err, p.logTail("log"))
		p.remove()
		return nil, err
	}
	return c, nil
}

// Stop ends the server and removes its data.
func (c *Cluster) Stop() {
	c.server.stop(syscall.SIGQUIT)
	c.place.remove()
}

func (c *Cluster) start(bin string) error {
	attr, err := asPostgres()
	if err != nil {
		return err
	}
	if err := c.place.mkdir("data", "postgres"); err != nil {
		return err
	}
	if err := c.initialise(bin, attr); err != nil {
		return err
	}
	port, err := FreePort()
	if err != nil {
		return err
	}
	if err := c.serve(bin, port, attr); err != nil {
		return err
	}
	address := url.URL{
		Scheme: "postgres", User: url.User("deskbell"), Host: loopback(port),
		Path: "/postgres", RawQuery: "sslmode=disable",
	}
	c.URL = address.String()
	return c.ready(bin, port)
}

func (c *Cluster) initialise(bin string, attr *syscall.SysProcAttr) error {
	init := exec.Command(filepath.Join(bin, "initdb"), "--pgdata", c.place.path("data"),
		"--username", "deskbell", "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync")
	init.Dir, init.SysProcAttr = c.place.dir, attr
	if out, err := init.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

func (c *Cluster) serve(bin string, port int, attr *syscall.SysProcAttr) error {
	log, err := os.Create(c.place.path("log"))
	if err != nil {
		return err
	}
	defer log.Close()
	settings := []string{
		"listen_addresses=127.0.0.1", "port=" + strconv.Itoa(port), "unix_socket_directories=",
		"fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300",
		"shared_buffers=64MB", "max_wal_size=1GB", "lc_messages=C",
	}
	args := []string{"-D", c.place.path("data")}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	cmd := exec.Command(filepath.Join(bin, "postgres"), args...)
	cmd.Dir, cmd.SysProcAttr = c.place.dir, attr
	cmd.Stdout, cmd.Stderr = log, log
	c.server, err = c.place.run("postgres", "QUIT", cmd)
	return err
}

// ready waits until the server takes queries; it listens a little earlier.
func (c *Cluster) ready(bin string, port int) error {
	return c.server.until(func() error {
		return exec.Command(filepath.Join(bin, "pg_isready"), "-q", "-h", "127.0.0.1",
			"-p", strconv.Itoa(port), "-d", "postgres").Run()
	})
}

// asPostgres are the attributes of a process that may be a PostgreSQL.
func asPostgres() (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{}
	if os.Getuid() != 0 {
		return attr, nil
	}
	uid, gid, err := ids("postgres")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotInstalled, err)
	}
	attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attr, nil
}

// postgresBin is the folder of the newest PostgreSQL: Debian keeps its programs
// out of PATH, one folder for each version.
func postgresBin() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	sort.Slice(found, func(i, j int) bool { return version(found[i]) > version(found[j]) })
	if len(found) > 0 {
		return filepath.Dir(found[0]), nil
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	return "", fmt.Errorf("PostgreSQL: %w", ErrNotInstalled)
}

func version(initdb string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(initdb))))
	return n
}
