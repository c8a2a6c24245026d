package sender

import (
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/mail"
)

func read(t testing.TB, raw string) *mail.Message {
	t.Helper()
	m, err := mail.ParseBytes([]byte(strings.ReplaceAll(raw, "\n", "\r\n")), mail.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func ours(address string) bool {
	return strings.EqualFold(address, "help@shop.test") || strings.EqualFold(address, "sales@shop.test")
}

func TestReadyRulesFindTheCustomer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ raw, rule, address, person string }{
		"amazon relay": {
			"From: \"Olha - Amazon Marketplace\" <k3x9relay@marketplace.amazon.de>\nReply-To: k3x9relay@marketplace.amazon.de\nAuto-Submitted: auto-generated\nSubject: Question about order 1\n\nWhere is it?\n",
			"amazon", "k3x9relay@marketplace.amazon.de", "Olha - Amazon Marketplace"},
		"amazon relay of two labels": {"From: x1@marketplace.amazon.co.uk\nSubject: x\n\nHi\n", "amazon", "x1@marketplace.amazon.co.uk", ""},
		"another relay":              {"From: z8relay@marketplace.amazon.de\nSubject: x\n\nHi\n", "amazon", "z8relay@marketplace.amazon.de", ""},
		"ebay":                       {"From: \"eBay Member: olha\" <member@ebaymember.com>\nReply-To: olha_abc123@members.ebay.com\nSubject: x\n\nHi\n", "ebay", "olha_abc123@members.ebay.com", ""},
		"ebay relay":                 {"From: olha_abc@members.ebay.co.uk\nSubject: x\n\nHi\n", "ebay", "olha_abc@members.ebay.co.uk", ""},
		"etsy":                       {"From: Etsy <no-reply@mail.etsy.com>\nReply-To: Olha <convo-7@etsy.com>\nSubject: x\n\nHi\n", "etsy", "convo-7@etsy.com", "Olha"},
		"shopify form": {
			"From: Lamp shop <mailer@shopify.com>\nSubject: New customer message\n\nYou received a new message from your online store's contact form.\n\nCountry Code:\nUA\n\nName:\nOlha Koval\n\nEmail:\nolha@c.test\n\nBody:\nWhere is my lamp? Email me.\n",
			"shopify", "olha@c.test", "Olha Koval"},
		"woocommerce": {"From: WordPress <wordpress@shop.test>\nReply-To: Olha <olha@c.test>\nSubject: x\n\nHi\n", "woocommerce", "olha@c.test", "Olha"},
		"form of our own address": {
			"From: Shop <help@shop.test>\nSubject: x\nContent-Type: text/html; charset=utf-8\n\n<table><tr><td><b>Імʼя</b></td><td>Ольга</td></tr><tr><td><b>Електронна пошта</b></td><td><a href=\"mailto:olha@c.test\">olha@c.test</a></td></tr></table>\n",
			"own", "olha@c.test", ""},
		"reply-to of our own address": {"From: help@shop.test\nReply-To: sales@shop.test, Olha <olha@c.test>\nSubject: x\n\nHi\n", "own", "olha@c.test", "Olha"},
		"google group": {"From: 'Olha' via Support <help@shop.test>\nX-Original-From: Olha <olha@c.test>\nReply-To: Olha <other@c.test>\nList-Id: <support.shop.test>\nPrecedence: list\nSubject: x\n\nHi\n",
			"own", "olha@c.test", "Olha"},
		"form that asks for no answers": {"From: wordpress@shop.test\nReply-To: No-Reply@shop.example\nSubject: x\n\nName: Eva\nEmail: eva@c.test\n", "woocommerce", "eva@c.test", "Eva"},
		"japanese form":                 {"From: wordpress@shop.test\nSubject: x\nContent-Type: text/plain; charset=utf-8\n\nお名前：田中\nメールアドレス： tanaka@c.test\n", "woocommerce", "tanaka@c.test", "田中"},
	} {
		rules := append([]Rule{}, readyRules...)
		got, ok := Take(rules, read(t, c.raw), ours)
		if !ok || got.Rule.Ready != c.rule || got.Customer.Address != c.address || c.person != "" && got.Customer.Name != c.person {
			t.Errorf("%s: %v %s %+v", name, ok, got.Rule.Ready, got.Customer)
		}
	}
}

func TestPitfallReplyToCountsOnlyByARule(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{
		"anybody":            "From: olha@c.test\nReply-To: thief@x.test\nX-Original-From: thief@x.test\nSubject: x\n\nEmail: thief@x.test\n",
		"a bounce":           "From: wordpress@shop.test\nReply-To: olha@c.test\nSubject: Undelivered Mail Returned to Sender\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; gone@c.test\nAction: failed\nStatus: 5.1.1\n\n--b--\n",
		"an automatic reply": "From: wordpress@shop.test\nReply-To: olha@c.test\nAuto-Submitted: auto-replied\nSubject: x\n\nI am away.\n",
		"only ourselves":     "From: help@shop.test\nReply-To: sales@shop.test\nSubject: x\n\nEmail: help@shop.test\n",
		"no address":         "From: mailer@shopify.com\nSubject: x\n\nEmail: nobody\nEmail address\n",
		"looks alike":        "From: mailer@shopify.com.evil.test\nReply-To: olha@c.test\nSubject: x\n\nHi\n",
		"not the market":     "From: x@marketplace.amazon.de.evil.test.example\nSubject: x\n\nHi\n",
	} {
		if got, ok := Take(readyRules, read(t, raw), ours); ok {
			t.Errorf("%s: %s %+v", name, got.Rule.Ready, got.Customer)
		}
	}
}

