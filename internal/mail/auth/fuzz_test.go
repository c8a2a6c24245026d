package auth

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/mail/auth/authtest"
)

// The records and the signature are a stranger's: whatever they say, the check
// ends, asks the DNS a bounded number of times and gives a known word.
func FuzzCheck(f *testing.F) {
	const signature = "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.test; s=s1; h=from:to; bh=AAAA; b=BBBB\r\n"
	f.Add("v=spf1 include:example.test mx a ptr exists:%{i}.example.test -all", "v=DMARC1; p=reject; adkim=s; pct=50; rua=mailto:x@example.test", "v=DKIM1; k=rsa; p=AAAA", signature, "anna@example.test")
	f.Add("v=spf1 redirect=example.test", "v=DMARC1; p=none; sp=", "v=DKIM1; p=", strings.Repeat(signature, 12), "")
	f.Add("v=spf1 ip4:999.1.1.1/99 ip6::: all", "v=DMARC1", "p=!;;=;", "DKIM-Signature: v=1; d=; l=9999999999\r\n", "@")
	known := []Value{None, Pass, Fail, SoftFail, Neutral, TempError, PermError, ""}
	f.Fuzz(func(t *testing.T, spf, dmarc, dkim, field, sender string) {
		z := &authtest.Zone{}
		z.TXT("example.test", spf)
		z.TXT("_dmarc.example.test", dmarc)
		z.TXT("s1._domainkey.example.test", dkim)
		z.Host("example.test", outside)
		got := Check(t.Context(), z, Peer{IP: netip.MustParseAddr(outside), HELO: "mx.example.test", From: sender}, strings.NewReader(field+text("anna@example.test")))
		if z.Asked() > maxLookups {
			t.Fatalf("%d questions", z.Asked())
		}
		for _, v := range []Value{got.SPF.Value, got.DMARC.Value} {
			if !slices.Contains(known, v) {
				t.Fatalf("%q", v)
			}
		}
		one := strings.TrimSuffix(strings.ReplaceAll(got.Format("mx.shop.test"), ";\r\n\t", "; "), "\r\n")
		if len(got.DKIM) > maxSignatures+1 || strings.ContainsAny(one, "\r\n\x00") {
			t.Fatalf("%+v", got)
		}
	})
}

// What others wrote never writes into our own field.
func FuzzRepeat(f *testing.F) {
	f.Add("mx.example.test; dmarc=fail (p=REJECT) header.from=a.test; dkim=pass header.d=b.test; spf=none smtp.mailfrom=c@d.test")
	f.Add("a; dmarc=pass\r\n injected header.from=x; spf=\x00")
	f.Fuzz(func(t *testing.T, field string) {
		out := Parse(field).Repeat()
		if policy := out.DMARC.Policy; !slices.Contains([]string{"", "none", "quarantine", "reject"}, policy) {
			t.Fatalf("%q", policy)
		}
		for _, domain := range []string{out.SPF.Domain, out.DMARC.From} {
			if strings.ContainsAny(domain, "\r\n\x00 ;") {
				t.Fatalf("%q", domain)
			}
		}
	})
}

func FuzzRecordTag(f *testing.F) {
	f.Add("v=DKIM1; k=rsa; p=MII BIj", "p")
	f.Fuzz(func(t *testing.T, record, name string) {
		if v := tag(record, name); strings.ContainsAny(v, " \t\r\n;") {
			t.Fatalf("%q", v)
		}
	})
}
