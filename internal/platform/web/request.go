package web

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// request is what the middleware knows of a request.
type request struct {
	id   string
	ip   netip.Addr
	host string // as the browser shows it
	// languages is the Accept-Language header.
	languages string
}

type requestKey struct{}

func requestOf(ctx context.Context) request {
	r, _ := ctx.Value(requestKey{}).(request)
	return r
}

// RequestID is the id under which a request is logged, "" outside of one.
func RequestID(ctx context.Context) string { return requestOf(ctx).id }

// ClientIP is the address of the client, behind the trusted proxies.
func ClientIP(ctx context.Context) netip.Addr { return requestOf(ctx).ip }

// ClientNetwork is the address, or with IPv6 the /64 that one customer of a
// provider has: what a limit should count.
func ClientNetwork(ctx context.Context) string { return addressGroup(ClientIP(ctx)) }

// Host is the name and port under which the client opened the page. Links are
// never built from it.
func Host(ctx context.Context) string { return requestOf(ctx).host }

// HostMatches tells whether the page was opened under the public URL.
func HostMatches(ctx context.Context, publicURL string) bool {
	u, err := url.Parse(publicURL)
	return err == nil && strings.EqualFold(plainHost(u.Scheme, u.Host), plainHost(u.Scheme, Host(ctx)))
}

// plainHost leaves out the port that the scheme has anyway.
func plainHost(scheme, host string) string {
	return strings.TrimSuffix(host, map[string]string{"http": ":80", "https": ":443"}[scheme])
}

func (a *API) withRequest(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		info := request{id: requestID(r.Header.Get("X-Request-Id")), host: r.Host, languages: r.Header.Get("Accept-Language")}
		peer, _ := netip.ParseAddrPort(r.RemoteAddr)
		info.ip = peer.Addr().Unmap()
		if a.trusted(info.ip) {
			info.ip = a.behindProxies(info.ip, r.Header.Values("X-Forwarded-For"))
			if h := r.Header.Get("X-Forwarded-Host"); h != "" {
				info.host = strings.TrimSpace(strings.Split(h, ",")[0])
			}
		}
		w.Header().Set("X-Request-Id", info.id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestKey{}, info)))
	})
}

func (a *API) trusted(ip netip.Addr) bool {
	for _, p := range a.cfg.TrustedProxies {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

// behindProxies walks X-Forwarded-For from the nearest hop to the first that is
// not one of ours; what stands further left anybody could have written.
func (a *API) behindProxies(ip netip.Addr, headers []string) netip.Addr {
	hops := strings.Split(strings.Join(headers, ","), ",")
	for i := len(hops) - 1; i >= 0 && a.trusted(ip); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		ip = next.Unmap()
	}
	return ip
}

// requestID keeps a well-formed id of the client, so that logs can be joined.
func requestID(given string) string {
	if len(given) < 1 || len(given) > 64 {
		return rand.Text()
	}
	for _, c := range []byte(given) {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.') {
			return rand.Text()
		}
	}
	return given
}