func TestAFormHasTheCustomersOwnFields(t *testing.T) {
	t.Parallel()
	r := Rule{MailLabels: []string{"Email"}, NameLabels: []string{"Name"}}
	for text, want := range map[string]string{
		"Email: olha@c.test":                         "olha@c.test",
		"  *E-mail*: x\n**Email**: <olha@c.test>":    "olha@c.test",
		"EMAIL\n\nolha@c.test":                       "olha@c.test",
		"Email olha@c.test":                          "olha@c.test",
		"Email | olha@c.test":                        "olha@c.test",
		"Email：olha@c.test":                          "olha@c.test",
		"Email address: other@c.test":                "",
		"Emails: other@c.test":                       "",
		"Please email olha@c.test":                   "",
		"Email me at olha@c.test please":             "",
		"Email:\nnot given\nolha@c.test":             "",
		strings.Repeat("x\n", 500) + "Email: a@b.cc": "",
	} {
		if got := r.field(text, r.MailLabels, addressIn); got != want {
			t.Errorf("%.40q: %q, want %q", text, got, want)
		}
	}
}

func TestPatternsMatchAddresses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, address string
		want             bool
	}{
		{"*@shopify.com", "mailer@shopify.com", true}, {"*@shopify.com", "a@mail.shopify.com", false}, {"*@*.shopify.com", "a@mail.shopify.com", true},
		{"wordpress@*", "wordpress@shop.test", true}, {"wordpress@*", "wordpress@a@b", false}, {"a@b.cc", "a@b.cc", true}, {"a@b.cc", "a@b.c", false},
		{"*", "a@b", false}, {"*@*", "a@b", true}, {"a*b*c@x", "aXbYc@x", true}, {"a*b*c@x", "aXbY@x", false}, {"*@x", "@x", true},
	} {
		if got := glob(c.pattern, c.address); got != c.want {
			t.Errorf("%s %s: %v", c.pattern, c.address, got)
		}
	}
}

func TestTheAllowListWins(t *testing.T) {
	t.Parallel()
	l := lists{"@bad.test": {Block: true}, "good@bad.test": {Allow: true}, "one@x.test": {Block: true}, "@x.test": {Allow: true}, "@co.uk": {Block: true}}
	for address, want := range map[string]Kind{"a@bad.test": Block, "A@Mail.Bad.Test": Block, "good@bad.test": Allow, "one@x.test": Allow, "a@notbad.test": "", "a@shop.co.uk": Block, "nobody": "", "": ""} {
		if got := l.judge(address); got.Kind != want {
			t.Errorf("%s: %+v", address, got)
		}
	}
}

func TestPatternsAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{" Eva@Example.com ": "eva@example.com", "example.com": "@example.com", "*@example.com": "@example.com", "@example.com": "@example.com", "mailto:a@b.cc": "a@b.cc",
		"": "", "com": "", "a b@c.dd": "", "@": "", "a@b@c.dd": "", "a@.dd": "", "a@b..cc": "", "@c.d": "", "*": ""} {
		got, err := Pattern(written)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", written, got, err)
		}
	}
}

func FuzzTake(f *testing.F) {
	f.Add("Email: olha@c.test\nName\nOlha", "Olha <olha@c.test>", "mailer@shopify.com")
	f.Add("メール：\u3000a@b.cc", "<>", "wordpress@x")
	f.Fuzz(func(t *testing.T, text, header, from string) {
		m := &mail.Message{From: mail.Address{Address: from}, ReplyTo: []mail.Address{mail.ParseAddress(header)}, Text: text}
		if got, ok := Take(readyRules, m, ours); ok && got.Source != FromSender && (!validAddress(got.Customer.Address) || ours(got.Customer.Address)) {
			t.Fatalf("%+v", got)
		}
	})
}

func FuzzPattern(f *testing.F) {
	f.Add("*@*.example.com", "eva@mail.example.com")
	f.Add("**a**@*", "aaaaaaaaaaa@")
	f.Fuzz(func(t *testing.T, pattern, address string) {
		if glob(pattern, address) && !strings.Contains(pattern, "*") && pattern != address {
			t.Fatalf("%q matches %q", pattern, address)
		}
		if p, err := Pattern(pattern); err == nil && (lists{p: {Block: true}}).judge(strings.TrimPrefix(p, "@")+"x").Kind != "" && wholeDomain(p) {
			t.Fatalf("%q", p)
		}
	})
}
