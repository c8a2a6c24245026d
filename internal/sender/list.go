package sender

import (
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Kind of a listed sender.
type Kind string

// The kinds.
const (
	Block Kind = "block" // mail goes to spam
	Allow Kind = "allow" // mail never does
)

// Listed is an address or a domain on one of the lists.
type Listed struct {
	ID           int64
	Kind         Kind
	Pattern      string // folded: "eva@example.com", or "@example.com" for the domain and all below it
	Agent        int64
	Conversation int64 // where it was listed, 0 = in the settings
	CreatedAt    time.Time
}

// MaxListed bounds both lists together: they are kept in memory.
const MaxListed = 20_000

// hosted are domains of mailbox providers: blocking one would block most customers.
var hosted = []string{"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "ymail.com", "aol.com",
	"icloud.com", "me.com", "mac.com", "fastmail.com", "gmx.com", "gmx.net", "gmx.de", "web.de", "t-online.de", "mail.ru", "ukr.net", "i.ua", "meta.ua",
	"yandex.ru", "proton.me", "protonmail.com", "docomo.ne.jp", "ezweb.ne.jp", "softbank.ne.jp", "mynet.com"}

// Pattern reads what a person wrote: an address, @domain, *@domain or a domain.
func Pattern(written string) (string, error) {
	p := strings.ToLower(strings.TrimSpace(written))
	p = strings.TrimPrefix(strings.TrimPrefix(p, "mailto:"), "*")
	if !strings.Contains(p, "@") {
		p = "@" + p
	}
	local, domain, _ := strings.Cut(p, "@")
	if len(p) > 254 || strings.ContainsAny(p, " <>,;*\"\r\n\t") || strings.Contains(domain, "@") || !strings.Contains(domain, ".") ||
		strings.HasPrefix(domain, ".") || strings.HasSuffix(domain, ".") || strings.Contains(domain, "..") || local == "" && len(domain) < 4 {
		return "", errs.InvalidField("body.pattern", "This is an address such as eva@example.com, or a domain such as example.com.")
	}
	return p, nil
}

// wholeDomain tells whether the pattern lists everybody of a domain.
func wholeDomain(pattern string) bool { return strings.HasPrefix(pattern, "@") }

func checkBlock(pattern string) error {
	if wholeDomain(pattern) && slices.Contains(hosted, pattern[1:]) {
		return errs.InvalidFieldf("body.pattern", "Most people have their mailbox at %s. Block single addresses of it.", pattern[1:])
	}
	return nil
}

// patternsOf are the patterns that would list an address, the narrowest first.
func patternsOf(address string) []string {
	address = strings.ToLower(strings.TrimSpace(address))
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return nil
	}
	out := []string{address}
	for domain := address[at+1:]; strings.Contains(domain, ".") && len(out) < 20; {
		out = append(out, "@"+domain)
		_, domain, _ = strings.Cut(domain, ".")
	}
	return out
}

// Verdict is what the lists say about an address.
type Verdict struct {
	Kind    Kind // "" = it is on none
	Pattern string
}

type lists map[string]map[Kind]bool

// judge lets the allow list win, however narrow the other's pattern is.
func (l lists) judge(address string) (v Verdict) {
	for _, p := range patternsOf(address) {
		on := l[p]
		if on[Allow] {
			return Verdict{Allow, p}
		}
		if on[Block] && v.Kind == "" {
			v = Verdict{Block, p}
		}
	}
	return v
}
