package text

import (
	"strings"
	"testing"
)

func TestFormsOfAWordHaveOneStem(t *testing.T) {
	t.Parallel()
	for lang, groups := range map[string][]string{
		"uk": {
			"посилка посилки посилку посилкою посилці посилок посилками",
			"замовлення замовленням замовлень замовити замовив замовила замовили",
			"повернення поверненням повернень повернути повернула поверну",
			"доставка доставку доставки доставці доставок доставкою",
			"товар товару товари товарів товаром товарами товарові",
			"гроші грошей грошима", "кошти коштів коштами", "оплата оплати оплату оплатив оплатити",
			"розмір розміру розміри розмірі", "вартість вартості", "знижка знижку знижок", "рахунок рахунку рахунка",
			"скасувати скасування скасую скасував скасовано", "отримав отримала отримати отримання",
			"гривня гривні гривень", "пошта пошти поштою", "клієнт клієнта клієнтів",
		},
		"tr": {
			"iade iadesi iademi iadenin iadeyi iadeler iadelerim",
			"kargo kargosu kargom kargomu kargonuz kargoya kargoda kargodan kargolar",
			"siparis siparisim siparisimi siparisin siparise siparisler siparislerim siparisiniz siparisimin",
			"urun urunu urunun urunler urunlerin urunden urunum urunleri", "adres adresi adresim adresimi adresime",
			"fatura faturasi faturam faturalar faturayi", "musteri musterisi musteriler", "magaza magazasi magazadan magazanizda magazada",
			"beden bedeni bedenim bedenler bedende", "hesap hesabim hesabi", "cocuk cocugu cocuklar", "renk rengi renkler",
			"numara numarasi numaram numarami", "odeme odemem odemesi odemeyi", "kupon kuponu kuponum kuponlar", "paket paketi paketim paketler",
		},
		"en": {"return returns returned returning", "parcel parcels", "box boxes", "delivery deliveries"},
		"ru": {"посылка посылки посылку посылкой", "доставка доставки доставку"},
	} {
		for _, g := range groups {
			first := ""
			for w := range strings.FieldsSeq(g) {
				stem := stemmers[lang].try(w)
				if first == "" {
					first = stem
				}
				if stem != first || stem == "" {
					t.Errorf("%s: the stem of %s is %s, not %s", lang, w, stem, first)
				}
			}
		}
	}
}

func TestDifferentWordsKeepDifferentStems(t *testing.T) {
	t.Parallel()
	for lang, words := range map[string]string{
		"uk": "посилка доставка товар повернення замовлення гроші розмір чек адреса пошта оплата знижка",
		"tr": "iade kargo siparis urun adres fatura musteri magaza beden hesap renk numara odeme kupon paket para teslimat indirim",
	} {
		seen := map[string]string{}
		for w := range strings.FieldsSeq(words) {
			stem := stemmers[lang].try(w)
			if other, ok := seen[stem]; ok {
				t.Errorf("%s: %s and %s have one stem, %s", lang, w, other, stem)
			}
			seen[stem] = w
		}
	}
}

func TestEveryStemmerTakesAnyWord(t *testing.T) {
	t.Parallel()
	for lang, st := range stemmers {
		for _, w := range []string{"a", "ß", "жі", "їхній", "𝔘", "返", strings.Repeat("ъ", 100), strings.Repeat("e", 300), "\xff"} {
			if a := New(lang); !a.Query(w, QueryOptions{}).Empty() && !a.Query(w, QueryOptions{}).Match(a.Index(w)) {
				t.Errorf("%s: %q does not find itself", lang, w)
			}
			st.try(w)
		}
	}
	all := New("ar", "da", "de", "en", "es", "fi", "fr", "ga", "hu", "it", "ja", "nb", "nl", "pt", "ro", "ru", "sv", "tr", "uk")
	for _, c := range []struct{ doc, query string }{
		{"devoluciones", "devolución"}, {"Häuser", "Haus"}, {"Häuser", "haus"}, {"commandée", "commandes"}, {"посылками", "посылка"}, {"посилками", "посилка"},
	} {
		if !all.Query(c.query, QueryOptions{}).Match(all.Index(c.doc)) {
			t.Errorf("%s does not find %s", c.query, c.doc)
		}
	}
}
