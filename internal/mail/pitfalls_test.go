package mail

import (
	"strings"
	"testing"
	"time"
)

func parse(t *testing.T, raw string) *Message {
	t.Helper()
	m, err := ParseBytes([]byte(strings.ReplaceAll(raw, "\n", "\r\n")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestPitfallOneBadMailIsStillAMessage(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", "\x00\x01\x02", "\r\n\r\n", "x", "MZ\x90\x00\xff\xfe", "Content-Type: multipart/mixed\r\n\r\n", ": :\r\n: \r\n\r\n"} {
		m, err := ParseBytes([]byte(raw), Options{})
		if err != nil || m == nil || len(m.Warnings) == 0 {
			t.Errorf("%q: %v %+v", raw, err, m)
		}
	}
}

func TestPitfallRawEightBitHeaders(t *testing.T) {
	t.Parallel()
	m := parse(t, "From: \xce\xeb\xfc\xe3\xe0 <olha@c.test>\nTo: J\xfcrgen <j@shop.test>\nSubject: \xc7\xe0\xea\xe0\xe7 1042\nContent-Type: text/plain; charset=windows-1251\n\n\xcf\xf0\xe8\xe2\xe5\xf2\n")
	if m.From != (Address{"Ольга", "olha@c.test"}) || m.Subject != "Заказ 1042" || m.Text != "Привет" || m.To[0].Address != "j@shop.test" {
		t.Errorf("%+v %q %q", m.From, m.Subject, m.Text)
	}
	m = parse(t, "From: Ольга <olha@c.test>\nSubject: Замовлення\n\nx\n")
	if m.From.Name != "Ольга" || m.Subject != "Замовлення" {
		t.Errorf("%+v %q", m.From, m.Subject)
	}
}

func TestPitfallUnknownCharsetNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"1252", "cp-1252", "Windows 1252", "x-unknown", "iso-8859-1-windows-3.1-latin-1", "\"\"", "=?utf-8?q?x?="} {
		if m := parse(t, "From: a@b.test\nContent-Type: text/plain; charset="+name+"\n\nGr\xfc\xdfe aus K\xf6ln\n"); m.Text != "Grüße aus Köln" {
			t.Errorf("%s: %q", name, m.Text)
		}
	}
	if m := parse(t, "From: a@b.test\nContent-Type: text/plain; charset=windows-1257\n\nA\xe8i\xfb\n"); m.Text != "Ačiū" {
		t.Errorf("%q", m.Text)
	}
}

func TestPitfallInvalidUTF8(t *testing.T) {
	t.Parallel()
	m := parse(t, "From: a@b.test\nContent-Type: text/plain; charset=utf-8\n\nдобрий день\xff усім, дякую \xc3\n")
	if !strings.HasPrefix(m.Text, "добрий день\ufffd усім, дякую") {
		t.Errorf("%q", m.Text)
	}
}

func TestPitfallRFC2231Names(t *testing.T) {
	t.Parallel()
	for param, want := range map[string]string{
		`filename*=utf-8''%D1%80%D0%B0%D1%85.pdf`:                              "рах.pdf",
		`filename*0*=utf-8''%D1%80%D0; filename*1*=%B0%D1%85; filename*2=.pdf`: "рах.pdf",
		`filename*=windows-1251''%F0%E0%F5.pdf`:                                "рах.pdf",
		"filename=\"\xf0\xe0\xf5\xf3\xed\xee\xea.pdf\"":                        "рахунок.pdf",
		"filename=\"рах.pdf\"":                                                 "рах.pdf",
		`filename="=?utf-8?B?0YDQsNGFLnBkZg==?="`:                              "рах.pdf",
		`filename==?utf-8?Q?=D1=80=D0=B0=D1=85=2Epdf?=`:                        "рах.pdf",
		`filename=my report 2026.pdf`:                                          "my report 2026.pdf",
		`filename="a;b.pdf"`:                                                   "a;b.pdf",
		`filename="..\..\etc\passwd"`:                                          "passwd",
		`filename*="рах.pdf"`:                                                  "рах.pdf",
	} {
		m := parse(t, "From: a@b.test\nContent-Type: application/pdf\nContent-Disposition: attachment; "+param+"\n\nx\n")
		if len(m.Attachments) != 1 || m.Attachments[0].Filename != want {
			t.Errorf("%s: %+v", param, m.Attachments)
		}
	}
}

