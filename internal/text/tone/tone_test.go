package tone_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/deskbell/deskbell/internal/text/tone"
)

func formal(language string) tone.Rule {
	return tone.Rule{Kind: tone.Address, Form: tone.Formal, Languages: []string{language}}
}

func informal(language string) tone.Rule {
	return tone.Rule{Kind: tone.Address, Form: tone.Informal, Languages: []string{language}}
}

func avoid(instead string, words ...string) tone.Rule {
	return tone.Rule{Kind: tone.Avoid, Terms: []tone.Term{{Words: words, Instead: instead}}}
}

func term(right string, wrong ...string) tone.Rule {
	return tone.Rule{Kind: tone.Glossary, Terms: []tone.Term{{Words: wrong, Instead: right}}}
}

// said are the findings as "words" or "words -> what to write", "?" for what is missing.
func said(in tone.Input, rules ...tone.Rule) (out []string) {
	r := tone.NewGuide(rules).Check(in)
	for _, f := range r.Findings {
		words := in.Text[f.Start:f.End]
		if f.Missing {
			words = "?"
		}
		if f.Instead != "" {
			words += " -> " + f.Instead
		}
		out = append(out, words)
	}
	return out
}

type example struct {
	language, text string
	rule           tone.Rule
	want           []string
}

func run(t *testing.T, all []example) {
	t.Helper()
	for _, e := range all {
		if got := said(tone.Input{Text: e.text, Language: e.language}, e.rule); !slices.Equal(got, e.want) {
			t.Errorf("%s %q:\n got %q\nwant %q", e.language, e.text, got, e.want)
		}
	}
}

func TestWordsToAvoidAreFoundInAllTheirForms(t *testing.T) {
	t.Parallel()
	run(t, []example{
		{"en", "Unfortunately we cannot. UNFORTUNATELY!", avoid("Sadly", "unfortunately"), []string{"Unfortunately -> Sadly", "UNFORTUNATELY -> Sadly"}},
		{"en", "This problem, these problems.", avoid("question", "problem"), []string{"problem -> question", "problems"}},
		{"en", "You must pay. We stopped it, they are stopping.", avoid("", "you must", "stop"), []string{"You must", "stopped", "stopping"}},
		{"en", "We don’t know.", avoid("we will find out", "we don't know"), []string{"We don’t know -> We will find out"}},
		{"en", "Our policies forbid it.", avoid("", "policy"), []string{"policies"}},
		{"en", "It is cheap, and cheaply made.", avoid("", "cheap*"), []string{"cheap", "cheaply"}},
		{"tr", "Bu sorunlar için özür dileriz. Sorununuz çözüldü.", avoid("konu", "sorun"), []string{"sorunlar", "Sorununuz"}},
		{"tr", "MALİYETLER yüksek, maliyeti düşük, ışıklı.", avoid("", "maliyet", "ışık"), []string{"MALİYETLER", "maliyeti"}},
		{"tr", "Kitabınız geldi, kitaplar yolda.", avoid("", "kitap"), []string{"Kitabınız", "kitaplar"}},
		{"tr", "Yasaktır.", avoid("mümkün değil", "yasak"), []string{"Yasaktır"}},
		{"uk", "Ці проблеми ми вирішимо, з проблемою впораємось.", avoid("питання", "проблема"), []string{"проблеми", "проблемою"}},
		{"uk", "Ваша посилка, дві посилки, п’ять посилок.", avoid("відправлення", "посилка"), []string{"посилка -> відправлення", "посилки", "посилок"}},
		{"uk", "Це ваше зобов'язання.", avoid("", "зобов’язання"), []string{"зобов'язання"}},
		{"ja", "それは無理です。ダメージはありません。", avoid("いたしかねます", "無理", "ダメ"), []string{"無理 -> いたしかねます"}},
		{"ja", "ＮＧです。", avoid("", "NG"), []string{"ＮＧ"}},
	})
}

func TestOtherWordsAreLeftAlone(t *testing.T) {
	t.Parallel()
	run(t, []example{
		{"en", "I am honest. A factory of fact.", avoid("", "honestly", "factor"), nil},
		{"en", "Unfortunately? See https://shop.example/cheap-lamps or mail cheap@shop.example, {{ customer.cheap }}.", avoid("", "cheap"), nil},
		{"en", "Problems here.", avoid("", `"problem"`), nil},
		{"en", "> unfortunately\nAll is well.\n-- \nUnfortunately Ltd", avoid("", "unfortunately"), nil},
		{"en", "On Monday Eva wrote:\n> bad\n\nFine.", avoid("", "eva", "bad"), nil},
		{"tr", "Sorularınız için teşekkürler, sorarsanız yardımcı oluruz.", avoid("", "sorun"), nil},
		{"tr", "Parlak ve paralel.", avoid("", "para"), nil},
		{"tr", "Şen bir gün dileriz.", avoid("", "sen"), nil},
		{"tr", "Sen ve ben, güzel.", avoid("", "şen"), nil},
		{"uk", "Програма працює.", avoid("", "програш"), nil},
		{"ja", "ダメージ加工です。", avoid("", "ダメ"), nil},
	})
}

