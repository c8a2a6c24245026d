package mail_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/testbed"
)

type person struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

type seenFile struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	Inline bool   `json:"inline"`
	Size   int    `json:"size"`
}

// seen is what a parser of others makes of a mail.
type seen struct {
	Subject string            `json:"subject"`
	From    person            `json:"from"`
	To      []person          `json:"to"`
	Cc      []person          `json:"cc"`
	Text    string            `json:"text"`
	HTML    string            `json:"html"`
	Files   []seenFile        `json:"files"`
	Headers map[string]string `json:"headers"`
	Defects []string          `json:"defects"`
}

// letters are texts that need folding and encoding, in the four languages.
var letters = map[string]struct{ name, subject, text, file string }{
	"en": {`Anna "the" O'Neil, Linden & Loom`, strings.Repeat("Your order #1001 — is it what you expected? ", 4), "It’s on its way.\n\n" + strings.Repeat("long ", 300) + "\n.\nFrom the shop\n-- \nAnna", "invoice (final); v2.pdf"},
	"ja": {"田中 さくら・リンデン&ルーム", strings.Repeat("ご注文の商品が届かない件について", 8), "お問い合わせありがとうございます。\n" + strings.Repeat("本日発送いたしました。", 60) + "\n〜①㈱髙﨑\n", "納品書①（株）.pdf"},
	"tr": {"Işıl Gümüşçü, İstanbul Şubesi", strings.Repeat("Siparişiniz ığüşöçİ yola çıktı; ", 6), "Merhaba Işıl,\n" + strings.Repeat("Kargonuz bugün yola çıktı. ", 40) + "\nSaygılarımızla", "fatura_ığüşöç İ.pdf"},
	"uk": {"Олексій Ґудзь (крамниця «Липа»)", strings.Repeat("Щодо вашого замовлення № 1001, їжак є ґ ", 5), "Доброго дня!\n" + strings.Repeat("Ваше замовлення вже в дорозі. ", 40) + "\nЗ повагою, Олексій", "рахунок-фактура №5.pdf"},
}

func letterOf(lang string) mail.Outgoing {
	l := letters[lang]
	file := func(content string) func() (io.ReadCloser, error) {
		return func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }
	}
	return mail.Outgoing{
		From: mail.Address{Name: l.name, Address: "help@shop.example"}, To: []mail.Address{{Name: l.name, Address: "one@post.example"}, {Address: "two@post.example"}},
		Cc: []mail.Address{{Name: strings.Repeat(l.name+" ", 3) + "x", Address: "three@post.example"}}, Subject: strings.TrimSpace(l.subject),
		Date: time.Date(2025, 11, 28, 9, 0, 0, 0, time.UTC), MessageID: "db.abc@shop.example", InReplyTo: "q@post.example",
		References: []string{"a@post.example", "q@post.example"}, Automatic: "auto-replied",
		Headers: mail.Unsubscribe("https://shop.example/leave?t="+strings.Repeat("k", 60), "leave@shop.example"),
		Text:    l.text, HTML: `<p>` + strings.ReplaceAll(strings.ReplaceAll(l.text, "&", "&amp;"), "\n", "<br>") + `</p><img data-cid="pic@shop">`,
		Files: []mail.OutgoingFile{
			{Name: "pic.png", ContentType: "image/png", ContentID: "pic@shop", Open: file("\x89PNG picture")},
			{Name: l.file, ContentType: "application/pdf", ContentID: "f@shop", Open: file(strings.Repeat("%PDF", 1000))},
		},
	}
}

func TestPythonAndPostalMimeReadWhatWeWriteInFourLanguages(t *testing.T) {
	if testing.Short() {
		t.Skip("asks programs of others")
	}
	t.Parallel()
	parsers := map[string][]string{"postal-mime": {testbed.Node(t), testbed.Oracle("mail.mjs")}}
	if python, err := exec.LookPath("python3"); err == nil {
		parsers["python"] = []string{python, testbed.Oracle("mail.py")}
	}
	for lang := range letters {
		o := letterOf(lang)
		raw, err := mail.Compose(o)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range bytes.Split(raw, []byte("\r\n")) {
			if len(line) > 998 || bytes.ContainsFunc(line, func(r rune) bool { return r >= 0x80 }) {
				t.Fatalf("%s: the line %.80q is not 7-bit of at most 998 bytes", lang, line)
			}
		}
		for name, command := range parsers {
			t.Run(lang+" by "+name, func(t *testing.T) {
				t.Parallel()
				compare(t, o, letters[lang].text, ask(t, command, raw))
			})
		}
	}
}

func ask(t *testing.T, command []string, raw []byte) (s seen) {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdin = bytes.NewReader(raw)
	var broken bytes.Buffer
	cmd.Stderr = &broken
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &s)
	}
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, broken.String(), raw)
	}
	return s
}

func compare(t *testing.T, o mail.Outgoing, text string, got seen) {
	t.Helper()
	want := seen{Subject: o.Subject, From: person{o.From.Name, o.From.Address}, To: []person{{o.To[0].Name, o.To[0].Address}, {"", o.To[1].Address}},
		Cc: []person{{o.Cc[0].Name, o.Cc[0].Address}}}
	short := got
	short.Text, short.HTML, short.Files, short.Headers, short.Defects = "", "", nil, nil, nil
	if diff := cmp.Diff(want, short); diff != "" {
		t.Error(diff)
	}
	plain := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	if diff := cmp.Diff(plain(text), plain(got.Text)); diff != "" {
		t.Errorf("text: %s", diff)
	}
	if !strings.Contains(got.HTML, "cid:pic@shop") || len(got.Defects) > 0 {
		t.Errorf("defects %v, html %.200s", got.Defects, got.HTML)
	}
	names := map[string]int{}
	for _, f := range got.Files {
		names[f.Name] = f.Size
	}
	if diff := cmp.Diff(map[string]int{"pic.png": 12, o.Files[1].Name: 4000}, names); diff != "" {
		t.Errorf("files: %s", diff)
	}
	for name, part := range map[string]string{"auto-submitted": "auto-replied", "list-unsubscribe": "<https://shop.example/leave?t=", "list-unsubscribe-post": "One-Click",
		"precedence": "bulk", "in-reply-to": "<q@post.example>"} {
		if !strings.Contains(got.Headers[name], part) {
			t.Errorf("%s is %q", name, got.Headers[name])
		}
	}
}
