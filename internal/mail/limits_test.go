package mail

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestPitfallHostileInputEndsSoonAndIsKept(t *testing.T) {
	t.Parallel()
	mb := func(s string) string { return strings.Repeat(s, (1<<20)/len(s)) }
	header := "From: a@b.test\nSubject: x\n"
	for name, raw := range map[string]string{
		"endless encoded words":      "Subject: " + mb("=?utf-8?q?a") + "\n\nx",
		"encoded words without ends": "Subject: " + mb("=?") + "\n\nx",
		"comments in addresses":      "To: " + mb("(") + "\n\nx",
		"angles in addresses":        "To: " + mb("<a>x") + "\n\nx",
		"quotes in addresses":        "To: " + mb(`"\`) + "\n\nx",
		"references":                 "References: " + mb("<a@b>") + "\n\nx",
		"parameters":                 "Content-Type: text/plain; " + mb("a b; ") + "\n\nx",
		"bare parameter":             "Content-Type: text/plain; name=" + mb("a ") + "\n\nx",
		"folded header":              "Subject: x\n" + mb(" y\n") + "\nx",
		"fields":                     mb("X: y\n") + "\nx",
		"html depth":                 header + "Content-Type: text/html\n\n" + mb("<div><b>"),
		"html ends":                  header + "Content-Type: text/html\n\n" + mb("</b></div>"),
		"html tables":                header + "Content-Type: text/html\n\n" + mb("<table><td><p><li>"),
		"html attributes":            header + "Content-Type: text/html\n\n<p " + mb("a=b ") + ">x",
		"html breaks":                header + "Content-Type: text/html\n\n" + mb("<br>x"),
		"html quotes":                header + "Content-Type: text/html\n\n" + mb("<blockquote>x</blockquote>y"),
		"html comments":              header + "Content-Type: text/html\n\n" + mb("<!--"),
		"html open tags":             header + "Content-Type: text/html\n\n" + mb("<a"),
		"attributions":               header + "\n" + mb("On 5 Jan 2026, a@b.test wrote:\n"),
		"quotes":                     header + "\n" + mb("> x\ny\n"),
		"header blocks":              header + "\n" + mb("From: a@b.test\nx\n"),
		"quoted header blocks":       header + "\n" + mb("> From: a@b.test\n> To: x\n> Subject: y\n"),
		"mobile signatures":          header + "\n" + mb("Sent from my iPhone\n"),
		"delimiters":                 header + "\n" + mb("--\nx\n"),
		"forward on one line":        header + "\n" + mb("--- x --- From: a <b@c>"+strings.Repeat("x:", 1800)+"\n"),
		"dashes":                     header + "\n" + mb("-----x-----\n"),
		"quote marks":                header + "\n" + mb(">"),
		"one long line":              header + "\n" + mb("x"),
		"soft breaks":                header + "Content-Transfer-Encoding: quoted-printable\n\n" + mb("=\n="),
		"flowed":                     header + "Content-Type: text/plain; format=flowed\n\n" + mb("> \n"),
		"uuencode":                   header + "\n" + mb("begin 644 a\n#86)C\n"),
		"high bytes":                 header + "\n" + mb("\xe9\x8f\xa0"),
		"escapes":                    header + "\n" + mb("\x1b$B"),
		"utf-7":                      header + "Content-Type: text/plain; charset=utf-7\n\n" + mb("+-+A"),
		"bounce":                     "From: mailer-daemon@b.test\nSubject: failure notice\n\n" + mb("<a@b.test>: 550 5.1.1 no\n"),
		"report":                     "Content-Type: message/delivery-status\n\n" + mb("Final-Recipient: rfc822; a@b\nAction: failed\n\n"),
		"enriched":                   header + "Content-Type: text/enriched\n\n" + mb("<a<"),
	} {
		m, err := ParseBytes([]byte(raw), Options{})
		if err != nil || m == nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		m.JSON()
	}
}

func TestEndlessNestingIsBounded(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("From: a@b.test\n")
	for i := range 3000 {
		s := strings.Repeat("b", i%50+1)
		b.WriteString("Content-Type: multipart/mixed; boundary=" + s + "\n\n--" + s + "\n")
	}
	b.WriteString("\nthe end\n")
	m, err := ParseBytes([]byte(b.String()), Options{})
	if err != nil || len(m.Warnings) == 0 {
		t.Errorf("%v %v", err, m.Warnings)
	}
	var signed strings.Builder
	for range 500 {
		signed.WriteString("Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64\n\n--b\n")
	}
	if _, err := ParseBytes([]byte(signed.String()), Options{}); err != nil {
		t.Error(err)
	}
}

func TestPartsAreBounded(t *testing.T) {
	t.Parallel()
	raw := "From: a@b.test\nContent-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\nContent-Type: image/png\n\nx\n", 10000) + "--b--\n"
	m, err := ParseBytes([]byte(raw), Options{Limits: Limits{Parts: 100}})
	if err != nil || len(m.Attachments) != 100 || len(m.Warnings) == 0 {
		t.Errorf("%v %d %v", err, len(m.Attachments), m.Warnings)
	}
}

func TestLongTextIsAttachedWhole(t *testing.T) {
	t.Parallel()
	body := strings.Repeat("0123456789abcdef\n", 10000)
	var file bytes.Buffer
	m, err := ParseBytes([]byte("From: a@b.test\n\n"+body), Options{Limits: Limits{TextBytes: 50000}, Attachment: func(a Attachment) (io.WriteCloser, error) { return nopCloser{&file}, nil }})
	if err != nil || len(m.Text) > 50000 || !strings.HasPrefix(body, m.Text) || file.String() != body {
		t.Errorf("%v %d %d", err, len(m.Text), file.Len())
	}
}

func TestFailingWriterEndsParse(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	raw := "From: a@b.test\nContent-Type: image/png\n\nx"
	if _, err := ParseBytes([]byte(raw), Options{Attachment: func(Attachment) (io.WriteCloser, error) { return nil, full }}); !errors.Is(err, full) {
		t.Errorf("%v", err)
	}
	broken := io.MultiReader(strings.NewReader("From: a@b.test\n\nx"), readerFunc(func([]byte) (int, error) { return 0, full }))
	if m, err := Parse(broken, Options{}); !errors.Is(err, full) || m.From.Address != "a@b.test" {
		t.Errorf("%v %v", err, m)
	}
}
