package domaincheck

import (
	"context"
	"net"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// server is a small real DNS server over UDP.
type server struct {
	txt map[string][]string
	ip  map[string]string
	bad map[string]bool // SERVFAIL
}

func (s *server) start(t *testing.T) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buf := make([]byte, 4096)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) == nil && len(m.Questions) == 1 {
				if out, err := s.answer(m).Pack(); err == nil {
					_, _ = conn.WriteTo(out, from)
				}
			}
		}
	}()
	var d net.Dialer
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return d.DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func (s *server) answer(m dnsmessage.Message) *dnsmessage.Message {
	q := m.Questions[0]
	name := strings.ToLower(strings.TrimSuffix(q.Name.String(), "."))
	out := &dnsmessage.Message{Header: dnsmessage.Header{ID: m.ID, Response: true, Authoritative: true}, Questions: m.Questions}
	head := dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET, TTL: 1}
	switch {
	case s.bad[name]:
		out.RCode = dnsmessage.RCodeServerFailure
	case s.txt[name] == nil && s.ip[name] == "":
		out.RCode = dnsmessage.RCodeNameError
	case q.Type == dnsmessage.TypeTXT:
		for _, text := range s.txt[name] {
			var parts []string
			for ; len(text) > 255; text = text[255:] {
				parts = append(parts, text[:255])
			}
			out.Answers = append(out.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.TXTResource{TXT: append(parts, text)}})
		}
	case q.Type == dnsmessage.TypeA && s.ip[name] != "":
		var a dnsmessage.AResource
		copy(a.A[:], net.ParseIP(s.ip[name]).To4())
		out.Answers = append(out.Answers, dnsmessage.Resource{Header: head, Body: &a})
	}
	return out
}

const key = "v=DKIM1; k=rsa; p=" + "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAabcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789QIDAQAB"

func TestEachRecordIsJudgedInWords(t *testing.T) {
	t.Parallel()
	dns := (&server{
		ip: map[string]string{"mx.shop.test": "198.51.100.7", "other.test": "203.0.113.9", "inside.test": "10.0.0.5"},
		txt: map[string][]string{
			"shop.test": {"hello", "v=spf1 a:mx.shop.test -all"}, "k._domainkey.shop.test": {key}, "_dmarc.shop.test": {"v=DMARC1; p=reject"},
			"two.test": {"v=spf1 mx -all", "v=spf1 include:x.test ~all"}, "k._domainkey.two.test": {key, key}, "_dmarc.two.test": {"v=DMARC1; p=none", "v=DMARC1; p=reject"},
			"open.test": {"v=spf1 mx +all"}, "k._domainkey.open.test": {"v=DKIM1; p=AAAA"}, "_dmarc.open.test": {"v=DMARC1; rua=mailto:a@b.test"},
			"loop.test":   {"v=spf1 include:loop.test -all"},
			"google.test": {"v=spf1 include:mine.test ~all"}, "mine.test": {"v=spf1 include:_spf.google.com ~all"}, "_spf.google.com": {"v=spf1 ip4:203.0.113.0/24 ~all"},
			"_dmarc.google.test": {"v=DMARC1;p=none; rua=mailto:x@google.test"},
		},
		bad: map[string]bool{"down.test": true, "_dmarc.down.test": true, "k._domainkey.down.test": true},
	}).start(t)
	for _, c := range []struct{ domain, host, spf, dkim, dmarc string }{
		{"shop.test", "mx.shop.test", "ok spf_ok", "ok dkim_ok", "ok dmarc_reject"},
		{"shop.test", "", "ok spf_there", "ok dkim_ok", "ok dmarc_reject"},
		{"shop.test", "other.test", "warn spf_not_covering", "ok dkim_ok", "ok dmarc_reject"},
		{"shop.test", "inside.test", "warn spf_unsure", "ok dkim_ok", "ok dmarc_reject"},
		{"help.shop.test", "mx.shop.test", "error spf_missing", "warn dkim_missing", "ok dmarc_reject"},
		{"empty.test", "smtp.gmail.com", "error spf_missing", "warn dkim_missing", "error dmarc_missing"},
		{"two.test", "mx.shop.test", "error spf_two", "error dkim_two", "error dmarc_two"},
		{"open.test", "mx.shop.test", "error spf_everybody", "error dkim_other", "error dmarc_broken"},
		{"loop.test", "mx.shop.test", "error spf_broken", "warn dkim_missing", "error dmarc_missing"},
		{"google.test", "smtp-relay.gmail.com", "ok spf_ok", "warn dkim_missing", "warn dmarc_none"},
		{"down.test", "mx.shop.test", "warn dns_unknown", "warn dns_unknown", "warn dns_unknown"},
	} {
		got := Check(t.Context(), dns, Setup{Domain: c.domain, SendHost: c.host, Key: &Record{"TXT", "k._domainkey." + c.domain, key}, ReportTo: "help@" + c.domain})
		for i, want := range []string{c.spf, c.dkim, c.dmarc} {
			f := got[i]
			if f.Level+" "+f.Code != want {
				t.Errorf("%s by %s: %s is %s %s, want %s", c.domain, c.host, f.Subject, f.Level, f.Code, want)
			}
			if f.Sentence == "" || strings.ContainsAny(f.Sentence, "{}") {
				t.Errorf("%s: %q", want, f.Sentence)
			}
		}
	}
}

