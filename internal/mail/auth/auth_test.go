package auth

import (
	"errors"
	"io"
	"net/netip"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/mail/auth/authtest"
)

const outside = "203.0.113.7"

func text(from string) string {
	return "From: " + from + "\r\nTo: support@shop.test\r\nSubject: Parcel\r\nMessage-ID: <1@x.test>\r\n\r\nWhere is it?\r\n"
}

// signed is the mail with a signature of the domain, whose record is published.
func signed(t *testing.T, z *authtest.Zone, domain, raw string) string {
	t.Helper()
	k, err := NewKey(domain)
	if err != nil {
		t.Fatal(err)
	}
	record, err := k.Record()
	if err != nil {
		t.Fatal(err)
	}
	z.TXT(k.Name(), record)
	field, err := k.Sign(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return field + raw
}

func check(t *testing.T, z *authtest.Zone, ip, sender, raw string) Results {
	t.Helper()
	return Check(t.Context(), z, Peer{IP: netip.MustParseAddr(ip), HELO: "mx.example.test", From: sender}, strings.NewReader(raw))
}

func TestSPFIsJudgedByTheEnvelope(t *testing.T) {
	t.Parallel()
	z := &authtest.Zone{}
	z.TXT("example.test", "v=spf1 ip4:203.0.113.0/28 ~all")
	z.TXT("mx.example.test", "v=spf1 a -all")
	z.Host("mx.example.test", outside)
	for _, c := range []struct {
		ip, sender string
		want       Value
	}{
		{outside, "anna@example.test", Pass},
		{"198.51.100.1", "anna@example.test", SoftFail},
		{outside, "anna@other.test", None},
		{outside, "", Pass}, // a bounce: HELO
		{"198.51.100.1", "", Fail},
		{"192.168.1.5", "anna@example.test", None},
		{"127.0.0.1", "anna@example.test", None},
		{"::ffff:203.0.113.7", "anna@example.test", Pass},
	} {
		if got := check(t, z, c.ip, c.sender, text("anna@example.test")).SPF.Value; got != c.want {
			t.Errorf("%s as %q: %s, want %s", c.ip, c.sender, got, c.want)
		}
	}
}

func TestDMARCAsksForAResultOfTheAuthorsDomain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, record, from, sender, signer string
		want                               Value
	}{
		{"signature of the domain", "v=DMARC1; p=none", "example.test", "x@list.test", "example.test", Pass},
		{"signature of the organisation", "v=DMARC1; p=none", "mail.example.test", "x@list.test", "example.test", Pass},
		{"strict", "v=DMARC1; p=none; adkim=s", "mail.example.test", "x@list.test", "example.test", Fail},
		{"envelope of a sibling", "v=DMARC1; p=none", "example.test", "x@bounce.example.test", "", Pass},
		{"envelope of a sibling, strict", "v=DMARC1; p=none; aspf=s", "example.test", "x@bounce.example.test", "", Fail},
		{"somebody else's signature and envelope", "v=DMARC1; p=reject", "example.test", "x@list.test", "list.test", Fail},
		{"no policy", "", "example.test", "x@example.test", "example.test", None},
		{"broken policy", "v=DMARC1; p=perhaps", "example.test", "x@example.test", "example.test", PermError},
	} {
		z := &authtest.Zone{}
		for _, d := range []string{"list.test", "bounce.example.test", "example.test"} {
			z.TXT(d, "v=spf1 ip4:"+outside+" -all")
		}
		if c.record != "" {
			z.TXT("_dmarc.example.test", c.record)
		}
		raw := text("Anna <anna@" + c.from + ">")
		if c.signer != "" {
			raw = signed(t, z, c.signer, raw)
		}
		if got := check(t, z, outside, c.sender, raw).DMARC; got.Value != c.want || got.From != c.from {
			t.Errorf("%s: %+v, want %s", c.name, got, c.want)
		}
	}
}

func TestAChangedMailFailsItsSignature(t *testing.T) {
	t.Parallel()
	z := &authtest.Zone{}
	raw := signed(t, z, "example.test", text("anna@example.test"))
	for name, c := range map[string]struct {
		raw  string
		want Value
	}{
		"whole":           {raw, Pass},
		"subject":         {strings.Replace(raw, "Parcel", "Money", 1), Fail},
		"body":            {strings.Replace(raw, "Where", "There", 1), Fail},
		"no such key":     {strings.Replace(raw, "s=deskbell-", "s=other-", 1), PermError},
		"not a signature": {"DKIM-Signature: nonsense\r\n" + text("anna@example.test"), PermError},
	} {
		got := check(t, z, outside, "anna@example.test", c.raw).DKIM
		if len(got) != 1 || got[0].Value != c.want {
			t.Errorf("%s: %+v, want %s", name, got, c.want)
		}
	}
}

