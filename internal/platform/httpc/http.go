// Package httpc makes requests to addresses that somebody else named. It goes to
// public addresses alone: nobody may use the program to look around in the
// network that it stands in.
package httpc

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// ErrPrivate says that a name leads to an address that is not public.
var ErrPrivate = errors.New("the address is not a public one")

// Public is a client that follows no redirects and connects to public addresses
// alone, looked at behind the DNS.
func Public(timeout time.Duration) *http.Client {
	dialer := &net.Dialer{Timeout: timeout, Control: refusePrivate}
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

func refusePrivate(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if !IsPublic(at.Addr()) {
		return ErrPrivate
	}
	return nil
}
