package text

import (
	"strings"
	"testing"
)

// benchText is about 1 KB of each kind of mail.
var benchText = map[string]string{
	"en": strings.Repeat("Hello, I ordered two pairs of running shoes last Tuesday (order LL-10482) and the parcel still has not been delivered. "+
		"The tracking page says that it was handed over to the courier. Could you please check what happened and let me know? "+
		"My email is anna.k@example.com and my phone is +44 20 7946 0958. Many thanks, Anna\n", 4)[:1024],
	"tr": clip(strings.Repeat("Merhaba, geçen hafta verdiğim siparişim hâlâ elime ulaşmadı. Kargo takip numarası ile baktığımda dağıtıma çıktığı görünüyor ama gelen giden yok. İade etmek istiyorum, lütfen yardımcı olun. ", 8), 1024),
	"uk": clip(strings.Repeat("Доброго дня! Я замовляв у вас кросівки, але посилка досі не прийшла. Підкажіть, будь ласка, коли її буде відправлено та чи можна повернути кошти за п'ять днів. ", 8), 1024),
	"ja": clip(strings.Repeat("お世話になっております。先週注文した商品がまだ届いていません。配送状況を確認していただけますか。届かない場合は返品と返金をお願いします。", 8), 1024),
}

func BenchmarkIndex(b *testing.B) {
	for lang, s := range benchText {
		b.Run(lang, func(b *testing.B) {
			b.SetBytes(int64(len(s)))
			b.ReportAllocs()
			for b.Loop() {
				_ = shop.Index(s).Len()
			}
		})
	}
}

// BenchmarkIndexNewWords gives every stem a miss of the cache.
func BenchmarkIndexNewWords(b *testing.B) {
	for lang, s := range benchText {
		b.Run(lang, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = New().Index(s).Len()
			}
		})
	}
}

func BenchmarkRender(b *testing.B) {
	terms := shop.Index(benchText["en"])
	b.Run("FTS5", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_ = terms.FTS5()
		}
	})
	b.Run("TSVector", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_ = terms.TSVector()
		}
	})
}

func BenchmarkQuery(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = typing("returned parcel LL-10482").FTS5()
	}
}

func BenchmarkSnippet(b *testing.B) {
	e := typing("parcel delivered")
	b.ReportAllocs()
	for b.Loop() {
		_ = shop.Snippet(benchText["en"], e, 120)
	}
}

func BenchmarkPreview(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = Preview(benchText["en"], 140)
	}
}

func BenchmarkNormalizeSubject(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = NormalizeSubject("Re: AW: Your order LL-10482 has not arrived yet")
	}
}
