package fault

import (
	"net"
	"sync"
	"testing"
)

// wire passes connections on to a server. When it is cut nothing comes through
// any more and nobody is told, as when a cable is pulled.
type wire struct {
	addr   string
	target string

	mu    sync.Mutex
	whole chan struct{} // closed while the wire is whole
	conns map[net.Conn]bool
	ended bool
}

func newWire(t *testing.T, listen, target string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", listen)
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{addr: l.Addr().String(), target: target, whole: make(chan struct{}), conns: map[net.Conn]bool{}}
	close(w.whole)
	t.Cleanup(func() { l.Close(); w.end() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go w.carry(c)
		}
	}()
	return w
}

func (w *wire) carry(near net.Conn) {
	defer near.Close()
	if !w.pass(near) {
		return
	}
	far, err := net.Dial("tcp", w.target)
	if err != nil {
		return
	}
	defer far.Close()
	if !w.pass(far) {
		return
	}
	var wg sync.WaitGroup
	for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
		wg.Go(func() {
			defer near.Close()
			defer far.Close()
			b := make([]byte, 32<<10)
			for {
				n, err := way[0].Read(b)
				if !w.pass(way[0]) {
					return
				}
				if _, werr := way[1].Write(b[:n]); err != nil || werr != nil {
					return
				}
			}
		})
	}
	wg.Wait()
}

// pass waits while the wire is cut; false at the end of the test.
func (w *wire) pass(c net.Conn) bool {
	w.mu.Lock()
	w.conns[c] = true
	whole := w.whole
	w.mu.Unlock()
	<-whole
	w.mu.Lock()
	defer w.mu.Unlock()
	return !w.ended
}

func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.whole = make(chan struct{})
}

func (w *wire) join() {
	w.mu.Lock()
	defer w.mu.Unlock()
	close(w.whole)
}

func (w *wire) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
	select {
	case <-w.whole:
	default:
		close(w.whole)
	}
	for c := range w.conns {
		c.Close()
	}
}
