// Package httpc makes requests to addresses that somebody else named. [Public] goes
// to public addresses alone: nobody may use the program to look around in the
// network that it stands in. [Near] is for the address of a service that an admin
// runs beside the program.
package httpc

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// ErrPrivate says that a name leads to an address where the client does not go.
var ErrPrivate = errors.New("the address is not a public one")

// Public is a client that follows no redirects and connects to public addresses
// alone, looked at behind the DNS.
func Public(timeout time.Duration) *http.Client { return client(timeout, IsPublic) }

// Near is [Public] for a service that an admin named, as mail servers are: it
// connects to this machine and private networks, too, and still not to where a
// hosting provider tells a machine its secrets, nor to what names no machine.
func Near(timeout time.Duration) *http.Client { return client(timeout, IsNear) }

func client(timeout time.Duration, allowed func(netip.Addr) bool) *http.Client {
	dialer := &net.Dialer{Timeout: timeout, Control: refuse(allowed)}
	return &http.Client{
		Timeout:       timeout,
		Transport:     &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: timeout, MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// shared are ranges that no method of [netip.Addr] names: carrier-grade NAT (RFC
// 6598), benchmarks (RFC 2544), NAT64 (RFC 6052) and 6to4 (RFC 3056), behind which
// private addresses can stand, "this network" and what is reserved.
var shared = []netip.Prefix{
	netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2002::/16"),
}

// IsPublic tells whether an address is on the internet at large.
func IsPublic(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsValid() || !a.IsGlobalUnicast() || a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() {
		return false
	}
	for _, p := range shared {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// metadata are the addresses outside the link-local range at which providers
// answer a machine's own questions: Amazon over IPv6, Alibaba and Azure.
var metadata = []netip.Addr{netip.MustParseAddr("fd00:ec2::254"), netip.MustParseAddr("100.100.100.200"), netip.MustParseAddr("168.63.129.16")}

var carrierGrade = netip.MustParsePrefix("100.64.0.0/10") // where some private networks live, too

// IsNear tells whether an admin may have a service there: anywhere public, on
// this machine, or in a private network.
func IsNear(a netip.Addr) bool {
	a = a.Unmap()
	if slices.Contains(metadata, a) {
		return false
	}
	return IsPublic(a) || a.IsPrivate() || a.IsLoopback() || carrierGrade.Contains(a)
}

func refuse(allowed func(netip.Addr) bool) func(_, address string, _ syscall.RawConn) error {
	return func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		if !allowed(at.Addr()) {
			return ErrPrivate
		}
		return nil
	}
}
