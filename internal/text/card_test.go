package text

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCardNumbersAreMaskedButForTheLastFour(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"4111 1111 1111 1111":                "•••• •••• •••• 1111", // Visa
		"Mein Visa: 4012888888881881, danke": "Mein Visa: ••••••••••••1881, danke",
		"5555-5555-5555-4444":                "••••-••••-••••-4444", // Mastercard
		"2223 0031 2200 3222":                "•••• •••• •••• 3222",
		"3782 822463 10005":                  "•••• •••••• •0005", // American Express
		"6011111111111117":                   "••••••••••••1117",  // Discover
		"3530 1113 3330 0000":                "•••• •••• •••• 0000",
		"3056 930902 5904":                   "•••• •••••• 5904", // Diners Club
		"6200 0000 0000 0005":                "•••• •••• •••• 0005",
		"2200 0000 0000 0004":                "•••• •••• •••• 0004", // Mir
		"9792 0300 0000 0000":                "•••• •••• •••• 0000", // Troy
		"４１１１　１１１１　１１１１　１１１１":                         "••••　••••　••••　１１１１",
		"٤١١١ ١١١١ ١١١١ ١١١١":                         "•••• •••• •••• ١١١١",
		"4111\u00a01111\u00a01111\u00a01111":          "••••\u00a0••••\u00a0••••\u00a01111",
		"4111–1111—1111‑1111":                         "••••–••••—••••‑1111",
		"4111 - 1111 - 1111 - 1111":                   "•••• - •••• - •••• - 1111",
		"41111111 11111111":                           "•••••••• ••••1111",
		"4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1":             "• • • • • • • • • • • • 1 1 1 1",
		"41\u200b11 1111 1111 1111":                   "••\u200b•• •••• •••• 1111",
		"4111 1111\n1111 1111":                        "•••• ••••\n•••• 1111", // wrapped
		"カード番号4111111111111111です":                     "カード番号••••••••••••1111です",
		"visa4111111111111111cvv 123":                 "visa••••••••••••1111cvv 123",
		"4111 1111 1111 1111 12/27 123":               "•••• •••• •••• 1111 12/27 123",
		"4111 1111 1111 1111 1227":                    "•••• •••• •••• 1111 1227",
		"card_4111111111111111.png":                   "card_••••••••••••1111.png",
		"05321234567 4111 1111 1111 1111 123":         "05321234567 •••• •••• •••• 1111 123",
		"5555555555554444/4111111111111111":           "••••••••••••4444/••••••••••••1111",
		"TR33 0006 1005 1978\n4111 1111 1111 1111":    "TR33 0006 1005 1978\n•••• •••• •••• 1111",
		"a 4111 1111 1111 1111 b 5500 0055 5555 5559": "a •••• •••• •••• 1111 b •••• •••• •••• 5559",
		"\xff4111111111111111\xff":                    "\xff••••••••••••1111\xff",
	} {
		if got, found := MaskCards(said); got != want || !found {
			t.Errorf("%q became %q, want %q", said, got, want)
		}
	}
}

func TestOtherNumbersStay(t *testing.T) {
	t.Parallel()
	for what, said := range map[string]string{
		"a wrong check digit":            "4111 1111 1111 1112",
		"no network":                     "1234 5678 9012 3452",
		"a longer number":                "94111111111111111123456",
		"the middle of a longer one":     "9400 4111 1111 1111 1111 2266",
		"an address":                     "https://shop.example/orders/4111111111111111?x=4111111111111111",
		"an address without its scheme":  "www.post.example/4111111111111111 and post.example/track/4111111111111111",
		"a mail address":                 "4111111111111111@shop.example",
		"a tracking number with letters": "1Z4111111111111111 RR4111111111111111TR LP4111111111111111",
		"an IBAN":                        "DE44 5500 0055 5555 5559 00 and FR76 3000 0000 0000 04",
		"a telephone number":             "+4111111111111111 or +90 532 123 45 67",
		"an article number":              "4006381333931 4000000000006",
		"a Nova Poshta number":           "20450123456789",
		"a telephone's IMEI":             "490154203237518",
		"times":                          "2026-11-27 10:30:00 1764237600000",
		"a list of short numbers":        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 2 3",
		"a decimal":                      "0.4111111111111111",
		"a masked number":                "•••• •••• •••• 1111",
		"odd groups":                     "411-1111111-111111",
		"two numbers far apart":          "4111 1111 and 1111 1111",
		"an order":                       "#1042, 2026/0000411, 12345678",
	} {
		if got, found := MaskCards(said); got != said || found {
			t.Errorf("%s: %q became %q", what, said, got)
		}
	}
}

