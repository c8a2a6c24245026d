package email

import (
	"net"
	"sync"
)

// limited refuses more than a number of connections from one address.
type limited struct {
	net.Listener
	most int

	mu   sync.Mutex
	have map[string]int
}

func newLimited(l net.Listener, most int) *limited {
	return &limited{Listener: l, most: most, have: map[string]int{}}
}

func (l *limited) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		host := remoteIP(c)
		if !l.enter(host) {
			_, _ = c.Write([]byte("421 4.7.0 Too many connections from your address\r\n")) // it may be gone
			c.Close()
			continue
		}
		return &limitedConn{Conn: c, leave: sync.OnceFunc(func() { l.leave(host) })}, nil
	}
}

func (l *limited) enter(host string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.have[host] >= l.most {
		return false
	}
	l.have[host]++
	return true
}

func (l *limited) leave(host string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.have[host]--; l.have[host] <= 0 {
		delete(l.have, host)
	}
}

type limitedConn struct {
	net.Conn
	leave func()
}

func (c *limitedConn) Close() error {
	c.leave()
	return c.Conn.Close()
}