func TestTheShopsOwnWordsAreWrittenAsTheShopWritesThem(t *testing.T) {
	t.Parallel()
	run(t, []example{
		{"en", "Use the pick-up box or a locker. A parcel locker is near.", term("parcel locker", "pick-up box", "locker"), []string{"pick-up box -> parcel locker", "locker -> parcel locker"}},
		{"en", "Parcel locker: near. The Parcel Locker.", term("parcel locker"), []string{"Parcel Locker -> parcel locker"}},
		{"en", "Try click & collect.", term("Click & Collect"), []string{"click & collect -> Click & Collect"}},
		{"tr", "iade talebi ve İade Talebi.", term("iade talebi", "geri gönderme"), []string{"İade Talebi -> iade talebi"}},
		{"uk", "Чекає у почтоматі і в почтомат.", term("поштомат", "почтомат"), []string{"почтоматі", "почтомат -> поштомат"}},
		{"ja", "ポイントカードをお持ちください。", term("会員カード", "ポイントカード"), []string{"ポイントカード -> 会員カード"}},
	})
}

func TestTheFormOfAddressIsWatchedInEachLanguage(t *testing.T) {
	t.Parallel()
	run(t, []example{
		{"en", "Hey Eva, we can't. It's late, it’s been sent.", formal("en"), []string{"Hey -> Hello", "can't -> cannot", "It's -> It is", "it’s"}},
		{"en", "Dear Sir or Madam,\nwe hereby confirm.", informal("en"), []string{"Dear Sir or Madam", "we hereby"}},
		{"tr", "Sana yazıyorum, SENİN siparişin. Ne zaman istiyorsun? Gelebilir misin?", formal("tr"), []string{"Sana -> Size", "SENİN -> Sizin", "istiyorsun -> istiyorsunuz", "misin -> misiniz"}},
		{"tr", "Yarın alırsın, istersen gelebilirsin, BEKLİYORSUN.", formal("tr"), []string{"alırsın -> alırsınız", "gelebilirsin -> gelebilirsiniz", "BEKLİYORSUN -> BEKLİYORSUNUZ"}},
		{"tr", "Size yazdık, siparişinizi görebilirsiniz.", informal("tr"), []string{"Size -> Sana", "siparişinizi", "görebilirsiniz"}},
		{"uk", "Привіт! Твоя посилка у тебе, ти можеш її забрати. Напиши нам.", formal("uk"), []string{"Привіт -> Вітаємо", "Твоя -> Ваша", "тебе -> вас", "ти -> ви", "можеш", "Напиши -> Напишіть"}},
		{"uk", "Ваша посилка у вас, ви маєте її. Напишіть.", informal("uk"), []string{"Ваша -> Твоя", "вас -> тебе", "ви -> ти", "маєте", "Напишіть"}},
		{"ja", "本日発送した。届くのは明日だ。ありがとう！すぐ対応するよ。", formal("ja"), []string{"本日発送した", "くのは明日だ", "ありがとう -> ありがとうございます", "ぐ対応するよ"}},
		{"ja", "本日発送しました。もう少し待って。", informal("ja"), []string{"発送しました"}},
	})
}

func TestTheRightFormOfAddressIsLeftAlone(t *testing.T) {
	t.Parallel()
	run(t, []example{
		{"en", "Hello Eva,\nwe cannot do this. Its colour is Eva's choice. The U key.", formal("en"), nil},
		{"en", "Hi Eva, we're on it. Dear Eva, it's here.", informal("en"), nil},
		{"tr", "Sayın Eva Hanım, siparişiniz yolda. Siparişin kargosu bugün çıkar. Kurşun kalem şen renkte. Kargo firması size getirsin, haber versin, bildirsin.", formal("tr"), nil},
		{"tr", "Deniz manzaralı, yalnız bir adres. Sen nasılsın?", informal("tr"), nil},
		{"uk", "Вітаємо! Ви можете забрати посилку. Лише сьогодні, частіше й дешевше, не пізніш, навіть наш фетиш.", formal("uk"), nil},
		{"uk", "Твоя посилка їде. Можеш забрати її навіть завтра.", informal("uk"), nil},
		{"ja", "田中様\nお問い合わせありがとうございます。\n・返品する\n本日発送いたしました。「まだ届いていない。」とのこと、申し訳ございません。少々お待ちください。\nご確認いただけますでしょうか？\nよろしくお願いいたします！", formal("ja"), nil},
		{"ja", "以上。本日中。お待ちしておりますので。", formal("ja"), nil},
		{"de", "Du kannst das.", tone.Rule{Kind: tone.Address, Form: tone.Formal}, nil},
	})
}