func TestPitfallEncodedWordsInContentType(t *testing.T) {
	t.Parallel()
	m := parse(t, "From: a@b.test\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: application/pdf;\n name=\"=?UTF-8?B?0YDQsNGFLg==?=\n =?UTF-8?B?cGRm?=\"\n\nx\n--b--\n")
	if len(m.Attachments) != 1 || m.Attachments[0].Filename != "рах.pdf" {
		t.Errorf("%+v", m.Attachments)
	}
}

func TestPitfallOddBoundaries(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{
		"missing parameter": "Content-Type: multipart/mixed\n\n--xyz\nContent-Type: text/plain\n\nshown\n--xyz--\n",
		"wrong parameter":   "Content-Type: multipart/mixed; boundary=abc\n\n--xyz\nContent-Type: text/plain\n\nshown\n--xyz--\n",
		"never closed":      "Content-Type: multipart/mixed; boundary=abc\n\n--abc\nContent-Type: text/plain\n\nshown\n",
		"inner not closed":  "Content-Type: multipart/mixed; boundary=abc\n\n--abc\nContent-Type: multipart/alternative; boundary=abcd\n\n--abcd\nContent-Type: text/plain\n\nshown\n--abc--\n",
		"blanks after":      "Content-Type: multipart/mixed; boundary=\"abc \"\n\n--abc  \nContent-Type: text/plain\n\nshown\n--abc--  \n",
		"encoded":           "Content-Type: multipart/mixed; boundary=abc\nContent-Transfer-Encoding: base64\n\nLS1hYmMKQ29udGVudC1UeXBlOiB0ZXh0L3BsYWluCgpzaG93bgotLWFiYy0tCg==\n",
		"no header":         "Content-Type: multipart/mixed; boundary=abc\n\n--abc\n\nshown\n--abc--\n",
	} {
		if m := parse(t, "From: a@b.test\nMIME-Version: 1.0\n"+raw); m.Text != "shown" {
			t.Errorf("%s: %q", name, m.Text)
		}
	}
}

func TestPitfallUnreadableSenders(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]Address{
		`<""@host.test>`:                         {"", `""@host.test`},
		`<>`:                                     {},
		`Olha`:                                   {"", "Olha"},
		`"Olha" <olha@c.test`:                    {"Olha", "olha@c.test"},
		`olha@c.test (Olha K)`:                   {"Olha K", "olha@c.test"},
		`"olha@c.test" <olha@c.test>`:            {"olha@c.test", "olha@c.test"},
		`=?utf-8?q?Olha_=3Colha=40c=2Etest=3E?=`: {"Olha", "olha@c.test"},
		`Koval, Olha <olha@c.test>`:              {"Koval, Olha", "olha@c.test"},
		`"Koval, Olha" <olha@c.test>`:            {"Koval, Olha", "olha@c.test"},
		`<olha@c.test> Olha`:                     {"Olha", "olha@c.test"},
		`mailto:olha@c.test`:                     {"", "olha@c.test"},
		`[olha@c.test]`:                          {"", "olha@c.test"},
		`Olha < olha @ c.test >`:                 {"Olha", "olha@c.test"},
		`Team: olha@c.test;`:                     {"", "olha@c.test"},
		`"Olha \"K\"" <olha@c.test>`:             {`Olha "K"`, "olha@c.test"},
	} {
		if m := parse(t, "From: "+from+"\nSubject: x\n\nx\n"); m.From != want {
			t.Errorf("%s: %+v", from, m.From)
		}
	}
}

func TestPitfallReplyToDiffersFromSender(t *testing.T) {
	t.Parallel()
	m := parse(t, "From: Web form <noreply@shop.test>\nReply-To: Olha <olha@c.test>\nX-Original-To: help@shop.test\nDelivered-To: box@shop.test\n\nx\n")
	if m.From.Address != "noreply@shop.test" || len(m.ReplyTo) != 1 || m.ReplyTo[0].Address != "olha@c.test" || m.Headers.Get("x-original-to") != "help@shop.test" {
		t.Errorf("%+v", m)
	}
}

