package mail

import (
	"bytes"
	"io"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/jhillyerd/enmime/v2"
)

var greetings = map[string][3]string{
	"en": {"Deskbell Support", "Your order is on its way", "Hello,\n\nyour order is on its way.\n"},
	"ja": {"サポート窓口", "ご注文の商品を発送いたしました。お届けまで今しばらくお待ちくださいませ", "お世話になっております。\n\n商品を発送しました。\n"},
	"tr": {"Müşteri Hizmetleri", "Siparişiniz yola çıktı – teşekkür ederiz", "Merhaba,\n\nsiparişiniz yola çıktı. İyi günler, görüşmek üzere!\n"},
	"uk": {"Служба підтримки", "Ваше замовлення вже в дорозі, дякуємо", "Добрий день!\n\nВаше замовлення вже в дорозі.\n"},
}

func TestOtherParsersReadComposedMailInFourLanguages(t *testing.T) {
	t.Parallel()
	for lang, g := range greetings {
		o := Outgoing{
			From: Address{g[0], "help@shop.test"}, To: []Address{{g[0], "a@c.test"}, {"", "b@c.test"}}, Cc: []Address{{"Koval, Olha", "o@c.test"}}, ReplyTo: []Address{{"", "reply@shop.test"}},
			Subject: g[1], Date: time.Date(2026, 1, 5, 9, 15, 0, 0, time.FixedZone("", 2*3600)), MessageID: "1.2@shop.test", InReplyTo: "0@c.test", References: []string{"x@c.test", "0@c.test"},
			Automatic: "auto-replied", Headers: []Field{{"List-Unsubscribe", "<https://shop.test/u/1>, <mailto:u@shop.test>"}, {"X-Note", g[1]}},
			Text: g[2], HTML: "<p>" + g[2] + `</p><img data-cid="logo@shop.test">`,
			Files: []OutgoingFile{{Name: "logo.png", ContentType: "image/png", ContentID: "logo@shop.test", Open: opens("PNG")}, {Name: g[1] + ".pdf", ContentType: "application/pdf", Open: opens(strings.Repeat("PDF\n", 100))}},
		}
		raw, err := Compose(o)
		if err != nil {
			t.Fatal(err)
		}
		std, err := netmail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		from, err := std.Header.AddressList("From")
		if err != nil || from[0].Name != g[0] {
			t.Errorf("%s: net/mail From %v %v", lang, from, err)
		}
		if cc, err := std.Header.AddressList("Cc"); err != nil || cc[0].Name != "Koval, Olha" {
			t.Errorf("%s: net/mail Cc %v %v", lang, cc, err)
		}
		if d, err := std.Header.Date(); err != nil || !d.Equal(o.Date) {
			t.Errorf("%s: date %v %v", lang, d, err)
		}
		env, err := enmime.ReadEnvelope(bytes.NewReader(raw))
		if err != nil || len(env.Errors) > 0 {
			t.Fatalf("%s: enmime %v %v", lang, err, env.Errors)
		}
		if env.GetHeader("Subject") != g[1] || strings.ReplaceAll(env.Text, "\r\n", "\n") != g[2] || !strings.Contains(env.HTML, "cid:logo@shop.test") {
			t.Errorf("%s: enmime %q %q %q", lang, env.GetHeader("Subject"), env.Text, env.HTML)
		}
		if len(env.Attachments) != 1 || env.Attachments[0].FileName != o.Files[1].Name || len(env.Attachments[0].Content) != 400 || len(env.Inlines)+len(env.OtherParts) != 1 {
			t.Errorf("%s: enmime files %+v %+v %+v", lang, env.Attachments, env.Inlines, env.OtherParts)
		}
		m, err := ParseBytes(raw, Options{})
		if err != nil || m.Subject != g[1] || m.Text != strings.TrimSpace(g[2]) || m.InReplyTo[0] != "0@c.test" || len(m.References) != 2 || !m.AutoReply || m.Headers.Get("X-Note") != g[1] {
			t.Errorf("%s: %+v", lang, m)
		}
	}
}

func TestLongReferencesKeepTheFirstAndTheNewest(t *testing.T) {
	t.Parallel()
	var ids []string
	for i := range 400 {
		ids = append(ids, strings.Repeat("x", 60)+itoa(i)+"@shop.test")
	}
	o := reply()
	o.References = ids
	raw, err := Compose(o)
	if err != nil {
		t.Fatal(err)
	}
	m, _ := ParseBytes(raw, Options{})
	if n := len(m.References); n > maxReferences || m.References[0] != ids[0] || m.References[n-1] != ids[399] {
		t.Errorf("%d %q", n, m.References[n-1])
	}
}

func TestTextSurvivesTransportByteForByte(t *testing.T) {
	t.Parallel()
	for _, text := range []string{".\n..\nFrom x\n", "trailing blank \ntab\t\n", strings.Repeat("long ", 300), strings.Repeat("довго ", 300), "=3D =\n", "\u2028x", strings.Repeat("x", 2000), "a\r\nb\rc"} {
		o := reply()
		o.Text, o.HTML, o.Files = text, "", nil
		raw, err := Compose(o)
		if err != nil {
			t.Fatal(err)
		}
		std, _ := netmail.ReadMessage(bytes.NewReader(raw))
		body, _ := io.ReadAll(std.Body)
		for _, l := range bytes.Split(body, []byte("\r\n")) {
			if len(l) > 76 || bytes.HasPrefix(l, []byte("From ")) || bytes.Equal(l, []byte(".")) {
				t.Errorf("line %q", l)
			}
		}
		env, err := enmime.ReadEnvelope(bytes.NewReader(raw))
		if err != nil || strings.TrimRight(strings.ReplaceAll(env.Text, "\r\n", "\n"), "\n") != strings.TrimRight(normalizeText(text), "\n") {
			t.Errorf("%q became %q (%v)", text, env.Text, err)
		}
	}
}
