package fault

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// network is what lies between the nodes of a test and what they share. Mail
// servers and clients are always reached; database and NATS can be cut off.
type network struct {
	t     *testing.T
	kind  string
	place func(n int) place              // of node n
	mail  func(addr string) (out string) // the address of a mail server of this machine for all nodes
}

// place is where one node runs.
type place struct {
	wrap        []string // command that runs a program there
	addr        string   // for its HTTP server
	postgres    string
	nats        string
	cut, joinUp func()
}

// newNetwork gives each node a network namespace of its own, with one cable to
// database and NATS and another to everything else. Where that is not possible
// it puts wires between them that can be cut.
func newNetwork(t *testing.T, postgres, nats string) *network {
	t.Helper()
	n, err := namespaces(t, postgres, nats)
	if err != nil {
		t.Logf("the nodes are parted by wires: network namespaces are not possible here (%v)", err)
		return wires(t, postgres, nats)
	}
	t.Log("the nodes are parted by network namespaces")
	return n
}

func wires(t *testing.T, postgres, nats string) *network {
	n := &network{t: t, kind: "wires", mail: func(addr string) string { return addr }}
	n.place = func(int) place {
		one, two := newWire(t, "127.0.0.1:0", postgres), newWire(t, "127.0.0.1:0", nats)
		return place{addr: freeAddr(t), postgres: one.addr, nats: two.addr,
			cut:    func() { one.cut(); two.cut() },
			joinUp: func() { one.join(); two.join() }}
	}
	return n
}

const cablePrefix = "dbl"

// cables are two bridges of this machine: one for database and NATS, which a
// node can be taken from, and one for the rest.
type cables struct {
	t     *testing.T
	name  string // begins the names of everything made
	third int    // of the addresses 198.18.third.x and 198.19.third.x
	nodes int
}

func namespaces(t *testing.T, postgres, nats string) (*network, error) {
	if os.Getuid() != 0 {
		return nil, errors.New("that takes root")
	}
	sweepCables()
	c := &cables{t: t, name: fmt.Sprintf("%s%d", cablePrefix, os.Getpid()), third: rand.IntN(256)}
	if err := c.open(); err != nil {
		c.close()
		return nil, err
	}
	t.Cleanup(c.close)
	data, rest := fmt.Sprintf("198.18.%d.1", c.third), fmt.Sprintf("198.19.%d.1", c.third)
	pg, hints := newWire(t, data+":0", postgres), newWire(t, data+":0", nats)
	n := &network{t: t, kind: "namespaces", mail: func(addr string) string { return newWire(t, rest+":0", addr).addr }}
	n.place = func(int) place {
		p, err := c.node()
		if err != nil {
			t.Fatal(err)
		}
		p.postgres, p.nats = pg.addr, hints.addr
		return p
	}
	return n, nil
}

// open makes the bridges, with this machine at both.
func (c *cables) open() error {
	for _, b := range []struct{ bridge, addr string }{
		{c.name + "d", fmt.Sprintf("198.18.%d.1/24", c.third)}, {c.name + "r", fmt.Sprintf("198.19.%d.1/24", c.third)},
	} {
		if err := errors.Join(ip("link", "add", b.bridge, "type", "bridge"), ip("addr", "add", b.addr, "dev", b.bridge), ip("link", "set", b.bridge, "up")); err != nil {
			return err
		}
	}
	p, err := c.node() // shows that the rest is possible too
	if err != nil {
		return err
	}
	return exec.Command(p.wrap[0], append(p.wrap[1:], "true")...).Run()
}

// node makes a namespace with a cable to each bridge.
func (c *cables) node() (p place, err error) {
	c.nodes++
	space := fmt.Sprintf("%sn%d", c.name, c.nodes)
	err = errors.Join(ip("netns", "add", space), ip("-n", space, "link", "set", "lo", "up"))
	for bridge, network := range map[string]int{"d": 18, "r": 19} {
		far := fmt.Sprintf("%s%s%d", c.name, bridge, c.nodes)
		err = errors.Join(err,
			ip("link", "add", far, "type", "veth", "peer", "name", "to-"+bridge, "netns", space),
			ip("link", "set", far, "master", c.name+bridge), ip("link", "set", far, "up"),
			ip("-n", space, "addr", "add", fmt.Sprintf("198.%d.%d.%d/24", network, c.third, 10+c.nodes), "dev", "to-"+bridge),
			ip("-n", space, "link", "set", "to-"+bridge, "up"))
	}
	cable := fmt.Sprintf("%sd%d", c.name, c.nodes)
	must := func(state string) func() {
		return func() {
			if err := ip("link", "set", cable, state); err != nil {
				c.t.Error(err)
			}
		}
	}
	return place{wrap: []string{"ip", "netns", "exec", space}, addr: fmt.Sprintf("198.19.%d.%d:8080", c.third, 10+c.nodes),
		cut: must("down"), joinUp: must("up")}, err
}

func (c *cables) close() { sweep(c.name) }

func ip(args ...string) error {
	out, err := exec.Command("ip", args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("ip %s: %w %s", strings.Join(args, " "), err, out)
	}
	return nil
}

// sweepCables removes what killed test processes have left.
func sweepCables() {
	for _, name := range append(names("/run/netns"), names("/sys/class/net")...) {
		rest, ours := strings.CutPrefix(name, cablePrefix)
		digits := strings.TrimRight(rest, "0123456789")
		digits = strings.TrimRight(digits, "dnr")
		pid, err := strconv.Atoi(digits)
		if !ours || err != nil {
			continue
		}
		if syscall.Kill(pid, 0) == syscall.ESRCH {
			sweep(cablePrefix + digits)
		}
	}
}

func names(dir string) (out []string) {
	found, _ := filepath.Glob(filepath.Join(dir, cablePrefix+"*"))
	for _, f := range found {
		out = append(out, filepath.Base(f))
	}
	return out
}

// sweep removes namespaces and bridges whose names begin so; cables go with them.
func sweep(name string) {
	for _, space := range names("/run/netns") {
		if strings.HasPrefix(space, name+"n") {
			_ = ip("netns", "del", space)
		}
	}
	for _, bridge := range []string{name + "d", name + "r"} {
		if _, err := net.InterfaceByName(bridge); err == nil {
			_ = ip("link", "del", bridge)
		}
	}
}