func TestPitfallSeveralIDs(t *testing.T) {
	t.Parallel()
	m := parse(t, "From: a@b.test\nMessage-ID:\n <own@b.test>\nIn-Reply-To: <a@x.test> <b@x.test>\nReferences: <a@x.test><b@x.test>\n\t<c@x.\n test> d@x.test\n\nx\n")
	if m.MessageID != "own@b.test" || strings.Join(m.InReplyTo, " ") != "a@x.test b@x.test" || strings.Join(m.References, " ") != "a@x.test b@x.test c@x.test d@x.test" {
		t.Errorf("%q %q %q", m.MessageID, m.InReplyTo, m.References)
	}
}

func TestPitfallMailWithoutMessageIDOrDate(t *testing.T) {
	t.Parallel()
	a := parse(t, "From: a@b.test\nSubject: x\n\nx\n")
	b := parse(t, "Received: from elsewhere\nFrom: a@b.test\nSubject: x\nX-Spam: no\n\nx\n")
	c := parse(t, "From: a@b.test\nSubject: x\n\ny\n")
	if a.MessageID != "" || a.Hash != b.Hash || a.Hash == c.Hash || a.Hash == [32]byte{} {
		t.Errorf("%x %x %x", a.Hash, b.Hash, c.Hash)
	}
}

func TestPitfallHashOutlivesReencoding(t *testing.T) {
	t.Parallel()
	a := parse(t, "From: a@b.test\nTo: c@d.test\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n0YLQsNC6\n")
	b := parse(t, "From: a@b.test\nTo: c@d.test\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n=D1=82=D0=B0=D0=BA=\n\n")
	if a.Hash != b.Hash || a.Text != "так" {
		t.Errorf("%q %q", a.Text, b.Text)
	}
}

func TestPitfallMachineMailIsTold(t *testing.T) {
	t.Parallel()
	for header, auto := range map[string]bool{
		"Auto-Submitted: auto-replied": true, "Auto-Submitted: auto-generated": false, "Precedence: auto_reply": true, "Precedence: bulk": false, "X-Autoreply: yes": true, "X-Autorespond: x": true,
		"List-Id: <a.b>": false, "X-Auto-Response-Suppress: OOF": false, "Subject: Automatic reply: Order": true, "Subject: Abwesenheitsnotiz": true, "Subject: Автоответ: Заказ": true, "Subject: 自動返信": true, "Return-Path: <>": false,
	} {
		m := parse(t, "From: a@b.test\n"+header+"\n\nHello\n")
		if !m.Automatic || m.AutomaticReason == "" || m.AutoReply != auto || m.Bounce {
			t.Errorf("%s: %+v", header, m)
		}
	}
	for _, header := range []string{"Auto-Submitted: no", "Subject: Re: Automatic reply: Order", "Subject: Out of stock?"} {
		if m := parse(t, "From: a@b.test\n"+header+"\n\nI am out of office next week, please deliver later.\n"); m.Automatic || m.AutoReply {
			t.Errorf("%s: %s", header, m.AutomaticReason)
		}
	}
}

func TestPitfallOutOfOfficeWithoutHeaders(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"This is an automatic reply. I am away.", "Dies ist eine automatische Antwort.", "Це автоматична відповідь. Я у відпустці.", "Bu otomatik bir yanıttır."} {
		if m := parse(t, "From: a@b.test\nSubject: Re: Order\nContent-Type: text/plain; charset=utf-8\n\n"+body+"\n"); !m.AutoReply {
			t.Errorf("%q", body)
		}
	}
	if m := parse(t, "Return-Path: <>\nFrom: a@b.test\nSubject: Re: Order\n\nI am out of the office until Monday.\n"); !m.AutoReply {
		t.Error("empty return path and absence")
	}
}

func TestPitfallEmptyReturnPathAloneIsNoBounce(t *testing.T) {
	t.Parallel()
	if m := parse(t, "Return-Path: <>\nFrom: shop@market.test\nSubject: New order\n\nOrder 1042\n"); m.Bounce {
		t.Error("bounce")
	}
}

