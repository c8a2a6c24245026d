package mail

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
)

var sentences = map[string]string{
	"ru": "Здравствуйте! Я получил посылку, но лампа разбита. Можно ли вернуть деньги?",
	"uk": "Добрий день! Я отримав посилку, але лампа розбита, ґанок теж. Чи можна повернути її й гроші? Їжак",
	"tr": "Merhaba, siparişim geldi ama lamba kırıktı. Değişim için ne yapmalıyım? Teşekkür ederim, iyi günler.",
	"de": "Guten Tag, die Lampe ist für mich zu groß. Können Sie mir bitte die Rücksendung erklären?",
	"fr": "Bonjour, j'ai reçu le colis mais la lampe est cassée. Où dois-je l'envoyer ? Merci à l'équipe.",
	"es": "Buenos días, ¿cuándo llegará mi pedido? Mañana no estaré en casa. El señor Muñoz lo recogerá.",
	"pl": "Dzień dobry, otrzymałem paczkę, ale lampa jest stłuczona. Proszę o zwrot pieniędzy, źle się dzieje.",
	"cs": "Dobrý den, zásilka dorazila, ale lampa je rozbitá. Můžete mi prosím vrátit peníze? Děkuji, Jiří Šťastný",
	"hu": "Jó napot, megérkezett a csomag, de a lámpa törött. Hogyan kérhetem vissza a pénzt? Üdvözlettel, Győző",
	"el": "Καλημέρα, έλαβα το δέμα αλλά η λάμπα είναι σπασμένη. Πώς μπορώ να πάρω τα χρήματά μου πίσω;",
	"he": "שלום, קיבלתי את החבילה אבל המנורה שבורה. איך אפשר לקבל החזר כספי?",
	"ar": "مرحبا، وصلت الطلبية لكن المصباح مكسور. كيف يمكنني استرداد المبلغ؟",
	"th": "สวัสดีค่ะ ได้รับพัสดุแล้วแต่โคมไฟแตก ขอคืนเงินได้อย่างไร",
	"ja": "お世話になっております。商品が届きましたが、ランプが壊れていました。返金をお願いいたします。",
	"zh": "您好，我收到了包裹，但是灯坏了。请问怎么退款？谢谢您的帮助。",
	"tw": "您好，我收到了包裹，但是燈壞了。請問怎麼退款？謝謝您的幫助。",
	"ko": "안녕하세요. 택배를 받았는데 램프가 깨져 있었습니다. 환불은 어떻게 받을 수 있나요?",
	"lt": "Laba diena, gavau siuntinį, bet lempa sudužusi. Kaip galėčiau susigrąžinti pinigus? Ačiū",
}

func encoded(t *testing.T, charset, text string) string {
	t.Helper()
	var enc encoding.Encoding
	if c, ok := lookupCharset(charset); ok && c.enc != nil {
		enc = c.enc
	} else {
		enc, _ = htmlindex.Get(charset)
	}
	out, err := encoding.ReplaceUnsupported(enc.NewEncoder()).String(text)
	if err != nil {
		t.Fatal(charset, err)
	}
	return out
}

func TestUndeclaredTextIsRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ charset, lang string }{
		{"windows-1251", "ru"}, {"windows-1251", "uk"}, {"koi8-u", "uk"}, {"koi8-r", "ru"}, {"ibm866", "ru"}, {"iso-8859-5", "ru"}, {"windows-1254", "tr"}, {"windows-1252", "de"}, {"windows-1252", "fr"}, {"windows-1252", "es"},
		{"windows-1250", "pl"}, {"windows-1250", "cs"}, {"windows-1250", "hu"}, {"iso-8859-2", "pl"}, {"iso-8859-2", "cs"}, {"windows-1253", "el"}, {"windows-1255", "he"}, {"windows-1256", "ar"}, {"windows-874", "th"},
		{"shift_jis", "ja"}, {"euc-jp", "ja"}, {"iso-2022-jp", "ja"}, {"gb18030", "zh"}, {"big5", "tw"}, {"euc-kr", "ko"}, {"utf-8", "uk"},
	} {
		text := sentences[c.lang]
		raw := encoded(t, c.charset, text)
		for _, header := range []string{"", "Content-Type: text/plain\n", "Content-Type: text/plain; charset=us-ascii\n", "Content-Type: text/plain; charset=\"no-such-name\"\n", "Content-Type: text/plain; charset=utf-8\n"} {
			m, _ := ParseBytes([]byte("From: a@b.test\nSubject: "+raw+"\n"+header+"\n"+raw+"\n"), Options{})
			if m.Text != text {
				t.Errorf("%s in %s, %q: %q", c.lang, c.charset, header, m.Text)
			}
			if m.Subject != text {
				t.Errorf("subject %s in %s, %q: %q", c.lang, c.charset, header, m.Subject)
			}
		}
	}
}

