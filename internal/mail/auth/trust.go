package auth

import (
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/mail"
)

// Nameless stands for a field that names no host, as Microsoft writes it.
const Nameless = "(none)"

// Trust lists the hosts whose results are believed: a name, or *.domain for
// every name below a domain.
type Trust []string

// Has tells whether the host is believed.
func (t Trust) Has(id string) bool {
	return slices.ContainsFunc(t, func(pattern string) bool {
		pattern = strings.ToLower(pattern)
		below, any := strings.CutPrefix(pattern, "*")
		return pattern == id || any && strings.HasPrefix(below, ".") && strings.HasSuffix(id, below)
	})
}

// providers are known to take forged results out of what they receive.
var providers = []struct {
	hosts []string // of the mailbox server, or what its name ends in
	trust Trust
}{
	{[]string{"gmail.com", "googlemail.com", "google.com"}, Trust{"mx.google.com"}},
	{[]string{"outlook.com", "office365.com", "office.com", "hotmail.com"}, Trust{Nameless}},
	{[]string{"fastmail.com", "messagingengine.com"}, Trust{"*.messagingengine.com"}},
	{[]string{"yahoo.com", "aol.com"}, Trust{"*.yahoo.com", "*.aol.com"}},
	{[]string{"icloud.com", "me.com"}, Trust{"dmarc.icloud.com"}},
	{[]string{"zoho.com", "zoho.eu"}, Trust{"mx.zohomail.com"}},
}

// Provider is whom to believe about mail that was fetched from the host.
func Provider(host string) Trust {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, p := range providers {
		for _, name := range p.hosts {
			if host == name || strings.HasSuffix(host, "."+name) {
				return p.trust
			}
		}
	}
	return nil
}

// Find gives the topmost field of a host that is believed: what stands further
// down may have come with the mail. A field without a name counts only on top
// of all.
func Find(h mail.Header, t Trust) (Field, bool) {
	top := true
	for _, f := range h.Fields() {
		if !strings.EqualFold(f.Name, FieldName) {
			continue
		}
		parsed := Parse(f.Value)
		if t.Has(parsed.ID) && (top || parsed.ID != Nameless) {
			return parsed, true
		}
		top = false
	}
	return Field{}, false
}

// Top gives the topmost field, whoever wrote it.
func Top(h mail.Header) (Field, bool) {
	for _, f := range h.Fields() {
		if strings.EqualFold(f.Name, FieldName) {
			return Parse(f.Value), true
		}
	}
	return Field{}, false
}

// Proves tells whether the field says that DMARC passed for the one author of
// the mail.
func (f Field) Proves(m *mail.Message) bool {
	from := author(m)
	for _, r := range f.Results {
		if r.Method == "dmarc" {
			return r.Value == Pass && from != "" && DomainOf(r.Props["header.from"]) == from
		}
	}
	return false
}

// Repeat makes results of our own out of a field that is believed.
func (f Field) Repeat() (out Results) {
	for _, r := range f.Results {
		switch r.Method {
		case "spf":
			out.SPF = SPF{Value: r.Value.known(), Domain: DomainOf(r.Props["smtp.mailfrom"])}
			if helo := r.Props["smtp.helo"]; out.SPF.Domain == "" && helo != "" {
				out.SPF.Domain, out.SPF.HELO = DomainOf(helo), true
			}
		case "dkim":
			domain := r.Props["header.d"]
			if domain == "" {
				domain = r.Props["header.i"]
			}
			out.DKIM = append(out.DKIM, DKIM{Value: r.Value.known(), Domain: DomainOf(domain)})
		case "dmarc":
			if out.DMARC.Value == "" {
				out.DMARC = DMARC{Value: r.Value.known(), From: DomainOf(r.Props["header.from"])}
				out.DMARC.Policy = r.policy(out.DMARC.From)
			}
		}
	}
	return out
}

// policy is what the domain asks for, as far as somebody wrote it down: in a
// comment, as most do, in a property, or as what Microsoft did because of it.
func (r Result) policy(from string) string {
	said := map[string]string{"published": r.Props["policy.published-domain-policy"], "action": r.Props["action"]}
	for _, word := range strings.FieldsFunc(r.Comment, func(c rune) bool { return strings.ContainsRune(" ,;\t", c) }) {
		if name, value, ok := strings.Cut(word, "="); ok && said[strings.ToLower(name)] == "" {
			said[strings.ToLower(name)] = value
		}
	}
	order := []string{"p", "policy", "published", "action"}
	if from != organisation(from) {
		order = append([]string{"sp"}, order...)
	}
	for _, name := range order {
		switch value := strings.ToLower(strings.TrimPrefix(strings.ToLower(said[name]), "pct.")); value {
		case "none", "quarantine", "reject":
			return value
		case "oreject": // refused, had somebody not overruled it
			return "reject"
		}
	}
	return ""
}

// known keeps a value of others from writing into our field.
func (v Value) known() Value {
	if slices.Contains([]Value{None, Pass, Fail, SoftFail, Neutral, TempError, PermError}, v) {
		return v
	}
	return Neutral
}
