package domaincheck

import (
	"net"
	"slices"
	"strings"

	"blitiri.com.ar/go/spf"
)

// providers send from servers whose names are not that of their door; each
// says by what their customers allow them.
var providers = []struct{ host, include string }{
	{"gmail.com", "_spf.google.com"}, {"googlemail.com", "_spf.google.com"}, {"google.com", "_spf.google.com"},
	{"office365.com", "spf.protection.outlook.com"}, {"outlook.com", "spf.protection.outlook.com"},
	{"fastmail.com", "spf.messagingengine.com"}, {"messagingengine.com", "spf.messagingengine.com"},
	{"zoho.eu", "zohomail.eu"}, {"zoho.com", "zohomail.com"}, {"yandex.com", "_spf.yandex.net"}, {"yandex.ru", "_spf.yandex.net"}, {"mail.ru", "_spf.mail.ru"},
	{"amazonaws.com", "amazonses.com"}, {"sendgrid.net", "sendgrid.net"}, {"mailgun.org", "mailgun.org"}, {"postmarkapp.com", "spf.mtasv.net"},
	{"brevo.com", "spf.brevo.com"}, {"mailjet.com", "spf.mailjet.com"}, {"icloud.com", "icloud.com"},
}

func provider(host string) string {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, p := range providers {
		if host == p.host || strings.HasSuffix(host, "."+p.host) {
			return p.include
		}
	}
	return ""
}

// mechanism is what has to stand in the record for the server that sends.
func (c *checker) mechanism() string {
	if include := provider(c.SendHost); include != "" {
		return "include:" + include
	}
	if c.SendHost == "" || net.ParseIP(c.SendHost) != nil {
		return "mx"
	}
	return "a:" + strings.ToLower(c.SendHost)
}

func (c *checker) spf() Finding {
	found, err := c.texts(c.Domain, "v=spf1")
	if err != nil {
		return c.unknown("spf")
	}
	switch {
	case len(found) == 0:
		return c.finding("spf", "error", "spf_missing", "{domain} does not say which servers may send its mail. Add this record.").
			with(nil, &Record{"TXT", c.Domain, "v=spf1 " + c.mechanism() + " ~all"})
	case len(found) > 1:
		return c.finding("spf", "error", "spf_two", "{domain} has several SPF records, which counts as an error. Leave only this one.").
			with(found, &Record{"TXT", c.Domain, merged(found)})
	}
	f := c.judge(found[0])
	f.Found = found
	return f
}

// judge asks whether the one record is sound and names the server that sends.
func (c *checker) judge(record string) Finding {
	words := strings.Fields(record)
	everybody := func(w string) bool { return strings.EqualFold(w, "+all") || strings.EqualFold(w, "all") }
	if slices.ContainsFunc(words, everybody) {
		rest := slices.DeleteFunc(words, func(w string) bool { return everybody(strings.TrimLeft(w, "-~?")) })
		return c.finding("spf", "error", "spf_everybody", "The record lets everybody send mail of {domain}. Put this one in its place.").
			with(nil, &Record{"TXT", c.Domain, strings.Join(append(rest, "~all"), " ")})
	}
	if c.SendHost == "" {
		return c.finding("spf", "ok", "spf_there", "{domain} says which servers may send its mail.")
	}
	if include := provider(c.SendHost); include != "" && c.includes(c.Domain, include, 0) {
		return c.sound("include:" + include)
	}
	return c.judgeServer(record)
}

// sound evaluates the record once for an address that nobody has, to see that
// it can be evaluated at all.
func (c *checker) sound(by string) Finding {
	result, err := spf.CheckHostWithSender(net.IPv4(192, 0, 2, 1), c.Domain, "postmaster@"+c.Domain, spf.WithContext(c.ctx), spf.WithResolver(c.dns))
	switch result {
	case spf.PermError:
		return c.broken(err)
	case spf.TempError:
		return c.unknown("spf")
	}
	return c.finding("spf", "ok", "spf_ok", "{server} may send mail of {domain}.", "server", c.SendHost, "by", by)
}

func (c *checker) broken(err error) Finding {
	why := ""
	if err != nil {
		why = err.Error()
	}
	return c.finding("spf", "error", "spf_broken", "The SPF record of {domain} cannot be evaluated, so it does not count: {why}", "why", why)
}

func (c *checker) judgeServer(record string) Finding {
	ips, err := c.dns.LookupIPAddr(c.ctx, c.SendHost)
	if ip := net.ParseIP(c.SendHost); ip != nil {
		ips, err = []net.IPAddr{{IP: ip}}, nil
	}
	if err != nil || len(ips) == 0 {
		return c.unknown("spf")
	}
	known := false
	for _, ip := range ips[:min(len(ips), 4)] {
		if ip.IP.IsPrivate() || ip.IP.IsLoopback() || ip.IP.IsLinkLocalUnicast() {
			continue
		}
		known = true
		result, err := spf.CheckHostWithSender(ip.IP, c.SendHost, "postmaster@"+c.Domain, spf.WithContext(c.ctx), spf.WithResolver(c.dns))
		switch result {
		case spf.Pass:
			return c.finding("spf", "ok", "spf_ok", "{server} may send mail of {domain}.", "server", c.SendHost, "by", ip.IP.String())
		case spf.PermError:
			return c.broken(err)
		case spf.TempError:
			return c.unknown("spf")
		}
	}
	if !known {
		return c.finding("spf", "warn", "spf_unsure", "{server} is in your own network, so from here nobody can see from which address it sends. Make sure that the record names that address.", "server", c.SendHost)
	}
	return c.finding("spf", "warn", "spf_not_covering", "The record of {domain} does not name {server}, through which this inbox sends. Put this one in its place.", "server", c.SendHost).
		with(nil, &Record{"TXT", c.Domain, inserted(record, c.mechanism())})
}

// includes looks for an include in the record and in those it includes.
func (c *checker) includes(domain, want string, depth int) bool {
	if depth > 4 {
		return false
	}
	found, err := c.texts(domain, "v=spf1")
	if err != nil || len(found) != 1 {
		return false
	}
	for _, w := range strings.Fields(strings.ToLower(found[0])) {
		w = strings.TrimLeft(w, "+")
		next, ok := strings.CutPrefix(w, "include:")
		if !ok {
			next, ok = strings.CutPrefix(w, "redirect=")
		}
		if ok && (next == want || c.includes(next, want, depth+1)) {
			return true
		}
	}
	return false
}

// inserted puts a mechanism before the one that ends the record.
func inserted(record, mechanism string) string {
	words := strings.Fields(record)
	at := len(words)
	for i, w := range words {
		low := strings.ToLower(w)
		if strings.HasSuffix(low, "all") && len(low) <= 4 || strings.HasPrefix(low, "redirect=") {
			at = i
			break
		}
	}
	out := append(append(append([]string{}, words[:at]...), mechanism), words[at:]...)
	return strings.Join(out, " ")
}

// merged makes one record of several.
func merged(records []string) string {
	out, end := []string{"v=spf1"}, "~all"
	seen := map[string]bool{}
	for _, r := range records {
		for _, w := range strings.Fields(r)[1:] {
			low := strings.ToLower(w)
			switch {
			case strings.HasSuffix(low, "all") && len(low) <= 4:
				if low == "-all" {
					end = low
				}
			case !seen[low]:
				seen[low] = true
				out = append(out, w)
			}
		}
	}
	return strings.Join(append(out, end), " ")
}
