package text

import "testing"

func TestSubjectsLoseWhatRepliesPutBeforeThem(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Re: Order":                        "Order",
		"RE : Commande":                    "Commande",
		"re:re: Fwd: FW:Order":             "Order",
		"RE[2]: Order":                     "Order",
		"Re(3): Order":                     "Order",
		"Re^2: Order":                      "Order",
		"Re2: Order":                       "Order",
		"AW: WG: Bestellung":               "Bestellung",
		"Antw: Doorst: Vraag":              "Vraag",
		"SV: VS: Vb: Ordre":                "Ordre",
		"TR: RÉF : Réf: Colis":             "Colis",
		"R: I: Ordine":                     "Ordine",
		"RV: Res: ENC: Pedido":             "Pedido",
		"Răsp: Comanda":                    "Comanda",
		"Odp: PD: Zamówienie":              "Zamówienie",
		"Odp.: Objednávka":                 "Objednávka",
		"VÁ: Továbbítás: Rendelés":         "Rendelés",
		"Ynt: İlt: ILT: Sipariş":           "Sipariş",
		"YNT: Cvp: iade":                   "iade",
		"Відп: Пересл: Посилка":            "Посилка",
		"HA: Ответ: Re: Заказ":             "HA: Ответ: Re: Заказ",
		"Ответ: Отв: Заказ":                "Заказ",
		"ΑΠ: ΠΡΘ: Παραγγελία":              "Παραγγελία",
		"השב: הועבר: הזמנה":                "הזמנה",
		"رد: إعادة توجيه: طلب":             "طلب",
		"返信: Re：転送：返品について":                 "返品について",
		"回复：答复: 转发: 订单":                    "订单",
		"轉寄: 回覆: 訂單":                       "訂單",
		"회신: 전달: 주문":                       "주문",
		"ตอบ: สินค้า":                      "สินค้า",
		"Trả lời: Đơn hàng":                "Đơn hàng",
		"Bls: Trs: Pesanan":                "Pesanan",
		"Ats: Užsakymas":                   "Užsakymas",
		"[EXTERNAL] Re: Order":             "Order",
		"Re: [EXT] Order":                  "Order",
		"Re: [#LL-10482] Where is it?":     "Where is it?",
		"[Ticket#2024112] Re: Order":       "Order",
		"[Shop #12] Order":                 "Order",
		"Re: Order (#1234)":                "Order",
		"##- 4711 -## Re: Help":            "Help",
		"  Re:\t Order\r\n  number  ":      "Order number",
		"Re:":                              "Re:",
		"[#1234]":                          "[#1234]",
		"":                                 "",
		"Regarding: order":                 "Regarding: order",
		"Reply needed":                     "Reply needed",
		"Order: 1234":                      "Order: 1234",
		"Your order #1234":                 "Your order #1234",
		"[Newsletter] News":                "[Newsletter] News",
		"Re: \xff\xfe broken":              "\uFFFD broken",
		"Re: 3 for 2: is it still on? (B)": "3 for 2: is it still on? (B)",
	} {
		got := NormalizeSubject(in)
		if got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
		if again := NormalizeSubject(got); again != got && got != "" {
			t.Errorf("%q becomes %q when it is normalised again", got, again)
		}
	}
}

func TestSubjectsOfOneConversationHaveOneKey(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"Re: Sipariş İADE!", "siparis iade", "YNT: SİPARİŞ  iade [#12]"} {
		if got := SubjectKey(s); got != "siparis iade" {
			t.Errorf("%q has the key %q", s, got)
		}
	}
	if SubjectKey("Order 1") == SubjectKey("Order 2") || SubjectKey("?!") != "" {
		t.Error("different subjects have one key")
	}
}

func TestAddressesAreComparedFolded(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		" Anna.K+Shop@Example.COM. ": "anna.k+shop@example.com",
		"Anna <ANNA@Example.com>":    "anna@example.com",
		"INFO@İSTANBUL.example":      "info@istanbul.example",
		"Ünal@Bücher.example":        "ünal@bücher.example",
		"a＠b。example":                "a@b.example",
		"":                           "",
	} {
		if got := EmailFold(in); got != want {
			t.Errorf("%q folds to %q, want %q", in, got, want)
		}
	}
}
