// Package authtest is a DNS in memory, for tests of what asks the DNS about mail.
package authtest

import (
	"context"
	"net"
	"strings"
	"sync"
)

// Zone answers from memory. Names are as asked for, without the last dot.
type Zone struct {
	mu    sync.Mutex
	txt   map[string][]string
	ip    map[string]string
	down  bool
	asked int
}

// TXT puts records under a name in place of those before.
func (z *Zone) TXT(name string, records ...string) {
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.txt == nil {
		z.txt = map[string][]string{}
	}
	z.txt[name] = records
}

// Host gives a name an address.
func (z *Zone) Host(name, ip string) {
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.ip == nil {
		z.ip = map[string]string{}
	}
	z.ip[name] = ip
}

// Down makes every question end in a temporary failure.
func (z *Zone) Down(down bool) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.down = down
}

// Asked is how many questions there were.
func (z *Zone) Asked() int {
	z.mu.Lock()
	defer z.mu.Unlock()
	return z.asked
}

func (z *Zone) ask(name string, there func(name string) bool) error {
	z.asked++
	switch {
	case z.down:
		return &net.DNSError{Err: "server misbehaving", Name: name, IsTemporary: true}
	case !there(name):
		return &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}
	return nil
}

// LookupTXT answers from the zone.
func (z *Zone) LookupTXT(_ context.Context, name string) ([]string, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	return z.txt[name], z.ask(name, func(n string) bool { return z.txt[n] != nil })
}

// LookupMX knows no mail exchangers.
func (z *Zone) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	return nil, z.ask(name, func(string) bool { return false })
}

// LookupIPAddr answers from the zone.
func (z *Zone) LookupIPAddr(_ context.Context, host string) ([]net.IPAddr, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if err := z.ask(host, func(n string) bool { return z.ip[n] != "" }); err != nil {
		return nil, err
	}
	return []net.IPAddr{{IP: net.ParseIP(z.ip[host])}}, nil
}

// LookupAddr knows no names of addresses.
func (z *Zone) LookupAddr(_ context.Context, addr string) ([]string, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	return nil, z.ask(addr, func(string) bool { return false })
}
