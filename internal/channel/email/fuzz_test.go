package email

import (
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/mail/auth"
)

// Whatever a server says while somebody signs in with a token, the answer is the
// one byte that lets it refuse, and never the token again.
func FuzzXOAuth2(f *testing.F) {
	f.Add("support@shop.test", "ya29.token", []byte(`{"status":"401","schemes":"bearer","scope":"https://mail.google.com/"}`))
	f.Add("", "", []byte("\x01"))
	f.Fuzz(func(t *testing.T, user, token string, challenge []byte) {
		for _, offered := range []string{xoauth2Name, "OAUTHBEARER"} {
			c := bearer(inbox.Server{Host: "imap.example.test", Port: 993, Username: user}, token, func(name string) bool { return name == offered })
			name, _, err := c.Start()
			if err != nil || name != offered {
				t.Fatalf("%s, %v", name, err)
			}
			if answer, err := c.Next(challenge); err == nil && string(answer) != "\x01" {
				t.Fatalf("%q", answer)
			}
		}
	})
}

func FuzzHints(f *testing.F) {
	f.Add("Re: Parcel [#4711]", "support+Tok3n@shop.test", "<a@x> <b@x>", "x@shop.test")
	f.Add("[#999999999999999999999]", "<support+@shop.test>, +@shop.test", "<<a>", "@")
	f.Fuzz(func(t *testing.T, subject, to, references, envelope string) {
		line := func(s string) string {
			return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < ' ' }), " ")
		}
		m, err := mail.ParseBytes([]byte("From: a@b.test\r\nSubject: "+line(subject)+"\r\nTo: "+line(to)+"\r\nDelivered-To: "+line(to)+"\r\nReferences: "+line(references)+"\r\n\r\nx"), mail.Options{})
		if err != nil {
			t.Fatal(err)
		}
		h := hints(m, 1, ours, []string{envelope})
		if len(h.threadIDs) > maxThreadIDs || len(h.tokens) > 10 || h.subjectNumber < 0 {
			t.Fatalf("%+v", h)
		}
		for _, p := range append(h.to, h.cc...) {
			if _, _, _, own := ours.owner(p.Address); own {
				t.Fatalf("%s is ours", p.Address)
			}
		}
	})
}

func FuzzOrigin(f *testing.F) {
	f.Add(`"eva@bank.test" <a@b.test>`, "<https://groups.example/x>, <mailto:support@shop.test?subject=%41>", "support.shop.test", "mx.test; dmarc=fail header.from=b.test")
	f.Fuzz(func(t *testing.T, from, post, id, results string) {
		line := func(s string) string {
			return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < ' ' }), " ")
		}
		m, err := mail.ParseBytes([]byte("From: "+line(from)+"\r\nList-Post: "+line(post)+"\r\nList-Id: "+line(id)+"\r\nX-Spam-Status: "+line(results)+"\r\n\r\nx"), mail.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r := &reader{own: ours}
		o := r.origin(m, "bounce@b.test")
		d := doubt(m, auth.Parse(results), true, false, false, false)
		if d != nil && len(d.DKIM) > 5 || len(o.customer.Address) > 0 && strings.ContainsAny(o.customer.Address, "\r\n") {
			t.Fatalf("%+v %+v", d, o)
		}
	})
}