func TestParcelsThatFailAreNoBounces(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{
		"Return-Path: <>\nFrom: Carrier <no-reply@carrier.test>\nSubject: Delivery failed: your parcel 1042\nAuto-Submitted: auto-generated\n\nYour parcel could not be delivered today.\nsupport@carrier.test\n",
		"From: Olha <olha@c.test>\nSubject: Delivery problem\n\nThe parcel could not be delivered because nobody was at home. Delivery failed twice.\n",
		"From: olha@c.test\nSubject: Returned to sender\n\nMy parcel was returned to sender, it was undeliverable. Please refund order 550 now.\n",
		"Return-Path: <>\nFrom: shop@market.test\nSubject: Undeliverable order\n\nThe item is undeliverable to the address of the buyer.\n",
		"From: help@partner.test\nSubject: Re: Undelivered Mail Returned to Sender\n\nPlease see below, did you get this?\n\n> 550 5.1.1 user unknown\n",
	} {
		if m := parse(t, raw); m.Bounce {
			t.Errorf("%q: %+v", raw, m.Bounces)
		}
	}
}

func TestReportInsideOfTheTextIsRead(t *testing.T) {
	t.Parallel()
	m := parse(t, "From: MAILER-DAEMON@mx.test\nSubject: Undelivered Mail Returned to Sender\n\nSorry.\n\nReturn-Path: <>\nReceived: from relay.test\n\nFinal-Recipient: rfc822; gone@c.test\nAction: failed\nStatus: 5.2.1\n")
	if !m.Bounce || len(m.Bounces) != 1 || m.Bounces[0].Recipient != "gone@c.test" || m.Bounces[0].Status != "5.2.1" {
		t.Errorf("%+v", m.Bounces)
	}
}

func TestPitfallBouncesThatAreNoDSN(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ raw, rcpt, status string }{
		"qmail":    {"From: MAILER-DAEMON@mx.test\nSubject: failure notice\n\nHi. This is the qmail-send program at mx.test.\nI'm afraid I wasn't able to deliver your message.\n\n<gone@c.test>:\n192.0.2.1 failed after I sent the message.\nRemote host said: 550 5.1.1 no such user\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <m1@shop.test>\nTo: gone@c.test\n\nHello\n", "gone@c.test", "5.1.1"},
		"exim":     {"From: Mail Delivery System <Mailer-Daemon@mx.test>\nX-Failed-Recipients: gone@c.test\nSubject: Mail delivery failed: returning message to sender\n\nThe following address(es) failed:\n\n  gone@c.test\n    host mx.c.test [192.0.2.1]: 552 5.2.2 mailbox full\n\n------ This is a copy of the message, including all the headers. ------\n\nMessage-Id: <m1@shop.test>\nTo: gone@c.test\n\nHello\n", "gone@c.test", "5.2.2"},
		"exchange": {"From: postmaster@c.test\nSubject: Undeliverable: Order\nContent-Type: text/html\n\n<p>Delivery has failed to these recipients:</p><p><a href=\"mailto:gone@c.test\">gone@c.test</a></p><p>Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound'</p>", "gone@c.test", "5.1.10"},
		"ses":      {"From: no-reply@sns.amazonaws.com\nSubject: AWS Notification Message\n\n{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Permanent\",\"bouncedRecipients\":[{\"emailAddress\":\"gone@c.test\",\"action\":\"failed\",\"status\":\"5.1.1\",\"diagnosticCode\":\"smtp; 550 5.1.1 user unknown\"}]},\"mail\":{\"messageId\":\"m1@shop.test\"}}\n", "gone@c.test", "5.1.1"},
		"japanese": {"From: Postmaster@carrier.test\nReturn-Path: <MAILER-DAEMON>\nSubject: Mail System Error - Returned Mail\nContent-Type: text/plain; charset=utf-8\n\n次のあて先へのメッセージはエラーのため送信できませんでした。\n\n<gone@c.test>\n\nUnknown user\n", "gone@c.test", "5.1.1"},
	} {
		m := parse(t, c.raw)
		if !m.Bounce || !m.Automatic || len(m.Bounces) != 1 || m.Bounces[0].Recipient != c.rcpt || m.Bounces[0].Status != c.status {
			t.Errorf("%s: %v %+v", name, m.Bounce, m.Bounces)
		}
		if id := m.Bounces[0].OriginalMessageID; name != "exchange" && name != "japanese" && id != "m1@shop.test" {
			t.Errorf("%s: original %q", name, id)
		}
	}
}

