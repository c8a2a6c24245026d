package text

import (
	"testing"

	"pgregory.net/rapid"
)

func TestShortMailsAreRecognised(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"Where is my parcel? It should have been here on Monday.": "en",
		"i want a refund":                                                                                    "en",
		"Siparişim nerede, ne zaman gelir?":                                                                  "tr",
		"SIPARISIM HALA GELMEDI PARAMI ISTIYORUM":                                                            "tr",
		"Де моя посилка? Вже тиждень чекаю.":                                                                 "uk",
		"Хочу повернути товар":                                                                               "uk",
		"Где мой заказ? Жду уже неделю.":                                                                     "ru",
		"商品がまだ届いていません":                                                                                       "ja",
		"返品希望 LL-10482 ありがとう":                                                                                "ja",
		"我的订单什么时候发货？":                                                                                        "zh",
		"我的訂單什麼時候出貨？":                                                                                        "zh",
		"배송이 언제 오나요?":                                                                                        "ko",
		"Wo bleibt meine Bestellung? Ich warte seit zwei Wochen.":                                            "de",
		"Je n'ai toujours pas reçu mon colis.":                                                               "fr",
		"Todavía no he recibido mi pedido, ¿dónde está?":                                                     "es",
		"Vorrei restituire questo articolo, come posso fare?":                                                "it",
		"Kiedy dostanę zwrot pieniędzy za buty?":                                                             "pl",
		"Ik heb mijn pakket nog niet ontvangen.":                                                             "nl",
		"Ainda não recebi a minha encomenda.":                                                                "pt",
		"Πού είναι η παραγγελία μου;":                                                                        "el",
		"أين طلبي؟":                                                                                          "ar",
		"สินค้าของฉันอยู่ที่ไหน":                                                                             "th",
		"Merhaba, Nike Air Max iade etmek istiyorum https://shop.example.com/returns order@shop.example.com": "tr",
		"iPhone 15 Pro Max 256GB のケースを返品したいです":                                                               "ja",
	} {
		got, sure := Detect(s)
		if got != want || sure < 0.5 {
			t.Errorf("%q is said to be %s (%.2f), want %s", s, got, sure, want)
		}
	}
}

func TestNothingToReadHasNoLanguage(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "12345", "😀 !!", "https://example.com/a", "\xff\xfe"} {
		if got, sure := Detect(s); got != "" || sure != 0 {
			t.Errorf("%q is said to be %s (%.2f)", s, got, sure)
		}
	}
	if got, sure := Detect("商品"); got == "" || sure >= 0.5 {
		t.Errorf("characters of two languages are said to be %s (%.2f)", got, sure)
	}
}

func TestConfidenceIsAShare(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		if lang, sure := Detect(anyText().Draw(t, "text")); sure < 0 || sure > 1 || (lang == "") != (sure == 0) {
			t.Fatalf("%q with %v", lang, sure)
		}
	})
}

func BenchmarkDetect(b *testing.B) {
	for lang, s := range benchText {
		b.Run(lang, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Detect(s)
			}
		})
	}
}

func BenchmarkDetectFirstUse(b *testing.B) {
	for b.Loop() {
		learn(scriptLatin)
	}
}