func TestTwoAuthorsAreNoAuthor(t *testing.T) {
	t.Parallel()
	z := &authtest.Zone{}
	z.TXT("_dmarc.example.test", "v=DMARC1; p=none")
	raw := signed(t, z, "example.test", text("anna@example.test"))
	for _, r := range []string{"From: boss@shop.test\r\n" + raw, strings.Replace(raw, "\r\nTo:", "\r\nFrom: boss@shop.test\r\nTo:", 1)} {
		if got := check(t, z, outside, "anna@example.test", r).DMARC; got.Value != PermError {
			t.Errorf("got %+v", got)
		}
	}
}

func TestAFailingResolverIsATemporaryError(t *testing.T) {
	t.Parallel()
	z := &authtest.Zone{}
	raw := signed(t, z, "example.test", text("anna@example.test"))
	z.Down(true)
	got := check(t, z, outside, "anna@example.test", raw)
	if got.SPF.Value != TempError || len(got.DKIM) != 1 || got.DKIM[0].Value != TempError || got.DMARC.Value != TempError {
		t.Errorf("got %+v", got)
	}
}

type broken struct{ io.Reader }

func (b broken) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		err = errors.New("disk")
	}
	return n, err
}

func TestAMailThatCannotBeReadPassesNothing(t *testing.T) {
	t.Parallel()
	z := &authtest.Zone{}
	z.TXT("_dmarc.example.test", "v=DMARC1; p=none")
	raw := signed(t, z, "example.test", text("anna@example.test"))
	got := Check(t.Context(), z, Peer{}, broken{strings.NewReader(raw)})
	if len(got.DKIM) != 1 || got.DKIM[0].Value != TempError || got.DMARC.Value != TempError {
		t.Errorf("got %+v", got)
	}
}

func TestWhatAStrangerCanAskForIsBounded(t *testing.T) {
	t.Parallel()
	z := &authtest.Zone{}
	z.TXT("example.test", "v=spf1 include:example.test include:a.test include:b.test -all")
	many := strings.Repeat("DKIM-Signature: v=1; a=rsa-sha256; d=example.test; s=x; h=from; bh=eA==; b=eA==\r\n", 500)
	check(t, z, outside, "anna@example.test", many+text("anna@example.test"))
	if n := z.Asked(); n > maxLookups {
		t.Errorf("%d lookups", n)
	}
	long := "X: " + strings.Repeat("x", maxHeader) + "\r\n" + text("anna@example.test")
	if got := check(t, z, outside, "anna@example.test", long).DMARC.Value; got != PermError {
		t.Errorf("a long header is %s", got)
	}
}

func TestResultsAreWrittenAndReadAlike(t *testing.T) {
	t.Parallel()
	r := Results{SPF: SPF{Value: SoftFail, Domain: "example.test"}, DKIM: []DKIM{{Pass, "example.test"}, {Fail, "list.test"}},
		DMARC: DMARC{Value: Pass, From: "example.test", Policy: "reject"}}
	got := r.Format("desk.test")
	want := "Authentication-Results: desk.test;\r\n\tspf=softfail smtp.mailfrom=example.test;\r\n\tdkim=pass header.d=example.test;\r\n" +
		"\tdkim=fail header.d=list.test;\r\n\tdmarc=pass (p=reject) header.from=example.test\r\n"
	if got != want {
		t.Errorf("got %q", got)
	}
	f := Parse(strings.TrimPrefix(got, FieldName+":"))
	back := f.Repeat()
	if f.ID != "desk.test" || back.SPF != r.SPF || back.DMARC != r.DMARC || len(back.DKIM) != 2 || back.DKIM[1] != r.DKIM[1] {
		t.Errorf("back is %+v", back)
	}
	if got := (Results{}).Format("desk\r\nX: y"); got != "Authentication-Results: deskXy; none\r\n" {
		t.Errorf("nothing checked is %q", got)
	}
}

func TestFieldsOfProvidersAreRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ host, id, value string }{
		{"imap.gmail.com", "mx.google.com", ` mx.google.com; dkim=pass header.i=@example.test header.s=a header.b="x;y"; spf=pass (google.com: domain of a@example.test designates 192.0.2.1 as permitted sender) smtp.mailfrom=a@example.test; dmarc=pass (p=NONE sp=QUARANTINE dis=NONE) header.from=example.test`},
		{"outlook.office365.com", Nameless, `spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=example.test; dkim=pass (signature was verified) header.d=example.test;dmarc=pass action=none header.from=example.test;compauth=pass reason=100`},
		{"imap.fastmail.com", "mx6.messagingengine.com", `mx6.messagingengine.com; arc=none (no signatures found); dmarc = pass (p=none (a "nested" ; one)) header.from=Example.test`},
		{"imap.mail.yahoo.com", "atlas1.omega.yahoo.com", `atlas1.omega.yahoo.com; spf=pass smtp.mailfrom=example.test; dmarc=pass(p=NONE) header.from=example.test;`},
		{"imap.mail.me.com", "dmarc.icloud.com", `dmarc.icloud.com 1; dmarc=pass header.from=example.test`},
	} {
		m := parsed(t, "Authentication-Results: "+c.value+"\r\n"+text("anna@example.test"))
		f, ok := Find(m.Headers, Provider(c.host))
		if !ok || f.ID != c.id || !f.Proves(m) {
			t.Errorf("%s: %v %+v", c.host, ok, f)
		}
	}
}

