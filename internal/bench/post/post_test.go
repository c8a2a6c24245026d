package post

import (
	"bytes"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/mail"
)

func TestMailIsAboutSevenKilobytesAndReadable(t *testing.T) {
	t.Parallel()
	total, files, kinds := 0, 0, map[string]bool{}
	const count = 400
	for n := range uint64(count) {
		l, err := Write(1, n, "help@shop.example")
		if err != nil {
			t.Fatal(err)
		}
		total += len(l.Raw)
		m, err := mail.Parse(bytes.NewReader(l.Raw), mail.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if m.MessageID != l.MessageID || m.Subject != l.Subject || m.Text == "" || m.HTML == "" || m.Automatic {
			t.Fatalf("mail %d reads as %q %q with %d bytes of text, automatic %v", n, m.MessageID, m.Subject, len(m.Text), m.Automatic)
		}
		if len(m.Attachments) > 0 {
			files++
		}
		kinds[l.From[strings.IndexByte(l.From, '@'):]] = true
	}
	if mean := total / count; mean < 6000 || mean > 8500 {
		t.Errorf("a mail has %d bytes on average, not about 7,000", mean)
	}
	if files < count/20 || len(kinds) < 6 {
		t.Errorf("%d mails with files and %d domains", files, len(kinds))
	}
}

func TestSameNumberIsTheSameMail(t *testing.T) {
	t.Parallel()
	a, _ := Write(3, 9, "help@shop.example")
	b, _ := Write(3, 9, "help@shop.example")
	if !bytes.Equal(a.Raw, b.Raw) {
		t.Error("the bytes differ")
	}
	first, _ := Write(3, 8, "help@shop.example")
	if a.InReplyTo != first.MessageID || a.From != first.From {
		t.Errorf("mail 9 answers %q of %s, not %q of %s", a.InReplyTo, a.From, first.MessageID, first.From)
	}
}

func BenchmarkWrite(b *testing.B) {
	for n := range uint64(b.N) {
		if _, err := Write(1, n, "help@shop.example"); err != nil {
			b.Fatal(err)
		}
	}
}
