package domaincheck

import (
	"context"
	"errors"
	"net"
	"strings"

	"github.com/deskbell/deskbell/internal/mail/auth"
)

// Setup is how mail of a domain leaves.
type Setup struct {
	Domain string
	// SendHost is the server that mail is handed to, "" = there is none yet.
	SendHost string
	// Key is the record of our own signature, nil = nothing is signed here.
	Key *Record
	// ReportTo is the address that a DMARC record would name.
	ReportTo string
}

// Record is one record of the DNS.
type Record struct {
	Type  string `json:"type" enum:"TXT"`
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Finding is what is to be said about one of the three.
type Finding struct {
	Subject  string            `json:"subject" enum:"spf,dkim,dmarc"`
	Level    string            `json:"level" enum:"ok,warn,error"`
	Code     string            `json:"code" doc:"For the catalog of the reader's language"`
	Args     map[string]string `json:"args"`
	Sentence string            `json:"sentence"`
	Found    []string          `json:"found" doc:"What stands in the DNS now"`
	Add      *Record           `json:"add" doc:"The record to add, or to put in place of what was found"`
}

// Check asks the DNS about all three.
func Check(ctx context.Context, dns auth.Resolver, s Setup) []Finding {
	c := &checker{ctx: ctx, dns: dns, Setup: s}
	return []Finding{c.spf(), c.dkim(), c.dmarc()}
}

type checker struct {
	Setup
	ctx context.Context
	dns auth.Resolver
}

func (c *checker) finding(subject, level, code, sentence string, args ...string) Finding {
	f := Finding{Subject: subject, Level: level, Code: code, Args: map[string]string{"domain": c.Domain}, Found: []string{}}
	for i := 0; i+1 < len(args); i += 2 {
		f.Args[args[i]] = args[i+1]
	}
	f.Sentence = sentence
	for name, value := range f.Args {
		f.Sentence = strings.ReplaceAll(f.Sentence, "{"+name+"}", value)
	}
	return f
}

func (f Finding) with(found []string, add *Record) Finding {
	f.Found, f.Add = append([]string{}, found...), add
	return f
}

// texts are the records of a name that begin with the mark; an error says that
// the DNS did not answer.
func (c *checker) texts(name, mark string) ([]string, error) {
	all, err := c.dns.LookupTXT(c.ctx, name)
	var e *net.DNSError
	if errors.As(err, &e) && e.IsNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []string
	for _, t := range all {
		t = strings.TrimSpace(t)
		if low := strings.ToLower(t); low == mark || strings.HasPrefix(low, mark+" ") || strings.HasPrefix(low, mark+";") {
			out = append(out, t)
		}
	}
	return out, nil
}

func (c *checker) unknown(subject string) Finding {
	return c.finding(subject, "warn", "dns_unknown", "The DNS of {domain} did not answer just now. Try again in a moment.")
}

func (c *checker) dkim() Finding {
	if c.Key == nil {
		return c.finding("dkim", "warn", "dkim_off", "Deskbell signs nothing here. Your provider may sign for {domain}; ask it for its DKIM record.")
	}
	found, err := c.texts(c.Key.Name, "v=dkim1")
	switch {
	case err != nil:
		return c.unknown("dkim").with(nil, c.Key)
	case len(found) == 0:
		return c.finding("dkim", "warn", "dkim_missing", "Mail from {domain} is not signed yet. Add this record; Deskbell signs from when it is there.").with(nil, c.Key)
	case len(found) > 1:
		return c.finding("dkim", "error", "dkim_two", "There are several records under the name of our key, which counts as none. Leave only this one.").with(found, c.Key)
	case tag(found[0], "p") != tag(c.Key.Value, "p"):
		return c.finding("dkim", "error", "dkim_other", "The record under the name of our key holds another key. Put this one in its place.").with(found, c.Key)
	}
	return c.finding("dkim", "ok", "dkim_ok", "Mail from {domain} is signed, and the key to check it is there.").with(found, nil)
}

func tag(record, name string) string {
	for _, part := range strings.Split(record, ";") {
		if key, value, ok := strings.Cut(part, "="); ok && strings.EqualFold(strings.TrimSpace(key), name) {
			return strings.Join(strings.Fields(value), "")
		}
	}
	return ""
}

func (c *checker) dmarc() Finding {
	name := "_dmarc." + c.Domain
	found, err := c.texts(name, "v=dmarc1")
	if org := auth.Organisation(c.Domain); err == nil && len(found) == 0 && org != c.Domain {
		if found, err = c.texts("_dmarc."+org, "v=dmarc1"); len(found) > 0 {
			name = "_dmarc." + org
		}
	}
	add := func(policy string) *Record {
		value := "v=DMARC1; p=" + policy
		if c.ReportTo != "" {
			value += "; rua=mailto:" + c.ReportTo
		}
		return &Record{"TXT", name, value}
	}
	if err != nil {
		return c.unknown("dmarc")
	}
	switch len(found) {
	case 0:
		return c.finding("dmarc", "error", "dmarc_missing", "{domain} does not say what becomes of forged mail, and large providers ask for it. Add this record, which only watches at first.").with(nil, add("none"))
	case 1:
	default:
		return c.finding("dmarc", "error", "dmarc_two", "There are several DMARC records, which counts as none. Leave only one.").with(found, &Record{"TXT", name, found[0]})
	}
	switch policy := strings.ToLower(tag(found[0], "p")); policy {
	case "reject", "quarantine":
		return c.finding("dmarc", "ok", "dmarc_"+policy, map[string]string{
			"reject":     "Other servers refuse mail that only claims to be from {domain}.",
			"quarantine": "Other servers put mail that only claims to be from {domain} into spam.",
		}[policy]).with(found, nil)
	case "none":
		return c.finding("dmarc", "warn", "dmarc_none", "The record of {domain} only watches. When SPF and DKIM have been right for some weeks, put this one in its place, so that forged mail lands in spam.").
			with(found, &Record{"TXT", name, strings.Join(replaceTag(found[0], "p", "quarantine"), "; ")})
	}
	return c.finding("dmarc", "error", "dmarc_broken", "The DMARC record of {domain} cannot be read: it names no policy. Put this one in its place.").with(found, add("none"))
}

// replaceTag sets one tag of a record and leaves the others.
func replaceTag(record, name, value string) []string {
	var out []string
	for _, part := range strings.Split(record, ";") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		if key, _, _ := strings.Cut(part, "="); strings.EqualFold(strings.TrimSpace(key), name) {
			part = name + "=" + value
		}
		out = append(out, part)
	}
	return out
}