func parsed(t *testing.T, raw string) *mail.Message {
	t.Helper()
	m, err := mail.ParseBytes([]byte(raw), mail.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestForgedResultsProveNothing(t *testing.T) {
	t.Parallel()
	good := "Authentication-Results: mx.google.com; dmarc=pass header.from=example.test\r\n"
	bad := "Authentication-Results: mx.google.com; dmarc=fail header.from=example.test\r\n"
	nameless := "Authentication-Results: dmarc=pass header.from=example.test\r\n"
	for name, c := range map[string]struct {
		host, raw string
	}{
		"unknown provider":      {"mail.shop.test", good + text("anna@example.test")},
		"below the real one":    {"imap.gmail.com", bad + good + text("anna@example.test")},
		"another author":        {"imap.gmail.com", good + text("anna@shop.test")},
		"another host":          {"imap.gmail.com", strings.Replace(good, "mx.google", "mx.evil-google", 1) + text("anna@example.test")},
		"two authors":           {"imap.gmail.com", good + "From: b@example.test\r\n" + text("anna@example.test")},
		"no author":             {"imap.gmail.com", strings.Replace(good, "=example.test", "=", 1) + text("")},
		"in a comment":          {"imap.gmail.com", "Authentication-Results: mx.google.com; spf=fail (; dmarc=pass header.from=example.test)\r\n" + text("anna@example.test")},
		"in quotes":             {"imap.gmail.com", "Authentication-Results: mx.google.com; spf=fail smtp.helo=\"; dmarc=pass header.from=example.test\"\r\n" + text("anna@example.test")},
		"nameless further down": {"outlook.office365.com", "Authentication-Results: a.test; none\r\n" + nameless + text("anna@example.test")},
	} {
		m := parsed(t, c.raw)
		if f, ok := Find(m.Headers, Provider(c.host)); ok && f.Proves(m) {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func TestAPublishedKeyIsKnown(t *testing.T) {
	t.Parallel()
	z := &authtest.Zone{}
	k, err := NewKey("shop.test")
	if err != nil {
		t.Fatal(err)
	}
	b, err := k.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if k, err = ParseKey("shop.test", k.Selector, b); err != nil {
		t.Fatal(err)
	}
	record, err := k.Record()
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewKey("shop.test")
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := other.Record()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		records []string
		want    bool
	}{
		{nil, false}, {[]string{foreign}, false}, {[]string{record, foreign}, false}, {[]string{record}, true},
		{[]string{strings.ReplaceAll(record, "; ", ";")}, true}, {[]string{record[:100] + " " + record[100:]}, true},
	} {
		z.TXT(k.Name(), c.records...)
		if got, err := k.Published(t.Context(), z); err != nil || got != c.want {
			t.Errorf("%q: %v %v", c.records, got, err)
		}
	}
	z.Down(true)
	if _, err := k.Published(t.Context(), z); err == nil {
		t.Error("a failing DNS says that the record is not there")
	}
}

func FuzzParseField(f *testing.F) {
	for _, s := range []string{"", "a; b=c", `a; b = "c\"" (d(e)) x.y=z`, "b=c (", `"`, "a 1; dkim/1=pass reason=x", "\\(\\"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if n := len(Parse(s).Results); n > maxResults {
			t.Errorf("%d results", n)
		}
	})
}

func TestThePolicyOfADomainIsReadAsProvidersWriteIt(t *testing.T) {
	t.Parallel()
	for field, want := range map[string]string{
		"mx.google.com; dmarc=fail (p=REJECT sp=NONE dis=QUARANTINE) header.from=example.test":                "reject",
		"mx.google.com; dmarc=fail (p=REJECT sp=QUARANTINE dis=NONE) header.from=news.example.test":           "quarantine",
		"spf=fail (sender IP is 192.0.2.1) smtp.mailfrom=a.test;dmarc=fail action=oreject header.from=a.test": "reject",
		"dmarc=fail action=pct.quarantine header.from=a.test":                                                 "quarantine",
		"mx1.messagingengine.com; dmarc=fail policy.published-domain-policy=none header.from=a.test":          "none",
		"mx1.messagingengine.com; dmarc=fail (p=none,d=none) header.from=a.test":                              "none",
		"atlas1.omega.yahoo.com; dmarc=fail(p=NONE) header.from=a.test":                                       "none",
		"mx.a.test; dmarc=fail (policy=quarantine) header.from=a.test":                                        "quarantine",
		"mx.a.test; dmarc=fail (p=<b>reject) header.from=a.test":                                              "",
		"mx.a.test; dmarc=fail (p=reject":                                                                     "reject",
		"mx.a.test; dmarc=fail header.from=a.test; spf=fail (p=reject) smtp.mailfrom=a.test":                  "",
	} {
		if got := Parse(field).Repeat().DMARC.Policy; got != want {
			t.Errorf("%q: %q, want %q", field, got, want)
		}
	}
}
