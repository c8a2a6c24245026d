package text

import (
	"slices"
	"testing"
)

var shop = New()

func typing(q string) Expr { return shop.Query(q, QueryOptions{Typing: true}) }
func typed(q string) Expr  { return shop.Query(q, QueryOptions{}) }

var corpus = []string{
	1:  "Hi, where is my order LL-10482? I returned two boxes last week.",
	2:  "Invoice for order LL10482 please, or #1234. Sent from anna.k+shop@mail.example.com",
	3:  "Call me: +90 532 123 45 67 (evenings)",
	4:  "Siparişim hâlâ gelmedi. İade etmek istiyorum, ISPARTA.",
	5:  "SIPARISIM nerede? iade edecegim. Ürünlerim ve ürünün kargosu.",
	6:  "Коли прийде посилка? П’ять днів чекаю. Замовлення №7788.",
	7:  "Посилки досі немає, відстежити посилку не можу; багато посилок у дорозі.",
	8:  "返品したいのですが、送料はかかりますか？",
	9:  "お客様の商品を本日発送しました。ﾊｶﾞｷと茶をどうぞ",
	10: "배송이 언제 오나요? 환불해주세요",
	11: "我想退货，请问什么时候退款？订单号 2024-ABC-77",
	12: "My e-mail bounced; the Nike™ café crème brûlée set (Größe 42) costs 149,90.",
	13: "Don't ship it! The customers' parcels were delivered… naïvely",
	14: "हिन्दी में मदद चाहिए",
	15: "สินค้าของฉันอยู่ที่ไหน",
	16: "العَرَبِيَّة طلب رقم ١٢٣٤٥",
	17: "Ёлка и самолёт. Привет, посылка",
	18: "(067) 123-45-67 або 067 765 43 21 18:30",
	19: "配送\n先を変更",
	20: "zażółć gęślą jaźń, Øresund, straße, Łódź",
}

func TestWordsAreFoundInEveryDatabase(t *testing.T) {
	t.Parallel()
	cases := []struct {
		q    string
		want []int
	}{
		{"returning", []int{1}}, {"box", []int{1}}, {"RETURN boxes", []int{1}}, {"return parcel", nil},
		{"LL-10482", []int{1, 2}}, {"ll10482", []int{1, 2}}, {"10482", []int{1, 2}}, {"LL 10482", []int{1, 2}}, {"LL-1048", []int{1, 2}},
		{"#1234", []int{2, 16, 18}}, {"1234 ", []int{2}},
		{"anna.k+shop@mail.example.com", []int{2}}, {"ANNA.K+shop@mail.exam", []int{2}}, {"anna", []int{2}},
		{"mail.example.com", []int{2}}, {"@mail.example.com", []int{2}}, {"example.com", []int{2}}, {"other@mail.example.com", nil},
		{"+905321234567", []int{3}}, {"0532 123 45 67", []int{3}}, {"05321234567", []int{3}}, {"532 123", []int{3}}, {"90 532", []int{3}},
		{"siparişim", []int{4, 5}}, {"SİPARİŞİM", []int{4, 5}}, {"siparis", []int{4, 5}}, {"sipariş", []int{4, 5}},
		{"ıade", []int{4, 5}}, {"İADE", []int{4, 5}}, {"iadesi", []int{4, 5}}, {"ısparta", []int{4}}, {"isparta", []int{4}}, {"hala", []int{4}},
		{"ürünleri", []int{5}}, {"urunler", []int{5}}, {"kargo", []int{5}}, {"kargonuz", []int{5}},
		{"посилка", []int{6, 7}}, {"посилки", []int{6, 7}}, {"посилку", []int{6, 7}}, {"посилок", []int{6, 7}}, {"посилкою", []int{6, 7}},
		{"п'ять", []int{6}}, {"п’ять", []int{6}}, {"пʼять", []int{6}}, {"пять", []int{6}}, {"п´ять", []int{6}},
		{"замовлень", []int{6}}, {"замовити", []int{6}}, {"№7788", []int{6}}, {"7788", []int{6}}, {"день", nil}, {"відстеження", []int{7}},
		{"返品", []int{8}}, {"送料", []int{8}}, {"品し", []int{8}}, {"返", []int{8}}, {"料", []int{8}}, {"発送", []int{9}}, {"返品 送料", []int{8}}, {"返送", nil},
		{"送料は", []int{8}}, {"ハガキ", []int{9}}, {"ハカキ", nil}, {"茶", []int{9}}, {"客様", []int{9}},
		{"환불", []int{10}}, {"배송", []int{10}}, {"退款", []int{11}}, {"退货", []int{11}}, {"2024-ABC-77", []int{11}}, {"abc", []int{11}},
		{"email", []int{12}}, {"e-mail", []int{12}}, {"nike", []int{12}}, {"cafe creme", []int{12}}, {"brulee", []int{12}}, {"grosse", []int{12}}, {"GRÖSSE", []int{12}},
		{"149.90", []int{12}}, {"149,90", []int{12}},
		{"dont", []int{13}}, {"don’t", []int{13}}, {"customer", []int{13}}, {"delivery", nil}, {"deliver", []int{13}}, {"naive", []int{13}}, {"parcel", []int{13}},
		{"हिन्दी", []int{14}}, {"हिन", []int{14}}, {"मदद", []int{14}}, {"สินค้า", []int{15}}, {"ของ", []int{15}},
		{"العربية", []int{16}}, {"12345 ", []int{16}}, {"елка", []int{17}}, {"самолёт", []int{17}},
		{"0671234567", []int{18}}, {"+380671234567", []int{18}}, {"0677654321", []int{18}}, {"067-765-43-21", []int{18}},
		{"配送先", []int{19}}, {"送先", []int{19}}, {"zazolc", []int{20}}, {"ŁÓDŹ", []int{20}}, {"oresund", []int{20}}, {"strasse", []int{20}},
		{`"order LL-10482"`, []int{1}}, {`"my order"`, []int{1}}, {`"order my"`, nil}, {`"送料はか"`, []int{8}}, {`where "two boxes`, []int{1}},
	}
	for name, s := range searchers(t) {
		t.Run(name, func(t *testing.T) {
			for id, doc := range corpus {
				if doc != "" {
					s.add(t, id, shop.Index(doc))
				}
			}
			for _, c := range cases {
				if got := s.find(t, typing(c.q)); !slices.Equal(got, c.want) {
					t.Errorf("%s: found %v, want %v; %s", c.q, got, c.want, typing(c.q).FTS5())
				}
			}
		})
	}
}