func TestPitfallDeliveryReportIsNoBounce(t *testing.T) {
	t.Parallel()
	raw := "From: MAILER-DAEMON@mx.test\nSubject: Delivery report\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nYour message was delivered.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.test\n\nFinal-Recipient: rfc822; a@c.test\nAction: ACTION\nStatus: STATUS\n--b--\n"
	if m := parse(t, strings.NewReplacer("ACTION", "delivered", "STATUS", "2.0.0").Replace(raw)); m.Bounce || !m.Automatic {
		t.Errorf("%+v", m.Bounces)
	}
	if m := parse(t, strings.NewReplacer("ACTION", "delayed", "STATUS", "4.4.1").Replace(raw)); !m.Bounce || m.Bounces[0].Hard || m.Bounces[0].Action != "delayed" {
		t.Errorf("%+v", m.Bounces)
	}
}

func TestPitfallComplaint(t *testing.T) {
	t.Parallel()
	m := parse(t, "From: fbl@isp.test\nSubject: complaint\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\nA complaint.\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nOriginal-Rcpt-To: olha@c.test\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <m1@shop.test>\n\nHello\n--b--\n")
	if !m.Complaint || m.Bounce || len(m.Bounces) != 1 || m.Bounces[0].Recipient != "olha@c.test" || m.Bounces[0].OriginalMessageID != "m1@shop.test" {
		t.Errorf("%+v", m)
	}
}

func TestPitfallMarketplaceMailStaysReadable(t *testing.T) {
	t.Parallel()
	m := parse(t, "From: Buyer via Market <relay-1@market.test>\nAuto-Submitted: auto-generated\nReply-To: relay-1@market.test\nSubject: Question about your item\n\nWhen will it arrive?\n")
	if m.ReplyText != "When will it arrive?" || m.AutoReply || m.Bounce || !m.Automatic {
		t.Errorf("%+v", m)
	}
}

func TestPitfallInlineImagesWithoutDisposition(t *testing.T) {
	t.Parallel()
	m := parse(t, "From: a@b.test\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>see <img src=\"cid:one@x\"></p>\n--b\nContent-Type: image/png\nContent-ID: <one@x>\n\nPNG\n--b\nContent-Type: application/pdf; name=a.pdf\nContent-ID: <two@x>\nContent-Disposition: attachment\n\nPDF\n--b--\n")
	if len(m.Attachments) != 2 || !m.Attachments[0].Inline || m.Attachments[1].Inline || !strings.Contains(m.HTML, `data-cid="one@x"`) || strings.Contains(m.HTML, " src=") {
		t.Errorf("%+v %s", m.Attachments, m.HTML)
	}
}

func TestPitfallInlinePGPIsRecognised(t *testing.T) {
	t.Parallel()
	if m := parse(t, "From: a@b.test\n\n-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----\n"); m.PGP != "encrypted" {
		t.Errorf("%q", m.PGP)
	}
	m := parse(t, "From: a@b.test\n\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello\n- -- dash\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n")
	if m.PGP != "signed" || m.ReplyText != "Hello\n-- dash" {
		t.Errorf("%q %q", m.PGP, m.ReplyText)
	}
}

func TestPitfallNewlinesStayInPlainText(t *testing.T) {
	t.Parallel()
	if m := parse(t, "From: a@b.test\n\none\ntwo\n\n\nthree\n"); m.Text != "one\ntwo\n\n\nthree" || m.ReplyText != m.Text || m.Full {
		t.Errorf("%q", m.Text)
	}
}

func TestPitfallTrackingPixelsAndScriptsGo(t *testing.T) {
	t.Parallel()
	m := parse(t, "From: a@b.test\nContent-Type: text/html\n\n<html><head><style>p{}</style><script>x()</script></head><body onload=x()><p style=\"background:url(http://e.test/x);color:red\" onclick=x()>Hi <a href=\"java\tscript:x()\">bad</a> <a href=\"https://ok.test/?a=1&amp;b=2\">ok</a></p><img src=\"http://t.test/open?id=1\" width=\"1\" height=\"1\"><img src=\"https://t.test/logo.png\" width=100><form action=x><input name=q></form><iframe src=x></iframe></body></html>")
	for _, bad := range []string{"script", "onload", "onclick", "url(", "t.test/open", "<form", "<input", "iframe", "<style"} {
		if strings.Contains(m.HTML, bad) {
			t.Errorf("%s in %s", bad, m.HTML)
		}
	}
	if !strings.Contains(m.HTML, `<a href="https://ok.test/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer nofollow">ok</a>`) || !strings.Contains(m.HTML, `data-remote-src="https://t.test/logo.png"`) || !m.HasRemoteImages || !strings.Contains(m.HTML, "color: red") {
		t.Error(m.HTML)
	}
}