func TestLongSentencesAreCountedInWordsOrCharacters(t *testing.T) {
	t.Parallel()
	limit := tone.Rule{Kind: tone.Length, MaxWords: 5, MaxCharacters: 10}
	run(t, []example{
		{"en", "One two three four five. One two three four five six! Mr. Doe paid 3.50 at shop.example today.", limit, []string{"One two three four five six!", "Mr. Doe paid 3.50 at shop.example today."}},
		{"uk", "Раз два три чотири п’ять. Раз два три чотири п’ять шість.", limit, []string{"Раз два три чотири п’ять шість."}},
		{"tr", "Bir iki üç dört beş vb. altı yedi.", limit, []string{"Bir iki üç dört beş vb. altı yedi."}},
		{"ja", "今日は晴れです。明日もきっと晴れるでしょう。", limit, []string{"明日もきっと晴れるでしょう。"}},
		{"en", "One two three\nfour five six\n- - - - - - -", limit, nil},
		{"en", "One two three four five six.", tone.Rule{Kind: tone.Length, MaxCharacters: 10}, nil},
	})
}

func TestWhatMustBeSaidIsMissedOnlyWhenItIsDue(t *testing.T) {
	t.Parallel()
	sorry := tone.Rule{Kind: tone.Phrase, When: tone.Angry, Phrases: []string{"sorry", "apologise", "申し訳", "özür dile*", "вибачте", "перепрошу*"}, Examples: []string{"We are sorry."}}
	for _, e := range []struct {
		name     string
		in       tone.Input
		complain bool
	}{
		{"calm", tone.Input{Text: "It comes tomorrow.", Customer: "When does it come?"}, false},
		{"angry", tone.Input{Text: "It comes tomorrow.", Customer: "This is unacceptable!"}, true},
		{"angry and answered", tone.Input{Text: "We apologised already.", Customer: "This is unacceptable!"}, false},
		{"japanese", tone.Input{Text: "明日届きます。", Customer: "ふざけないでください。"}, true},
		{"japanese answered", tone.Input{Text: "大変申し訳ございません。", Customer: "ふざけないでください。"}, false},
		{"turkish answered", tone.Input{Text: "Özür dileriz, yarın gelecek.", Customer: "Bu tam bir rezalet!"}, false},
		{"ukrainian", tone.Input{Text: "Посилка прийде завтра.", Customer: "Це неприпустимо!"}, true},
		{"ukrainian answered", tone.Input{Text: "Вибачте, посилка прийде завтра.", Customer: "Це неприпустимо!"}, false},
		{"nothing written", tone.Input{Text: " \n", Customer: "This is unacceptable!"}, false},
	} {
		if got := said(e.in, sorry); (len(got) == 1 && got[0] == "? -> We are sorry.") != e.complain || len(got) > 1 {
			t.Errorf("%s: %q", e.name, got)
		}
	}
	always := tone.Rule{Kind: tone.Phrase, When: tone.Always, Phrases: []string{"kind regards"}}
	run(t, []example{{"en", "Done.", always, []string{"?"}}, {"en", "Done.\nKind regards", always, nil}})
	both := []tone.Rule{avoid("", "we are sorry for"), {Kind: tone.Phrase, When: tone.Always, Phrases: []string{"sorry"}}}
	if got := said(tone.Input{Text: "We are sorry for that.", Language: "en"}, both...); !slices.Equal(got, []string{"We are sorry for"}) {
		t.Errorf("a word inside another finding still counts as said: %q", got)
	}
}

func TestTheLanguageIsThatOfTheWriterOrElseOfTheCustomer(t *testing.T) {
	t.Parallel()
	for _, e := range []struct {
		in   tone.Input
		want string
	}{
		{tone.Input{Text: "Merhaba, siparişiniz bugün kargoya verildi, teşekkürler."}, "tr"},
		{tone.Input{Text: "ご注文の商品は本日発送しました。", Customer: "Where is it?"}, "ja"},
		{tone.Input{Text: "OK 123", Customer: "Доброго дня, коли надійде моя посилка?"}, "uk"},
		{tone.Input{Text: "12", Fallback: "tr-TR"}, "tr"},
		{tone.Input{Text: "Merhaba", Language: "uk"}, "uk"},
	} {
		if got := tone.NewGuide(nil).Check(e.in).Language; got != e.want {
			t.Errorf("%+v: %q, want %q", e.in, got, e.want)
		}
	}
}

