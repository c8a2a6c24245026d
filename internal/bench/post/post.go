// Package post writes the mail that customers would send: about seven kilobytes
// of headers, text and HTML in four languages, some with files, some answering
// an earlier one. A mail is a pure function of seed and number, so that whoever
// lost count can write the same bytes again.
//
// Tables: none
//
// Events: none
package post

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/demo/story"
	"github.com/deskbell/deskbell/internal/mail"
)

// Letter is one mail as it arrives.
type Letter struct {
	Raw       []byte
	MessageID string // without angle brackets
	InReplyTo string // of the mail it answers, "" = begins a conversation
	From      string // the customer's address
	Subject   string
}

// Write writes mail number n of a seed to an address of the shop. Every fifth
// mail answers the one before it.
func Write(seed, n uint64, to string) (Letter, error) {
	root, again := n, n%5 == 4
	if again {
		root = n - 1
	}
	t := story.New(seed*1_000_003 + root)
	p := t.Person(t.Language())
	local, domain, _ := strings.Cut(p.Address, "@")
	p.Address = fmt.Sprintf("%s.%d@%s", asciiOnly(local), root, domain)
	l := t.Letter(p, t.Topic(), "Anna Berg", "Ben Moor")
	text, subject := l.Question(), l.Subject
	out := Letter{From: p.Address, MessageID: id(seed, n, domain)}
	if again {
		out.InReplyTo = id(seed, root, domain)
		text, subject = l.FollowUp()+"\n\n> "+strings.ReplaceAll(text, "\n", "\n> "), "Re: "+subject
	}
	out.Subject = subject
	at := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC).Add(time.Duration(n%30_000_000) * time.Second)
	o := mail.Outgoing{
		From: mail.Address{Name: p.Name, Address: p.Address}, To: []mail.Address{{Address: to}}, Subject: subject, Date: at,
		MessageID: out.MessageID, InReplyTo: out.InReplyTo, Text: text, HTML: page(text, n), Headers: trace(n, domain, to),
	}
	if out.InReplyTo != "" {
		o.References = []string{out.InReplyTo}
	}
	if n%12 == 7 {
		o.Files = []mail.OutgoingFile{file(seed + n)}
	}
	raw, err := mail.Compose(o)
	out.Raw = append(received(n, at, domain), raw...)
	return out, err
}

func id(seed, n uint64, domain string) string { return fmt.Sprintf("%x.%d.mail@%s", seed, n, domain) }

// asciiOnly keeps addresses plain.
func asciiOnly(s string) string {
	return strings.Map(func(r rune) rune {
		if r > 126 {
			return -1
		}
		return r
	}, s)
}

// received is what the servers on the way put on top (RFC 5321, 4.4).
func received(n uint64, at time.Time, domain string) []byte {
	var b bytes.Buffer
	for hop := range uint64(3) {
		fmt.Fprintf(&b, "Received: from mx%d.%s (mx%d.%s [192.0.2.%d])\r\n\tby relay%d.shop.example with ESMTPS id %016X\r\n\t(version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384);\r\n\t%s\r\n",
			hop, domain, hop, domain, 1+(n+hop)%250, hop, n*2654435761+hop, at.Add(-time.Duration(hop)*time.Second).Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	}
	return b.Bytes()
}

// trace are further headers of a mail of today.
func trace(n uint64, domain, to string) []mail.Field {
	sign := base64.StdEncoding.EncodeToString(noise(n, 256))
	return []mail.Field{
		{Name: "X-Mailer", Value: "Post 16.4"},
		{Name: "Delivered-To", Value: to},
		{Name: "X-Spam-Status", Value: "No, score=-1.1 required=5.0 tests=BAYES_00,DKIM_SIGNED,DKIM_VALID,HTML_MESSAGE,SPF_PASS"},
		{Name: "X-DKIM-Signature-Copy", Value: "v=1; a=rsa-sha256; c=relaxed/relaxed; d=" + domain + "; s=mail; h=from:to:subject:date; bh=" + sign[:44] + "; b=" + wrapped(sign)},
	}
}

// wrapped keeps header lines foldable.
func wrapped(s string) string {
	var b strings.Builder
	for len(s) > 60 {
		b.WriteString(s[:60] + " ")
		s = s[60:]
	}
	return b.String() + s
}

// page is the HTML twin of a text as mail programs write it.
func page(text string, n uint64) string {
	var b strings.Builder
	b.WriteString(`<html><head><style>p.MsoNormal,li.MsoNormal{margin:0cm;font-size:11.0pt;font-family:"Calibri",sans-serif}` +
		`a:link,span.MsoHyperlink{color:#0563C1;text-decoration:underline}.signature{color:#666;border-top:1px solid #ddd}</style></head>` +
		`<body lang="EN-GB" link="#0563C1" style="word-wrap:break-word"><div class="WordSection1">`)
	for line := range strings.SplitSeq(text, "\n") {
		b.WriteString(`<p class="MsoNormal"><span style="font-size:11.0pt;font-family:&quot;Calibri&quot;,sans-serif">` + html.EscapeString(line) + "<o:p></o:p></span></p>\n")
	}
	b.WriteString(`<table class="signature" cellpadding="0" cellspacing="0" border="0"><tbody>`)
	for i := range n%4 + 11 {
		fmt.Fprintf(&b, `<tr><td style="padding:2px 8px 2px 0"><font face="Verdana" size="1">+44 20 7946 0%03d</font></td><td><a href="https://www.post.example/contact/%d">www.post.example</a></td></tr>`+"\n", (n+i)%1000, i)
	}
	b.WriteString("</tbody></table></div></body></html>")
	return b.String()
}

func file(seed uint64) mail.OutgoingFile {
	data := append([]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00"), noise(seed, 6000)...)
	return mail.OutgoingFile{Name: fmt.Sprintf("IMG_%04d.jpg", seed%10_000), ContentType: "image/jpeg",
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
}

func noise(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 7))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}
