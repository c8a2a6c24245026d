package mail

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// seeds are small mails of every shape the package opens.
func seeds() [][]byte {
	texts := []string{
		"", "\n", "From: a@b.c\n\nhi", "no header at all", "From a@b Mon Jan 1\nSubject: =?utf-8?q?=E3=81?= =?utf-8?q?=82?=\n\n\x83\x65\x83\x58\x83\x67",
		"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\nx\n--c\nContent-Type: text/html\n\n<p>y<script>z</script>\n--b\nContent-Type: application/pdf; name*0*=utf-8''%E3%81; name*1*=%82\nContent-Transfer-Encoding: base64\n\nQUJD\n--b--\n",
		"Content-Type: text/plain; format=flowed; delsp=yes\n\n> a \n> b\n-- \nsig",
		"Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\na=\n=C3=A4=\r\n =zz=",
		"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nfailed\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b.c\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <x@y>\n\nz\n--b--",
		"Subject: x\n\nbegin 644 a.txt\n#86)C\n`\nend\n", "Content-Type: text/html\n\n<div class=gmail_quote>On Mon, 5 Jan 2026 at 9:15, A <a@b.c> wrote:<blockquote>q</blockquote></div>",
		"Content-Type: text/plain; charset=utf-7\n\n+AOQ-", "Content-Type: text/plain; charset=iso-2022-jp\n\n\x1b$B%F%9%H\x1b(B", "To: undisclosed:;, \"a\" <b@c>, (x) d@e, <@f:g@h>\n\n",
	}
	var out [][]byte
	for _, t := range texts {
		out = append(out, []byte(t))
	}
	return append(out, ordinaryMail(), sampleTNEF())
}

// sampleTNEF is winmail.dat with a text, an HTML body and one file.
func sampleTNEF() []byte {
	var b bytes.Buffer
	b.WriteString("Content-Type: application/ms-tnef; name=winmail.dat\n\n")
	b.Write(buildTNEF("note.txt", "content", "<p>From Outlook</p>"))
	return b.Bytes()
}

func FuzzParse(f *testing.F) {
	for _, s := range append(seeds(), samples(f)...) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := ParseBytes(raw, Options{})
		if err != nil || m == nil {
			t.Fatalf("%v", err)
		}
		for _, s := range []string{m.Subject, m.Text, m.HTML, m.ReplyText, m.ReplyHTML, m.From.Name} {
			if !utf8.ValidString(s) {
				t.Fatalf("not UTF-8: %q", s)
			}
		}
		if strings.ContainsAny(m.Subject+m.From.Name+m.From.Address, "\r\n\x00") {
			t.Fatal("line break in a header value")
		}
		checkSafe(t, m.HTML)
		checkSafe(t, m.ReplyHTML)
		m.JSON()
	})
}

// checkSafe looks for what must never come out of the sanitizer.
func checkSafe(t *testing.T, page string) {
	t.Helper()
	low := strings.ToLower(page)
	for _, bad := range []string{"<script", "<iframe", "<object", "<embed", "<form", "<style", "<svg", "<meta", "<base", "<link"} {
		if strings.Contains(low, bad) {
			t.Fatalf("%s in %q", bad, page)
		}
	}
}

func FuzzTrim(f *testing.F) {
	for _, list := range attributions {
		for _, a := range list {
			f.Add("mine\n\n"+a+"\n> quoted\n\n-- \nname", false)
		}
	}
	f.Fuzz(func(t *testing.T, text string, fromHTML bool) {
		lines := splitLines(text)
		n := len(lines)
		out := trimLines(lines, fromHTML)
		if len(out.keep) != n {
			t.Fatal("length")
		}
	})
}

func FuzzSanitize(f *testing.F) {
	for _, s := range []string{"<p>x", "<a href=' javascript:x'>", "<img src=cid:a><img src=http://x width=1 height=1>", "<div style=\"background:url(x);color:red\">", "<table><td><li></table>", "<svg><style><a title=\"</style><img onerror=x>\">", "<title><p>x", "<!--[if mso]><p><![endif]-->", "<pre>a\nb</pre>", "<blockquote type=cite>x</blockquote>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		out, _ := SanitizeHTML(in)
		checkSafe(t, out)
		again, _ := SanitizeHTML(strings.ReplaceAll(strings.ReplaceAll(out, "data-remote-src=", "src="), "data-cid=\"", "src=\"cid:"))
		checkSafe(t, again)
		HTMLToText(in)
	})
}

func FuzzTNEF(f *testing.F) {
	f.Add(buildTNEF("a.txt", "x", "<p>y"))
	f.Fuzz(func(t *testing.T, b []byte) {
		parsed, ok := parseTNEF(b, 0)
		if ok && len(parsed.files) > maxTNEFFiles {
			t.Fatalf("%d files", len(parsed.files))
		}
	})
}

func FuzzComposeRoundTrip(f *testing.F) {
	f.Add("Ольга", "olha@example.test", "Re: замовлення", "Доброго дня\n.\nFrom me", "<p>x</p>", "файл.pdf", "content")
	f.Add("a \"b\" c", "a@b.test", "  =?utf-8?q?x?= ", "-- \nx ", "", "a\"b\\c.txt", "")
	f.Fuzz(func(t *testing.T, name, address, subject, text, page, file, content string) {
		o := Outgoing{From: Address{name, address}, To: []Address{{name, "to@example.test"}}, Subject: subject, Date: time.Unix(1767600000, 0).UTC(),
			MessageID: "id@example.test", Text: text, HTML: page, Files: []OutgoingFile{{Name: file, ContentType: "text/plain", Open: opens(content)}}}
		raw, err := Compose(o)
		if err != nil {
			return
		}
		for _, l := range bytes.Split(raw, []byte("\r\n")) {
			if len(l) > 998 || bytes.ContainsAny(l, "\r\n\x00") || !isASCII(l) {
				t.Fatalf("line %q", l)
			}
		}
		m, err := ParseBytes(raw, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Attachments) != 1 || m.Attachments[0].Size != int64(len(content)) || m.MessageID != "id@example.test" || len(m.To) != 1 {
			t.Fatalf("%+v", m)
		}
		if len(m.Headers.Values("Bcc")) > 0 || len(m.Headers.fields) > 12 {
			t.Fatalf("%+v", m.Headers)
		}
	})
}