func TestTheLastWordIsABeginningOnlyWhileTyping(t *testing.T) {
	t.Parallel()
	doc := shop.Index("Where is the shipment?")
	for q, want := range map[string][2]bool{
		"ship": {true, false}, "shipmen": {true, false}, "shipment": {true, true}, "ship ": {false, false}, "shipmen’": {true, false}, "s": {false, false}, "where ship": {true, false}, "ship where": {false, false},
	} {
		if got := [2]bool{typing(q).Match(doc), typed(q).Match(doc)}; got != want {
			t.Errorf("%q: typing and typed %v, want %v", q, got, want)
		}
	}
}

func TestNamesAreTakenAsTheyAre(t *testing.T) {
	t.Parallel()
	for q, want := range map[string]bool{"Anna": true, "ann": true, "annas": false, "Schmidts": false, "schmid": true} {
		if got := shop.Query(q, QueryOptions{Typing: true, Plain: true}).Match(shop.Index("Anna Schmidt")); got != want {
			t.Errorf("%s: %v", q, got)
		}
	}
	both := typed("anna").And(typed("schmidt"))
	if !both.Match(shop.Index("Anna Schmidt")) || both.Match(shop.Index("Anna")) || both.And(typed("")).Empty() || typed("").And(typed("")).Empty() != true {
		t.Error("two queries together do not ask for both")
	}
}

func TestScopeWordsCannotBeWritten(t *testing.T) {
	t.Parallel()
	doc := shop.Index("see in12 and xin12 "+Scope("in", 12)+" ª", "in:12").With(Scope("team", 4))
	for name, s := range searchers(t) {
		s.add(t, 1, doc)
		if got := s.find(t, typing("in12").Within(Scope("team", 5), Scope("team", 4))); len(got) != 1 {
			t.Errorf("%s: the document of team 4 is not found", name)
		}
		for _, e := range []Expr{typing("in12").Within(Scope("in", 12)), typing("in12").Within(Scope("team", 40))} {
			if got := s.find(t, e); len(got) != 0 {
				t.Errorf("%s: %s finds a document without that scope", name, e.FTS5())
			}
		}
	}
	if !typing("in12").Within().Empty() {
		t.Error("a query within no scope is not empty")
	}
	for _, s := range []string{Scope("In", 1), Scope("", 1), Scope("in", -1), Scope("i n", 1)} {
		if s != "" {
			t.Errorf("scope %q was made of a bad name or id", s)
		}
	}
}

func TestAQueryOfSignsIsEmpty(t *testing.T) {
	t.Parallel()
	for _, q := range []string{"", " ", `"`, `""`, "* ( ) AND-", "'", "!!!", "\x00", "\xff\xfe", "😀", "’"} {
		e := typing(q)
		if q != "* ( ) AND-" && (!e.Empty() || e.FTS5() != "" || e.TSQuery() != "") {
			t.Errorf("%q gives %q", q, e.FTS5())
		}
	}
}
