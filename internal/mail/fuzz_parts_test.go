package mail

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// samples are the mails of testdata.
func samples(f *testing.F) [][]byte {
	f.Helper()
	names, err := filepath.Glob("testdata/*.eml")
	if err != nil || len(names) == 0 {
		f.Fatal("no samples", err)
	}
	var out [][]byte
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		out = append(out, raw)
	}
	return out
}

// shown fails for what is no text, or would break a line of a header.
func shown(t *testing.T, oneLine bool, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if !utf8.ValidString(s) {
			t.Fatalf("not UTF-8: %q", s)
		}
		if oneLine && strings.ContainsAny(s, "\r\n\x00") {
			t.Fatalf("several lines: %q", s)
		}
	}
}

func FuzzCharset(f *testing.F) {
	for _, name := range []string{"", "utf-8", "utf-7", "windows-1254", "koi8-u", "windows-1251", "iso-2022-jp", "iso-2022-kr", "shift_jis", "gb18030", "hz-gb-2312", "big5", "euc-kr", "utf-16", "us-ascii", "1252", "x-unknown"} {
		f.Add(name, "", []byte("Gr\xfc\xdfe \x1b$B%F%9%H\x1b(B +AOQ- \x83\x65"))
	}
	f.Fuzz(func(t *testing.T, name, hint string, b []byte) {
		for _, text := range []string{decodeCharset(name, b), decodeBody(name, hint, b), decodeUndeclared(b, hint)} {
			shown(t, false, text)
			if len(text) > 16*len(b)+16 {
				t.Fatalf("%d bytes of %d", len(text), len(b))
			}
		}
	})
}

func FuzzHeaderText(f *testing.F) {
	for _, s := range []string{"=?utf-8?q?a=20b?=", "=?iso-2022-jp?B?GyRCJUYlOSVIGyhC?= x", "=?utf-8?b?4w==?= =?utf-8?b?gYI=?=", "=?x?q?a", "=?utf-8?q?a?=20b?=", "\xe9", "=?utf-8*en?q?x?="} {
		f.Add(s, "windows-1251")
	}
	f.Fuzz(func(t *testing.T, value, hint string) {
		shown(t, true, decodeHeader(value, hint))
	})
}