func TestCardNumbersInHTMLAreMaskedAlsoBetweenTags(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"<p>4111 1111 1111 1111</p>":                                               "<p>•••• •••• •••• 1111</p>",
		"<b>4111</b> <i>1111</i> <span style=\"a:b\">1111</span> 1111":             "<b>••••</b> <i>••••</i> <span style=\"a:b\">••••</span> 1111",
		"<b>41</b>1111<u>1111</u>111111":                                           "<b>••</b>••••<u>••••</u>••1111",
		"<td>4111</td>\n  <td>1111</td><td>1111</td><td>1111</td>":                 "<td>••••</td>\n  <td>••••</td><td>••••</td><td>1111</td>",
		"4111 1111<br>1111 1111":                                                   "•••• ••••<br>•••• 1111",
		"4111&nbsp;1111&#160;1111&ensp;1111":                                       "••••&nbsp;••••&#160;••••&ensp;1111",
		"&#52;111111111111111":                                                     "••••••••••••1111",
		`<img alt="4111 1111 1111 1111" src="https://x.example/4111111111111111">`: `<img alt="•••• •••• •••• 1111" src="https://x.example/4111111111111111">`,
		`4111 <a title="5555555555554444">1111</a> 1111 1111`:                      `•••• <a title="••••••••••••4444">••••</a> •••• 1111`,
		`<a href="https://x.example">4111111111111111</a>`:                         `<a href="https://x.example">••••••••••••1111</a>`,
	} {
		if got, found := MaskCardsHTML(said); got != want || !found {
			t.Errorf("%q became %q, want %q", said, got, want)
		}
	}
	for _, said := range []string{
		`<a href="https://x.example/?o=4111111111111111">order</a>`, "<td width=4111>1111</td><td>1111</td><td>1111</td>",
		"4111&amp;1111 1111 1111", "<p>4111 1111 1111 1112</p>", "< 4111111111111112",
	} {
		if got, found := MaskCardsHTML(said); got != said || found {
			t.Errorf("%q became %q", said, got)
		}
	}
}

func TestEveryNetworkHasItsLengths(t *testing.T) {
	t.Parallel()
	for _, r := range cardRanges {
		for n := r.min; n <= r.max; n++ {
			for _, begins := range []int{r.from, r.to} {
				digits := make([]byte, n)
				for i, v := r.width-1, begins; i >= 0; i, v = i-1, v/10 {
					digits[i] = byte(v % 10)
				}
				for !luhn(digits) {
					digits[n-1]++
				}
				if !cardNumber(digits) {
					t.Errorf("%v is no card number", digits)
				}
			}
		}
	}
}

func FuzzMaskCards(f *testing.F) {
	for _, s := range append(pieces, corpus...) {
		f.Add(s)
	}
	for _, s := range []string{"4111 1111 1111 1111", "<b>4111</b>1111&#49;11 11111 1", "<a x='4111111111111111", "４１１１-1111 1111\n1111 <", "&", "<!4111"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, mask := range []func(string) (string, bool){MaskCards, MaskCardsHTML} {
			got, found := mask(s)
			if found != (got != s) {
				t.Fatalf("%q became %q and found is %v", s, got, found)
			}
			if utf8.ValidString(s) && !utf8.ValidString(got) {
				t.Fatalf("%q is broken", got)
			}
			if n := strings.Count(got, cardMark) - strings.Count(s, cardMark); found && n < 9 {
				t.Fatalf("only %d digits of %q were masked", n, s)
			}
		}
		if got, _ := MaskCards(s); utf8.ValidString(s) && utf8.RuneCountInString(got) != utf8.RuneCountInString(s) {
			t.Fatalf("%q became %q", s, got)
		}
	})
}

func BenchmarkMaskCards(b *testing.B) {
	mail := strings.Repeat("Where is my order 1042 of 2026-11-27? Call +90 532 123 45 67, thank you very much. ", 50)
	b.SetBytes(int64(len(mail)))
	b.ReportAllocs()
	for b.Loop() {
		MaskCards(mail)
	}
}

func TestMaskingIsBounded(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]string{
		"digits": strings.Repeat("1", 1<<20), "groups": strings.Repeat("4111 ", 1<<18), "tags": strings.Repeat("<b 4111111111111111", 1<<15),
		"open quotes": strings.Repeat("<b '4111111111111111", 1<<15), "references": strings.Repeat("&#52;", 1<<18), "singles": strings.Repeat("4 ", 1<<19),
		"addresses": "https://" + strings.Repeat("4111111111111111/", 1<<15),
	} {
		for _, mask := range []func(string) (string, bool){MaskCards, MaskCardsHTML} {
			if got, _ := mask(s); len(got) > 3*len(s) {
				t.Errorf("%s: %d bytes became %d", name, len(s), len(got))
			}
		}
	}
}
