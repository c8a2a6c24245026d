package mail

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// ordinaryMail is an answer as a web mailer writes it: text and HTML with the
// quoted mail below, about 7 KB.
func ordinaryMail() []byte {
	var b strings.Builder
	b.WriteString("Received: from a.example.test (a.example.test [192.0.2.1]) by mx.shop.test with ESMTPS id 1; Mon, 5 Jan 2026 09:15:00 +0000\r\n" +
		"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.test; s=s1; h=from:to:subject; bh=abcdefghijklmnopqrstuvwxyz0123456789; b=" + strings.Repeat("AbCd0123", 30) + "\r\n" +
		"From: =?utf-8?B?0J7Qu9GM0LPQsA==?= <olha@example.test>\r\nTo: Shop <help@shop.test>\r\nSubject: Re: =?utf-8?Q?Sipari=C5=9F?= 1042\r\n" +
		"Message-ID: <a1@example.test>\r\nIn-Reply-To: <b2@shop.test>\r\nReferences: <b1@shop.test> <b2@shop.test>\r\nDate: Mon, 5 Jan 2026 11:15:00 +0200\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/alternative; boundary=\"b0\"\r\n\r\n--b0\r\nContent-Type: text/plain; charset=\"UTF-8\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n")
	own := "Hello,\r\n\r\nthank you for the quick answer. The parcel arrived, but the lamp is broken=\r\n and one screw is missing =E2=80=93 could you send another one?\r\n\r\nBest\r\nOlha\r\n\r\n"
	b.WriteString(own)
	b.WriteString("On Mon, Jan 5, 2026 at 9:15 AM Shop <help@shop.test> wrote:\r\n\r\n")
	for range 12 {
		b.WriteString("> We are sorry to hear that. Please tell us the number of your order and what\r\n> arrived broken, and we will send a replacement the same day.\r\n>\r\n")
	}
	b.WriteString("\r\n--b0\r\nContent-Type: text/html; charset=\"UTF-8\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n")
	b.WriteString("<html><head><style>p{margin:0}</style></head><body><div dir=3D\"ltr\"><div>Hello,</div><div><br></div><div>thank you for the quick answer. The parcel arrived, but the lamp is broken and one screw is missing =E2=80=93 could you send another one?</div><div><br></div><div>Best</div><div>Olha</div></div><br><div class=3D\"gmail_quote\"><div dir=3D\"ltr\" class=3D\"gmail_attr\">On Mon, Jan 5, 2026 at 9:15 AM Shop &lt;<a href=3D\"mailto:help@shop.test\">help@shop.test</a>&gt; wrote:<br></div><blockquote class=3D\"gmail_quote\" style=3D\"margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex\">\r\n")
	for range 10 {
		b.WriteString("<table style=3D\"width:100%;font-family:Arial,sans-serif\"><tr><td style=3D\"padding:4px;color:#333333\">We are sorry to hear that. Please tell us the <b>number</b> of your order and what arrived broken, and we will send a <a href=3D\"https://shop.test/r?id=3D1\">replacement</a> the same day.</td></tr></table>\r\n")
	}
	b.WriteString("<img src=3D\"https://shop.test/logo.png\" width=3D\"120\" height=3D\"40\"></blockquote></div></body></html>\r\n--b0--\r\n")
	return []byte(b.String())
}

func BenchmarkParseOrdinaryMail(b *testing.B) {
	raw := ordinaryMail()
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	begin := cpuTime(b)
	for b.Loop() {
		if _, err := Parse(bytes.NewReader(raw), Options{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(raw)*b.N)/1e6/(cpuTime(b)-begin).Seconds(), "MB/cpu-s")
}

// cpuTime is what the process has used, garbage collection included: on a shared
// machine it says more than the clock.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func BenchmarkSanitizeHTML(b *testing.B) {
	page := strings.Repeat(`<div style="color:red"><p>Some <b>text</b> with <a href="https://shop.test/?a=1&b=2">a link</a> and <img src="cid:x@y"></p></div>`, 50)
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		SanitizeHTML(page)
	}
}

func BenchmarkCompose(b *testing.B) {
	o := reply()
	b.ReportAllocs()
	for b.Loop() {
		if err := ComposeTo(io.Discard, o); err != nil {
			b.Fatal(err)
		}
	}
}

// largeMail streams a mail with one attachment of n bytes.
func largeMail(n int) io.Reader {
	line := strings.Repeat("QUJD", 19) + "\r\n"
	head := "From: a@b.test\r\nSubject: large\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=large.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
	return io.MultiReader(strings.NewReader(head), &repeat{line: []byte(line), left: n / len(line)}, strings.NewReader("\r\n--b--\r\n"))
}

type repeat struct {
	line []byte
	at   int
	left int
}

func (r *repeat) Read(p []byte) (n int, err error) {
	for n < len(p) && r.left > 0 {
		k := copy(p[n:], r.line[r.at:])
		n += k
		if r.at += k; r.at == len(r.line) {
			r.at = 0
			r.left--
		}
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

func TestHundredMegabytesNeedLittleMemory(t *testing.T) {
	const limit = 32 << 20
	var peak uint64
	sample := func() {
		var ms runtime.MemStats
		runtime.ReadMemStats(&ms)
		peak = max(peak, ms.HeapAlloc)
	}
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	for name, kind := range map[string]string{"base64 file": "", "text": "text/plain", "html": "text/html", "tnef": "application/ms-tnef", "signed": "application/pkcs7-mime", "mail": "message/rfc822"} {
		peak = 0
		runtime.GC()
		var r io.Reader = largeMail(100 << 20)
		if kind != "" {
			r = io.MultiReader(strings.NewReader(fmt.Sprintf("From: a@b.test\r\nContent-Type: %s\r\n\r\n", kind)), &repeat{line: []byte("<p>some text in a line that goes on for a while &amp; ends</p>\r\n"), left: 1600000})
		}
		count := 0
		m, err := Parse(readerFunc(func(p []byte) (int, error) {
			if count++; count%64 == 0 {
				sample()
			}
			return r.Read(p)
		}), Options{})
		if err != nil {
			t.Fatal(err)
		}
		sample()
		if used := peak - min(peak, before.HeapAlloc); used > limit {
			t.Errorf("%s: %d MiB in use", name, used>>20)
		} else {
			t.Logf("%s: %.1f MiB in use, %d files, warnings %q", name, float64(used)/(1<<20), len(m.Attachments), m.Warnings)
		}
		if kind == "" && m.Attachments[0].Size != int64((100<<20)/78*57) {
			t.Errorf("size %d", m.Attachments[0].Size)
		}
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