func TestTheRecordToAddIsWhole(t *testing.T) {
	t.Parallel()
	dns := (&server{ip: map[string]string{"mx.shop.test": "198.51.100.7"}, txt: map[string][]string{
		"a.test": {"v=spf1 ip4:192.0.2.9 -all"}, "c.test": {"v=spf1 +all include:X.test"}, "b.test": {"v=spf1 mx -all", "v=spf1 include:x.test ~all"}, "_dmarc.a.test": {"v=DMARC1; p=none; rua=mailto:x@a.test; pct=100"},
	}}).start(t)
	for _, c := range []struct{ domain, host, spf, dmarc string }{
		{"a.test", "mx.shop.test", "v=spf1 ip4:192.0.2.9 a:mx.shop.test -all", "v=DMARC1; p=quarantine; rua=mailto:x@a.test; pct=100"},
		{"b.test", "mx.shop.test", "v=spf1 mx include:x.test -all", "v=DMARC1; p=none; rua=mailto:help@b.test"},
		{"c.test", "mx.shop.test", "v=spf1 include:X.test ~all", "v=DMARC1; p=none; rua=mailto:help@c.test"},
		{"none.test", "smtp.office365.com", "v=spf1 include:spf.protection.outlook.com ~all", "v=DMARC1; p=none; rua=mailto:help@none.test"},
		{"none.test", "mx.shop.test", "v=spf1 a:mx.shop.test ~all", "v=DMARC1; p=none; rua=mailto:help@none.test"},
	} {
		got := Check(t.Context(), dns, Setup{Domain: c.domain, SendHost: c.host, ReportTo: "help@" + c.domain})
		if got[0].Add == nil || got[0].Add.Value != c.spf || got[0].Add.Name != c.domain {
			t.Errorf("%s: %+v, want %s", c.domain, got[0].Add, c.spf)
		}
		if got[2].Add == nil || got[2].Add.Value != c.dmarc || got[2].Add.Name != "_dmarc."+c.domain {
			t.Errorf("%s: %+v, want %s", c.domain, got[2].Add, c.dmarc)
		}
		if got[1].Code != "dkim_off" {
			t.Errorf("%s: %+v", c.domain, got[1])
		}
	}
}

func FuzzRecords(f *testing.F) {
	f.Add("v=spf1 mx -all", "v=spf1 all")
	f.Add("v=spf1", "v=DMARC1; p")
	f.Fuzz(func(t *testing.T, a, b string) {
		if !strings.HasPrefix(a, "v=spf1 ") || !strings.HasPrefix(b, "v=spf1 ") {
			return
		}
		if out := merged([]string{a, b}); !strings.HasSuffix(out, "all") {
			t.Fatal(out)
		}
		inserted(a, "mx")
		replaceTag(b, "p", "none")
		c := &checker{Setup: Setup{Domain: "a.test"}}
		if f := c.judge(a); f.Add != nil && slices.ContainsFunc(strings.Fields(f.Add.Value), func(w string) bool { return strings.EqualFold(strings.TrimPrefix(w, "+"), "all") }) {
			t.Fatalf("%q: %q", a, f.Add.Value)
		}
	})
}