func TestShortUndeclaredSubjectIsRead(t *testing.T) {
	t.Parallel()
	for text, charset := range map[string]string{
		"Заказ 1042": "windows-1251", "Возврат": "koi8-r", "Питання щодо замовлення": "koi8-u", "Повернення": "windows-1251", "Sipariş": "windows-1254", "İade talebi hakkında": "windows-1254",
		"返品について": "shift_jis", "ご注文の件": "euc-jp", "订单问题": "gb18030", "退貨": "big5", "환불 문의": "euc-kr", "Rückfrage": "windows-1252", "Größe": "iso-8859-1", "Réclamation": "windows-1252", "Zwrot paczki – reklamację złożę": "windows-1250",
	} {
		m, _ := ParseBytes([]byte("From: a@b.test\nSubject: "+encoded(t, charset, text)+"\n\nx\n"), Options{})
		if m.Subject != text {
			t.Errorf("%s: %q became %q", charset, text, m.Subject)
		}
	}
}

func TestWronglyDeclaredTextIsRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ declared, real, lang string }{
		{"iso-8859-1", "windows-1251", "ru"}, {"iso-8859-1", "windows-1251", "uk"}, {"windows-1252", "koi8-r", "ru"}, {"iso-8859-1", "utf-8", "uk"}, {"windows-1251", "utf-8", "ru"}, {"utf-8", "windows-1251", "uk"}, {"utf-8", "windows-1252", "de"},
		{"iso-8859-1", "shift_jis", "ja"}, {"iso-8859-1", "gb18030", "zh"}, {"iso-2022-jp", "shift_jis", "ja"}, {"iso-8859-1", "utf-8", "ja"}, {"us-ascii", "windows-1254", "tr"}, {"utf-8", "euc-kr", "ko"}, {"shift_jis", "utf-8", "ja"}, {"gb2312", "utf-8", "zh"},
		{"iso-8859-1", "windows-1252", "fr"}, {"iso-8859-1", "iso-8859-1", "de"}, {"iso-8859-1", "iso-8859-1", "es"}, {"iso-8859-9", "windows-1254", "tr"}, {"windows-1257", "windows-1257", "lt"}, {"utf-7", "utf-8", "de"}, {"1252", "windows-1252", "fr"}, {"cp-1251", "windows-1251", "ru"}, {"utf8", "utf-8", "uk"}, {"x-sjis", "shift_jis", "ja"}, {"ks_c_5601-1987", "euc-kr", "ko"},
	} {
		text := sentences[c.lang]
		m, _ := ParseBytes([]byte("From: a@b.test\nContent-Type: text/plain; charset="+c.declared+"\n\n"+encoded(t, c.real, text)+"\n"), Options{})
		if m.Text != text {
			t.Errorf("%s in %s declared %s: %q", c.lang, c.real, c.declared, m.Text)
		}
	}
}

func TestUTF7AndKoreanEscapesAreRead(t *testing.T) {
	t.Parallel()
	shifted := []byte(encoded(t, "euc-kr", "환불"))
	for i := range shifted {
		shifted[i] &= 0x7f
	}
	for body, want := range map[string]string{
		"charset=iso-2022-kr\n\n\x1b$)C\x0e" + string(shifted) + "\x0f ok": "환불 ok",
		"charset=utf-7\n\nHi +AOQ-, 1 +- 1 = 2, +ZeVnLIqe-.":               "Hi ä, 1 + 1 = 2, 日本語.",
		"charset=iso-2022-jp\n\n\x1b$B%F%9%H\x1b(B ok":                     "テスト ok",
		"charset=hz-gb-2312\n\n~{VPND~}":                                   "中文",
		"charset=\"utf-8\"; charset=\"iso-8859-1\"\n\n\xc3\xa4":            "ä",
	} {
		m, _ := ParseBytes([]byte("From: a@b.test\nContent-Type: text/plain; "+body+"\n"), Options{})
		if strings.TrimSpace(m.Text) != want {
			t.Errorf("%q: %q", body, m.Text)
		}
	}
}