func TestRulesOfAnotherLanguageSayNothing(t *testing.T) {
	t.Parallel()
	r := avoid("", "problem")
	r.Languages = []string{"tr", "uk"}
	if got := said(tone.Input{Text: "A problem.", Language: "en"}, r, formal("tr")); got != nil {
		t.Errorf("%q", got)
	}
}

func TestEveryFindingSaysWhyAndPointsIntoTheText(t *testing.T) {
	t.Parallel()
	s := "Hey, unfortunately we can't find your problem, which is a pity for all of us here today.\nÖzür."
	r := tone.NewGuide(every).Check(tone.Input{Text: s, Language: "en", Customer: "Unacceptable!!"})
	if len(r.Findings) < 5 || !r.Angry {
		t.Fatalf("%+v", r)
	}
	last := -1
	for _, f := range r.Findings {
		if f.Why.String() == "" || f.Start < last && !f.Missing {
			t.Errorf("%+v", f)
		}
		last = f.Start
	}
}

var every = []tone.Rule{
	avoid("sadly", "unfortunately", "無理", "sorun", "проблема"), avoid("", "a*", "the problem is"), term("Parcel", "box", "箱"), formal("en"), formal("tr"), formal("uk"), formal("ja"), informal("fr"),
	{Kind: tone.Length, MaxWords: 8, MaxCharacters: 20}, {Kind: tone.Phrase, When: tone.Angry, Phrases: []string{"sorry", "申し訳"}, Examples: []string{"We are sorry."}}, {Kind: tone.Phrase, When: tone.Always, Phrases: []string{"regards"}},
}

func TestAMegabyteIsReadInBoundedTime(t *testing.T) {
	t.Parallel()
	var many []tone.Rule
	for range 40 {
		many = append(many, avoid("x", "a a a b", "あああい", "problem", "проблема"))
	}
	g := tone.NewGuide(append(many, every...))
	for piece, language := range map[string]string{
		"a ": "en", "あ": "ja", "problem. ": "en", "проблема ": "uk", "x": "ja", ". ": "en", "\n": "en", "> \n": "en", "{{": "en", "a@": "en", "ﷺ": "en", "Sen geliyorsun, ": "tr", "それはだめだ。": "ja", "\xff": "",
	} {
		r := g.Check(tone.Input{Text: strings.Repeat(piece, 1_100_000/len(piece)), Language: language, Customer: strings.Repeat(piece, 1000)})
		if len(r.Findings) > tone.MaxFindings || !r.Cut {
			t.Errorf("%q: %d findings, cut %v", piece, len(r.Findings), r.Cut)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	var rules []tone.Rule
	for i := range 100 {
		rules = append(rules, avoid("", "unlucky "+strings.Repeat("x", i%20), "sorun", "проблема"))
	}
	g := tone.NewGuide(append(rules, every...))
	for language, piece := range map[string]string{
		"en": "Hello Eva, thank you for writing. Your parcel left us today and should be with you on Friday. ", "tr": "Siparişiniz bugün kargoya verildi, cuma günü elinizde olur. ",
		"uk": "Ваше замовлення сьогодні відправлено, у п’ятницю воно буде у вас. ", "ja": "商品は本日発送いたしました。到着まで今しばらくお待ちください。",
	} {
		letter := strings.Repeat(piece, 2000/len(piece))
		b.Run(language, func(b *testing.B) {
			for b.Loop() {
				g.Check(tone.Input{Text: letter, Customer: letter})
			}
		})
	}
}

func FuzzCheck(f *testing.F) {
	for _, s := range []string{"Hey, we can't.", "本日発送した。ＮＧ", "Sana geliyorsun", "Твоя проблема", "a@b {{ x }} https://x", "> q\n-- \n", "İ\u0307ﬁ™", "\xffだ。"} {
		f.Add(s, "en")
		f.Add(s, "ja")
		f.Add(s, "tr")
		f.Add(s, "uk")
		f.Add(s, "")
	}
	g := tone.NewGuide(every)
	f.Fuzz(func(t *testing.T, s, language string) {
		if len(language) > 8 {
			return
		}
		r := g.Check(tone.Input{Text: s, Language: language, Customer: s})
		if len(r.Findings) > tone.MaxFindings {
			t.Fatalf("%d findings", len(r.Findings))
		}
		for _, one := range r.Findings {
			if one.Start < 0 || one.End > len(s) || one.Start > one.End || one.Missing != (one.Start == one.End) || one.Why.IsZero() {
				t.Fatalf("%+v in %d bytes", one, len(s))
			}
			if utf8.ValidString(s) && !utf8.ValidString(s[one.Start:one.End]) {
				t.Fatalf("%q cuts a character", s[one.Start:one.End])
			}
		}
	})
}
