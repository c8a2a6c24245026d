package app

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/mail/auth"
)

// dnsTime is for all questions about one domain.
const dnsTime = 10 * time.Second

// lookAtDNS asks what the world knows about the public address and the domains
// of the inboxes.
func (a *App) lookAtDNS(ctx context.Context) []Finding {
	out := a.lookAtPublicName(ctx)
	inboxes, err := a.Inboxes.List(ctx, false)
	if err != nil {
		return append(out, unread("The list of inboxes", err)...)
	}
	var seen []string
	for _, i := range inboxes {
		domain := auth.DomainOf(i.Address)
		if domain == "" || reserved(domain) || slices.Contains(seen, domain) {
			continue
		}
		seen = append(seen, domain)
		out = append(out, a.lookAtDomain(ctx, domain, i.Address)...)
	}
	return out
}

// reserved domains are in no public DNS (RFC 2606, RFC 6761, RFC 6762, RFC 8375).
func reserved(domain string) bool {
	domain = strings.ToLower(strings.TrimSuffix(domain, "."))
	if !strings.Contains(domain, ".") {
		return true
	}
	for _, end := range []string{"example", "example.com", "example.net", "example.org", "test", "invalid", "localhost", "local", "internal", "home.arpa"} {
		if domain == end || strings.HasSuffix(domain, "."+end) {
			return true
		}
	}
	return false
}

func (a *App) lookAtPublicName(ctx context.Context) []Finding {
	u, err := url.Parse(a.PublicURL)
	if err != nil || a.PublicURL == "" || reserved(u.Hostname()) {
		return nil
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, dnsTime)
	defer cancel()
	_, err = a.resolver.LookupIPAddr(ctx, u.Hostname())
	switch {
	case missing(err):
		return []Finding{wrong("Add an A or AAAA record for it, or correct --public-url: links in mails point there.", "The name %s of --public-url is not in the DNS.", u.Hostname())}
	case err != nil:
		return []Finding{silent(u.Hostname())}
	}
	return []Finding{fine("The name %s of --public-url is in the DNS.", u.Hostname())}
}

// missing tells an answer that there is none from no answer.
func missing(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}

func silent(domain string) Finding {
	return wrong("Look at /etc/resolv.conf: replies cannot be delivered while names are not found.", "The DNS did not answer about %s.", domain)
}

func (a *App) lookAtDomain(ctx context.Context, domain, address string) []Finding {
	ctx, cancel := context.WithTimeout(ctx, dnsTime)
	defer cancel()
	mx, err := a.resolver.LookupMX(ctx, domain)
	if err != nil && !missing(err) {
		return []Finding{silent(domain)}
	}
	var out []Finding
	if len(mx) == 0 {
		out = append(out, wrong("Ask whoever keeps the domain to add the MX record that your mail provider names.", "No mail server is named for %s (MX), so customers cannot write to %s.", domain, address))
	} else {
		out = append(out, fine("Mail for %s goes to %s (MX).", domain, strings.TrimSuffix(mx[0].Host, ".")))
	}
	out = append(out, a.lookAtPolicy(ctx, domain, domain, "v=spf1", "SPF", "v=spf1 with what your mail provider tells you to include, and ~all at the end"),
		a.lookAtPolicy(ctx, domain, "_dmarc."+domain, "v=DMARC1", "DMARC", "v=DMARC1; p=none; rua=mailto:"+address))
	if a.Email.Signing == nil {
		return out
	}
	switch sentence, ok := a.Email.Signing.Look(ctx, address); {
	case sentence == "":
	case ok:
		out = append(out, fine("%s", sentence))
	default:
		out = append(out, wrong("The record is shown by the connection test of the inbox, too.", "%s", sentence))
	}
	return out
}

// lookAtPolicy looks for the one TXT record of a kind.
func (a *App) lookAtPolicy(ctx context.Context, domain, name, begins, kind, advice string) Finding {
	records, err := a.resolver.LookupTXT(ctx, name)
	if err != nil && !missing(err) {
		return silent(name)
	}
	n := 0
	for _, r := range records {
		if len(r) >= len(begins) && strings.EqualFold(r[:len(begins)], begins) {
			n++
		}
	}
	switch n {
	case 0:
		return wrong("Ask whoever keeps the domain to add a TXT record at "+name+": "+advice, "%s has no %s record, so your replies may land in spam.", domain, kind)
	case 1:
		return fine("%s has its %s record.", domain, kind)
	}
	return wrong("Put them together into one: with several, receivers believe none.", "%s has %d %s records.", domain, n, kind)
}