func TestDatesInEveryShapeAreRead(t *testing.T) {
	t.Parallel()
	want := time.Date(2026, 1, 5, 9, 15, 0, 0, time.UTC)
	for _, s := range []string{
		"Mon, 5 Jan 2026 11:15:00 +0200", "5 Jan 2026 09:15 GMT", "Mon, 05 Jan 26 09:15:00 UT", "Mon, 5 Jan 2026 04:15:00 EST", "Mon Jan  5 09:15:00 2026", "2026-01-05T09:15:00Z", "Mon, 5 Jan 2026 09:15:00 +0000 (UTC)",
		"Monday, January 5, 2026 09:15:00 +0000", "Mon,5 Jan 2026 10:15:00 +01:00", "05-Jan-2026 09:15:00 +0000", "Mon, 5 Jan 2026 9:15 AM +0000",
	} {
		if m := parse(t, "From: a@b.test\nDate: "+s+"\n\nx\n"); !m.Date.Equal(want) {
			t.Errorf("%s: %v", s, m.Date)
		}
	}
	if m := parse(t, "From: a@b.test\nDate: yesterday\n\nx\n"); !m.Date.IsZero() || len(m.Warnings) == 0 {
		t.Errorf("%v", m.Date)
	}
}

func TestPitfallAPartWithTwoTypesLosesNothing(t *testing.T) {
	t.Parallel()
	m := parse(t, "From: a@b.test\nContent-Type: multipart/related; boundary=r\n\n--r\nContent-Type: multipart/alternative; boundary=a\nContent-Type: text/plain; charset=utf-8\n\nPlain words\n\n--a\nContent-Type: text/html\n\n<p>Plain words</p>\n--a--\n--r--\n")
	if m.Text != "Plain words" || m.HTML != "<p>Plain words</p>" {
		t.Errorf("%q %q", m.Text, m.HTML)
	}
}

func TestPitfallWinmailDatIsOpened(t *testing.T) {
	t.Parallel()
	m, err := ParseBytes([]byte("From: a@b.test\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n\r\n"+string(buildTNEF("рахунок.pdf", "pdf", "<p>See the file"))), Options{})
	if err != nil || len(m.Attachments) != 1 || m.Attachments[0].Filename != "рахунок.pdf" || m.Text != "See the file" {
		t.Errorf("%v %+v %q", err, m.Attachments, m.Text)
	}
}

func TestPitfallContentIDOnOrdinaryAttachmentsHidesNothing(t *testing.T) {
	t.Parallel()
	m := parse(t, "From: a@b.test\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>see the invoice</p>\n--b\nContent-Type: application/pdf; name=invoice.pdf\nContent-ID: <invoice@x>\nContent-Disposition: attachment\n\nPDF\n--b\nContent-Type: image/png; name=photo.png\nContent-ID: <photo@x>\n\nPNG\n--b--\n")
	if len(m.Attachments) != 2 || m.Attachments[0].Inline || m.Attachments[1].Inline {
		t.Errorf("%+v", m.Attachments)
	}
}

func TestPitfallTheFullOriginalIsAlwaysKept(t *testing.T) {
	t.Parallel()
	m := parse(t, "From: a@b.test\nContent-Type: text/html\n\n<p>Yes, please.</p><div class=\"gmail_quote\"><div class=\"gmail_attr\">On Mon, Jan 5, 2026 at 9:15 AM Shop &lt;<a>help@shop.test</a>&gt; wrote:</div><blockquote class=\"gmail_quote\">Shall we send another one?</blockquote></div>\n")
	if !m.Full || m.ReplyText != "Yes, please." || !strings.Contains(m.Text, "Shall we send another one?") || !strings.Contains(m.HTML, "Shall we send another one?") {
		t.Errorf("%v %q %q", m.Full, m.ReplyText, m.HTML)
	}
}