func FuzzParameters(f *testing.F) {
	for _, s := range []string{`text/plain; charset="utf-8"; format=flowed`, `a/b; name*0*=utf-8''%E3%81; name*1*=%82`, `attachment; filename=my report.pdf; size=1`, `x; name="a"b"; c=d`, `=?utf-8?q?text/plain?=; charset==?utf-8?q?x?=`, `multipart/mixed boundary=abc`} {
		f.Add(s, "")
	}
	f.Fuzz(func(t *testing.T, value, hint string) {
		m := parseMedia(value, hint)
		if len(m.params) > 200 {
			t.Fatalf("%d parameters", len(m.params))
		}
		shown(t, true, cleanFilename(m.params["name"]), cleanFilename(m.params["filename"]))
		if name := cleanFilename(m.params["filename"]); strings.ContainsAny(name, `/\`) && !strings.HasSuffix(name, "/") && !strings.HasSuffix(name, `\`) || len([]rune(name)) > 200 {
			t.Fatalf("%q is no name of a file", name)
		}
	})
}

func FuzzAddresses(f *testing.F) {
	for _, s := range []string{`"Koval, Olha" <olha@c.test>, b@c.test`, `Team: a@b.test, c@d.test;`, `<""@host.test>`, `a@b.test (Olha (K))`, `=?utf-8?q?Olha_=3Ca=40b.test=3E?=`, `Koval, Olha <a@b.test>`, `<@x,@y:a@b.test>`, "\xce\xeb <a@b.test>", `"`, `<`} {
		f.Add(s, "windows-1251")
	}
	f.Fuzz(func(t *testing.T, value, hint string) {
		list := parseAddresses(value, hint)
		if len(list) > maxAddresses {
			t.Fatalf("%d addresses", len(list))
		}
		for _, a := range list {
			shown(t, true, a.Name)
		}
		ParseAddress(value)
	})
}

func FuzzMessageIDs(f *testing.F) {
	for _, s := range []string{"<a@b> <c@d>", "<a@b><c@d>", "a@b, c@d", "<a\r\n b@c>", "=?utf-8?q?<a@b>?=", "<<a@b>>", "<"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		ids := messageIDs(value)
		if len(ids) > maxIDs {
			t.Fatalf("%d ids", len(ids))
		}
		for _, id := range ids {
			if strings.ContainsAny(id, " \t\r\n>") {
				t.Fatalf("%q", id)
			}
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"Mon, 5 Jan 2026 11:15:00 +0200", "5-Jan-26 9:15 PM", "2026-01-05T09:15:00Z", "Mon Jan  5 09:15:00 2026", "1 jan 99999999999 1:1:1 +9999", "::"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d := parseDate(s); !d.IsZero() && (d.Year() < -1 || d.Year() > 10000) {
			t.Fatalf("%v", d)
		}
	})
}

// Every way of cutting the same bytes gives the same decoded ones.
func FuzzTransferDecoders(f *testing.F) {
	for _, e := range []string{"base64", "quoted-printable", "uuencode", "7bit"} {
		f.Add(e, []byte("QUJD=\r\nR=C3=A4 =\n=zz==\nbegin 644 a\n#86)C\n`\nend\n"), uint8(7))
	}
	f.Fuzz(func(t *testing.T, encoding string, b []byte, cut uint8) {
		encoding = transferEncoding(encoding)
		whole := newTransferDecoder(encoding)
		want := whole.flush(whole.decode(nil, b))
		if len(want) > len(b)+100 && !strings.Contains(encoding, "uu") {
			t.Fatalf("%d bytes of %d", len(want), len(b))
		}
		if strings.Contains(encoding, "uu") { // reads lines
			return
		}
		n := int(cut) % (len(b) + 1)
		parts := newTransferDecoder(encoding)
		got := parts.flush(parts.decode(parts.decode(nil, b[:n]), b[n:]))
		if encoding == "base64" && !bytes.Equal(got, want) {
			t.Fatalf("%q, not %q", got, want)
		}
	})
}

func FuzzTextForms(f *testing.F) {
	f.Add("> a \n> b\n-- \nsig \nmore", true)
	f.Add("<bold>x</bold><<y<param>hidden</param>", false)
	f.Fuzz(func(t *testing.T, text string, delsp bool) {
		if !utf8.ValidString(text) {
			return
		}
		flowed := unflow(text, delsp)
		letters := func(s string) string {
			return strings.Map(func(r rune) rune {
				if strings.ContainsRune("> \n", r) {
					return -1
				}
				return r
			}, s)
		}
		if letters(flowed) != letters(text) {
			t.Fatalf("%q became %q", text, flowed)
		}
		enrichedText(text)
		shown(t, false, TextToHTML(text), normalizeText(text))
		checkSafe(t, TextToHTML(text))
	})
}

func FuzzRTF(f *testing.F) {
	for _, s := range []string{`{\rtf1\ansi\ansicpg1251\fromhtml1 {\*\htmltag64 <p>}\'cf\u1088?\par}`, `{\rtf1 \bin99999999 x}`, `{\rtf1{{{{}`, `\u-1?\uc9999\u65?`} {
		f.Add([]byte(s))
	}
	f.Add([]byte("\x20\x00\x00\x00\xff\xff\xff\x7fLZFu\x00\x00\x00\x00\x00{\\rtf1}\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		raw := decompressRTF(b)
		if len(raw) > maxRTF+16 {
			t.Fatalf("%d bytes", len(raw))
		}
		for _, in := range [][]byte{b, raw} {
			text, _ := readRTF(in)
			shown(t, false, text)
		}
	})
}

func FuzzUUEncode(f *testing.F) {
	f.Add([]byte("Hello\nbegin 644 a.txt\n#86)C\n`\nend\nBye\n"))
	f.Add([]byte("begin 644 a\nM\nbegin 644 b\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		raw := append([]byte("From: a@b.test\nContent-Type: text/plain; charset=utf-8\n\n"), body...)
		m, err := ParseBytes(raw, Options{})
		if err != nil || len(m.Attachments) > maxUUFiles+1 {
			t.Fatalf("%v %d", err, len(m.Attachments))
		}
	})
}

func FuzzDeliveryStatus(f *testing.F) {
	f.Add([]byte("Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b.test\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no\n such user\n"))
	f.Add([]byte("Final-Recipient: rfc822;@x:a@b.test\nFinal-Recipient: x\nStatus: 4.\n\nAction: \n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		list := dsnRecipients(b)
		if len(list) > maxBounces {
			t.Fatalf("%d recipients", len(list))
		}
		for _, one := range list {
			shown(t, false, one.Recipient, one.Reason, one.Status)
			if len(one.Reason) > 1000 || one.Status != "" && !strings.ContainsRune("245", rune(one.Status[0])) {
				t.Fatalf("%+v", one)
			}
		}
	})
}

func FuzzBounceText(f *testing.F) {
	f.Add("failure notice", "Hi. This is the qmail-send program.\n<gone@c.test>:\nRemote host said: 550 5.1.1 no\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <m1@shop.test>\n")
	f.Add("Undeliverable: x", "Delivery has failed to these recipients:\ngone@c.test\n550 5.1.10 RESOLVER.ADR.RecipientNotFound")
	f.Add("Mail System Error - Returned Mail", "次のあて先へのメッセージはエラーのため送信できませんでした。\n<gone@c.test>\n")
	f.Add("AWS", `{"notificationType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":"gone@c.test"}]}}`)
	f.Fuzz(func(t *testing.T, subject, body string) {
		readNotice(body, nil)
		sesNotification(body)
		raw := "From: MAILER-DAEMON@mx.test\nSubject: " + strings.Join(strings.Fields(subject), " ") + "\nContent-Type: text/plain; charset=utf-8\n\n" + body
		m, err := ParseBytes([]byte(raw), Options{})
		if err != nil || len(m.Bounces) > maxBounces || m.Bounce && !m.Automatic {
			t.Fatalf("%v %+v", err, m)
		}
		for _, b := range m.Bounces {
			shown(t, false, b.Recipient, b.Reason)
		}
	})
}

func FuzzFeedbackReport(f *testing.F) {
	f.Add("Feedback-Type: abuse\nOriginal-Rcpt-To: <olha@c.test>", "Message-ID: <m1@shop.test>\nTo: olha@c.test")
	f.Add("Feedback-Type: auth-failure", "")
	f.Fuzz(func(t *testing.T, report, original string) {
		raw := "From: fbl@isp.test\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\nA complaint.\n--b\nContent-Type: message/feedback-report\n\n" +
			report + "\n--b\nContent-Type: message/rfc822\n\n" + original + "\n\nHello\n--b--\n"
		m, err := ParseBytes([]byte(raw), Options{})
		if err != nil || !m.Automatic || m.Bounce && m.Complaint || len(m.Bounces) > maxBounces {
			t.Fatalf("%v %+v", err, m)
		}
	})
}

func FuzzHTMLReply(f *testing.F) {
	f.Add(`<div dir="ltr">Yes</div><div class="gmail_quote"><div class="gmail_attr">On 5 Jan A wrote:</div><blockquote>q</blockquote></div>`)
	f.Add(`<p>x</p><div style="border-top:solid #E1E1E1 1.0pt"><b>From:</b> a@b.test<br><b>Sent:</b> Monday<br><b>To:</b> c@d.test<br><b>Subject:</b> y</div><p>q</p>`)
	f.Fuzz(func(t *testing.T, page string) {
		m, err := ParseBytes([]byte("From: a@b.test\nContent-Type: text/html; charset=utf-8\n\n"+page), Options{})
		if err != nil {
			t.Fatal(err)
		}
		checkSafe(t, m.HTML)
		checkSafe(t, m.ReplyHTML)
		if strings.TrimSpace(m.Text) != "" && strings.TrimSpace(m.ReplyText) == "" {
			t.Fatalf("nothing is left of %q", m.Text)
		}
	})
}

func FuzzForwardedText(f *testing.F) {
	f.Add("Fwd: Lamp", "See below.\n\n---------- Forwarded message ---------\nFrom: Eva <eva@c.test>\nDate: Mon, 5 Jan 2026\nSubject: Lamp\nTo: a@b.test\n\nIt is broken.")
	f.Add("WG: Lampe", "Von: Eva [mailto:eva@c.test]\nGesendet: Montag\nAn: a@b.test\nBetreff: Lampe\n\nKaputt.")
	f.Add("", "--- x --- From: a <b@c.test> To: d")
	f.Fuzz(func(t *testing.T, subject, text string) {
		raw := "From: a@b.test\nSubject: " + strings.Join(strings.Fields(subject), " ") + "\nContent-Type: text/plain; charset=utf-8\n\n" + text
		m, err := ParseBytes([]byte(raw), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if o := m.Forwarded; o != nil {
			shown(t, true, o.From.Name, o.From.Address, o.Subject)
		}
		if strings.TrimSpace(m.Text) != "" && strings.TrimSpace(m.ReplyText) == "" {
			t.Fatalf("nothing is left of %q", m.Text)
		}
	})
}

func FuzzInlinePGP(f *testing.F) {
	f.Add("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello\n- -- dash\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\nafter")
	f.Add("-----BEGIN PGP SIGNED MESSAGE-----\n-----BEGIN PGP SIGNATURE-----")
	f.Fuzz(func(t *testing.T, text string) {
		w := &walker{m: &Message{}}
		if out := w.unwrapPGP(text); len(out) > len(text) {
			t.Fatalf("%q grew to %q", text, out)
		}
	})
}

func FuzzStream(f *testing.F) {
	f.Add([]byte("RnJvbTogYUBiLnRlc3QKCmhp\n\nnot base64!\n"))
	f.Fuzz(func(t *testing.T, lines []byte) {
		var out bytes.Buffer
		if err := Stream(bytes.NewReader(lines), &out); err != nil {
			t.Fatal(err)
		}
	})
}

// A mail that goes over every limit is still a message, and what is in no file
// of it is said to be cut.
func FuzzLimits(f *testing.F) {
	for _, raw := range samples(f) {
		f.Add(raw)
	}
	tight := Limits{Depth: 3, Parts: 4, HeaderBytes: 600, HeaderLines: 8, TextBytes: 200, BodyBytes: 300, Capture: 400}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := ParseBytes(raw, Options{Limits: tight, At: time.Unix(1767600000, 0)})
		if err != nil || m == nil {
			t.Fatal(err)
		}
		if len(m.Headers.fields) > tight.HeaderLines || len(m.Attachments) > 4*tight.Parts+maxTNEFFiles+maxUUFiles {
			t.Fatalf("%d fields, %d files", len(m.Headers.fields), len(m.Attachments))
		}
		if m.Cut && len(m.Warnings) == 0 {
			t.Fatal("cut without a word")
		}
	})
}
