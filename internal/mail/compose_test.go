package mail

import (
	"bytes"
	"io"
	netmail "net/mail"
	"strings"
	"testing"
	"time"
)

func reply() Outgoing {
	return Outgoing{
		From: Address{"サポート窓口", "help@shop.test"}, To: []Address{{"Ольга Їжак", "olha@example.test"}, {"Smith, \"Jo\"", "jo@example.test"}},
		Subject: "Siparişiniz yolda — ご注文ありがとうございます. Ваше замовлення вже їде до вас",
		Date:    time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), MessageID: "abc.def@shop.test",
		InReplyTo: "q@example.test", References: []string{"p@example.test", "q@example.test"},
		Text: "Merhaba,\n\nçok teşekkürler.\n.\nFrom here on = ok\n", HTML: `<p>Merhaba <img data-cid="logo@shop" alt="x"></p>`,
		Files: []OutgoingFile{
			{Name: "logo.png", ContentType: "image/png", ContentID: "logo@shop", Open: opens("PNG")},
			{Name: "納品書と請求書と領収書のとても長いファイル名です.pdf", ContentType: "application/pdf", Open: opens(strings.Repeat("x", 1000))},
		},
	}
}

func opens(s string) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(s)), nil }
}

func TestComposedMailReadsBackTheSame(t *testing.T) {
	t.Parallel()
	o := reply()
	raw, err := Compose(o)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Parse(bytes.NewReader(raw), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if m.Subject != o.Subject || m.From != o.From || len(m.To) != 2 || m.To[1] != o.To[1] || m.To[0] != o.To[0] {
		t.Errorf("header: %q %v %v", m.Subject, m.From, m.To)
	}
	if m.Text != strings.TrimSpace(o.Text) {
		t.Errorf("text %q", m.Text)
	}
	if len(m.Attachments) != 2 || m.Attachments[1].Filename != o.Files[1].Name || m.Attachments[1].Size != 1000 || !m.Attachments[0].Inline {
		t.Errorf("files %+v", m.Attachments)
	}
	if len(m.Warnings) > 0 {
		t.Errorf("warnings %v", m.Warnings)
	}
	std, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if list, err := std.Header.AddressList("To"); err != nil || list[0].Name != o.To[0].Name {
		t.Errorf("net/mail: %v %v", list, err)
	}
	for _, l := range bytes.Split(raw, []byte("\r\n")) {
		if len(l) > 78 || bytes.ContainsAny(l, "\n\r") || !isASCII(l) {
			t.Errorf("line %q", l)
		}
	}
}

func TestHeaderInjectionIsRefused(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*Outgoing){
		"subject": func(o *Outgoing) { o.Subject = "a\r\nBcc: x@y.z" },
		"name":    func(o *Outgoing) { o.From.Name = "a\nBcc: x@y.z" },
		"address": func(o *Outgoing) { o.To[0].Address = "a@b.c>\r\nBcc: <x@y.z" },
		"id":      func(o *Outgoing) { o.References = []string{"a>\r\nX: y"} },
		"field":   func(o *Outgoing) { o.Headers = []Field{{"X-A", "b\r\nBcc: x@y.z"}} },
		"name2":   func(o *Outgoing) { o.Headers = []Field{{"Bcc", "x@y.z"}} },
		"file":    func(o *Outgoing) { o.Files[0].Name = "a\r\nb" },
	} {
		o := reply()
		spoil(&o)
		if _, err := Compose(o); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestInternationalDomainIsWrittenInASCII(t *testing.T) {
	t.Parallel()
	o := reply()
	o.To = []Address{{"", "info@müller.test"}}
	raw, err := Compose(o)
	if err != nil || !bytes.Contains(raw, []byte("To: <info@xn--mller-kva.test>")) {
		t.Errorf("%v %s", err, raw[:200])
	}
	o.To = []Address{{"", "jürgen@example.test"}}
	if _, err := Compose(o); err == nil {
		t.Error("a local part beyond ASCII was accepted")
	}
}
