package mail

import (
	"strings"
	"testing"
)

// The lines by which mail programs introduce the mail they answer.
var attributions = map[string][]string{
	"English": {
		"On Mon, Jan 5, 2026 at 9:15 AM Shop <help@shop.test> wrote:",
		"On 5 Jan 2026, at 09:15, Shop <help@shop.test> wrote:",
		"On 2026-01-05 09:15, Shop wrote:",
		"On 1/5/26 9:15 AM, Shop wrote:",
		"On Monday, January 5, 2026, Shop <help@shop.test> wrote:",
		"On Monday, January 5th, 2026 at 9:15 AM, Shop <help@shop.test> wrote:",
		"On Monday, January 5, 2026 at 09:15:50 AM GMT+1, Shop <help@shop.test> wrote:",
		"On Jan 5, 2026 9:15 AM, \"Shop\" <help@shop.test> wrote:",
		"Shop <help@shop.test> wrote:",
		"Shop <help@shop.test> wrote on Mon, 5 Jan 2026:",
		"Shop wrote on 05/01/2026 09:15:",
		"At 09:15 05/01/2026, you wrote:",
		"* Shop <help@shop.test> [2026-01-05 09:15]:",
		"Quoting Shop <help@shop.test>:",
		"---- On Mon, 05 Jan 2026 09:15:00 +0200 Shop <help@shop.test> wrote ----",
		"-------- Original message --------",
		"-----Original Message-----",
		"----- Original Message -----",
		"Sent: Monday, 5 January 2026 09:15\nFrom: Shop <help@shop.test>\nTo: me@c.test\nSubject: Order",
		"---------- Original Message ----------\nFrom: Shop <help@shop.test>\nDate: 1/5/2026",
		"On Mon, 5 Jan 2026, 09:15 Shop Support with a very long name indeed,\n<help-with-a-long-address@shop.test> wrote:",
		"On Mon, 5 Jan 2026 at 09:15, Shop Support with a very long name <\nhelp@shop.test> wrote:",
		"2026-01-05 9:15 GMT+02:00 Shop <help@shop.test>:",
		"##- Please type your reply above this line -##",
	},
	"German": {
		"Am 05.01.2026 um 09:15 schrieb Shop <help@shop.test>:",
		"Am Mo., 5. Jan. 2026 um 09:15 Uhr schrieb Shop <help@shop.test>:",
		"Am Montag, 5. Januar 2026, 09:15:12 MEZ hat Shop <help@shop.test> Folgendes geschrieben:",
		"Shop <help@shop.test> schrieb am Mo., 5. Jan. 2026, 09:15:",
		"Gesendet: Montag, 05. Januar 2026 um 09:15 Uhr\nVon: \"Shop\" <help@shop.test>\nAn: me@c.test\nBetreff: Bestellung",
		"-----Ursprüngliche Nachricht-----",
		"-------- Ursprüngliche Nachricht --------",
		"-------- Originalnachricht --------",
		"Zitat von Shop <help@shop.test>:",
		"Am 5.1.26 um 9:15 schrieb Shop:",
	},
	"French": {
		"Le lun. 5 janv. 2026 à 09:15, Shop <help@shop.test> a écrit :",
		"Le 05/01/2026 à 09:15, Shop a écrit :",
		"Le lundi 5 janvier 2026 à 09:15:12 UTC+1, Shop <help@shop.test> a écrit :",
		"De : Shop <help@shop.test>\nEnvoyé : lundi 5 janvier 2026 09:15\nÀ : moi\nObjet : Commande",
		"-----Message d'origine-----",
		"-----Message d’origine-----",
		"> Le 5 janv. 2026 à 09:15, Shop <help@shop.test> a écrit :\n>\n> Bonjour",
		"> Message du 05/01/26 09:15\n> De : \"Shop\" <help@shop.test>\n> A : me@c.test\n> Copie à :\n> Objet : Commande",
	},
	"Spanish": {
		"El lun, 5 ene 2026 a las 9:15, Shop (<help@shop.test>) escribió:",
		"El 05/01/2026 a las 09:15, Shop escribió:",
		"El lunes, 5 de enero de 2026, 09:15:12 CET, Shop <help@shop.test> escribió:",
		"De: Shop <help@shop.test>\nEnviado el: lunes, 5 de enero de 2026 9:15\nPara: yo\nAsunto: Pedido",
		"-----Mensaje original-----",
	},
	"Portuguese": {
		"Em seg., 5 de jan. de 2026 às 09:15, Shop <help@shop.test> escreveu:",
		"Em 05/01/2026 09:15, Shop escreveu:",
		"Em segunda-feira, 5 de janeiro de 2026 09:15:12 BRT, Shop <help@shop.test> escreveu:",
		"Shop <help@shop.test> escreveu (segunda, 5/01/2026 à(s) 09:15):",
		"A segunda, 5 jan 2026, 09:15, Shop <help@shop.test> escreveu:",
	},
	"Italian": {
		"Il giorno lun 5 gen 2026 alle ore 09:15 Shop <help@shop.test> ha scritto:",
		"Il 05/01/2026 09:15, Shop ha scritto:",
		"In data lunedì 5 gennaio 2026 09:15:12 CET, Shop <help@shop.test> ha scritto:",
		"Da: Shop <help@shop.test>\nInviato: lunedì 5 gennaio 2026 09:15\nA: io\nOggetto: Ordine",
		"-----Messaggio originale-----",
	},
	"Dutch": {
		"Op ma 5 jan 2026 om 09:15 schreef Shop <help@shop.test>:",
		"Op 05-01-2026 om 09:15 schreef Shop:",
		"Op maandag 5 januari 2026 om 09:15:12 CET schreef Shop <help@shop.test>:",
		"Van: Shop <help@shop.test>\nVerzonden: maandag 5 januari 2026 09:15\nAan: ik\nOnderwerp: Bestelling",
		"-----Oorspronkelijk bericht-----",
	},
	"Swedish": {
		"Den mån 5 jan. 2026 kl 09:15 skrev Shop <help@shop.test>:",
		"Den 2026-01-05 kl. 09:15, skrev Shop:",
		"5 jan. 2026 kl. 09:15 skrev Shop <help@shop.test>:",
		"Från: Shop <help@shop.test>\nSkickat: den 5 januari 2026 09:15\nTill: jag\nÄmne: Order",
		"-----Ursprungligt meddelande-----",
	},
	"Danish": {
		"Den man. 5. jan. 2026 kl. 09.15 skrev Shop <help@shop.test>:",
		"Den 05.01.2026 kl. 09.15 skrev Shop:",
		"Fra: Shop <help@shop.test>\nSendt: 5. januar 2026 09:15\nTil: mig\nEmne: Ordre",
		"-----Oprindelig meddelelse-----",
	},
	"Norwegian": {
		"man. 5. jan. 2026 kl. 09:15 skrev Shop <help@shop.test>:",
		"Den 05.01.2026 09:15, skrev Shop:",
		"-----Opprinnelig melding-----",
	},
	"Finnish": {
		"ma 5. tammik. 2026 klo 9.15 Shop (help@shop.test) kirjoitti:",
		"Shop <help@shop.test> kirjoitti 5.1.2026 kello 9.15:",
		"Lähettäjä: Shop <help@shop.test>\nLähetetty: maanantai 5. tammikuuta 2026 9.15\nVastaanottaja: minä\nAihe: Tilaus",
		"-----Alkuperäinen viesti-----",
	},
	"Polish": {
		"pon., 5 sty 2026 o 09:15 Shop <help@shop.test> napisał(a):",
		"W dniu 05.01.2026 o 09:15, Shop pisze:",
		"W dniu poniedziałek, 5 stycznia 2026 09:15:12 CET użytkownik Shop <help@shop.test> napisał:",
		"Od: Shop <help@shop.test>\nWysłano: poniedziałek, 5 stycznia 2026 09:15\nDo: ja\nTemat: Zamówienie",
		"-----Oryginalna wiadomość-----",
	},
	"Czech": {
		"po 5. 1. 2026 v 9:15 odesílatel Shop <help@shop.test> napsal:",
		"Dne 05.01.2026 v 9:15 Shop napsal(a):",
		"---------- Původní e-mail ----------\nOd: Shop <help@shop.test>\nKomu: ja\nDatum: 5. 1. 2026 9:15\nPředmět: Objednávka",
	},
	"Slovak":   {"po 5. 1. 2026 o 9:15 Shop <help@shop.test> napísal(a):", "Dňa 5. 1. 2026 o 9:15 Shop napísal(a):"},
	"Slovene":  {"V V pon., 5. jan. 2026 ob 09:15 je oseba Shop <help@shop.test> napisala:", "Dne 5. 1. 2026 je Shop napisal(a):"},
	"Croatian": {"pon, 5. sij 2026. u 09:15 Shop <help@shop.test> napisao je:", "Dana 5.1.2026. u 9:15, Shop je napisao/la:"},
	"Serbian":  {"пон, 5. јан 2026. у 09:15 Shop <help@shop.test> је написао/ла:"},
	"Hungarian": {
		"Shop <help@shop.test> ezt írta (időpont: 2026. jan. 5., H, 9:15):",
		"2026. 01. 05. 9:15 keltezéssel, Shop írta:",
		"Feladó: Shop <help@shop.test>\nKüldve: 2026. január 5., hétfő 9:15\nCímzett: én\nTárgy: Rendelés",
	},
	"Romanian":   {"În lun., 5 ian. 2026 la 09:15, Shop <help@shop.test> a scris:", "Pe 05.01.2026 09:15, Shop a scris:"},
	"Greek":      {"Στις Δευ 5 Ιαν 2026 στις 9:15 π.μ., ο χρήστης Shop <help@shop.test> έγραψε:"},
	"Bulgarian":  {"На пн, 5.01.2026 г. в 9:15 Shop <help@shop.test> написа:"},
	"Estonian":   {"Kuupäev E, 5. jaanuar 2026 kell 09:15 kirjutas Shop <help@shop.test>:"},
	"Latvian":    {"pirmd., 2026. g. 5. janv., plkst. 09:15 — lietotājs Shop (<help@shop.test>) rakstīja:"},
	"Lithuanian": {"2026-01-05, pr, 09:15 Shop <help@shop.test> rašė:"},
	"Russian": {
		"пн, 5 янв. 2026 г. в 09:15, Shop <help@shop.test>:",
		"5 января 2026 г., 9:15, Shop <help@shop.test> написал:",
		"05.01.2026 9:15, Shop пишет:",
		"05.01.2026, 09:15, \"Shop\" <help@shop.test>:",
		"Понедельник, 5 января 2026, 9:15 +03:00 от Shop <help@shop.test>:",
		"От: Shop <help@shop.test>\nОтправлено: 5 января 2026 г. 9:15\nКому: мне\nТема: Заказ",
		"-----Исходное сообщение-----",
		"-------- Исходное сообщение --------",
	},
	"Ukrainian": {
		"пн, 5 січ. 2026 р. о 09:15 Shop <help@shop.test> пише:",
		"5 січня 2026 р., 09:15:10, від \"Shop\" <help@shop.test>:",
		"05.01.26 09:15, Shop пише:",
		"Від: Shop <help@shop.test>\nНадіслано: 5 січня 2026 р. 9:15\nКому: мені\nТема: Замовлення",
		"--- Оригінальне повідомлення ---\nВід кого: \"Shop\" <help@shop.test>\nДата: 5 січня 2026, 09:15:10",
	},
	"Turkish": {
		"Shop <help@shop.test>, 5 Oca 2026 Pzt, 09:15 tarihinde şunu yazdı:",
		"5 Oca 2026 Pzt, saat 09:15 tarihinde Shop <help@shop.test> şunu yazdı:",
		"05.01.2026 09:15 tarihinde Shop yazdı:",
		"Shop şunları yazdı (5 Oca 2026 09:15):",
		"Kimden: Shop <help@shop.test>\nGönderildi: 5 Ocak 2026 Pazartesi 09:15\nKime: ben\nKonu: Sipariş",
		"-----Özgün İleti-----",
	},
	"Japanese": {
		"2026年1月5日(月) 9:15 Shop <help@shop.test>:",
		"2026/01/05 9:15、Shop のメール:",
		"2026年1月5日 9:15、Shop <help@shop.test>のメール:",
		"On 2026/01/05 9:15, Shop wrote:",
		"差出人: Shop <help@shop.test>\n送信日時: 2026年1月5日 9:15\n宛先: me@c.test\n件名: ご注文",
		"-----元のメッセージ-----",
		"----- Original Message -----",
		"2026年1月5日月曜日 9:15 に、Shop <help@shop.test> さんは書きました:",
	},
	"Chinese": {
		"Shop <help@shop.test> 于2026年1月5日周一 09:15写道：",
		"在 2026年1月5日，09:15，Shop <help@shop.test> 写道：",
		"在 2026-01-05 09:15:10，\"Shop\" <help@shop.test> 写道：",
		"------------------ 原始邮件 ------------------\n发件人: \"Shop\" <help@shop.test>;\n发送时间: 2026年1月5日(星期一) 上午9:15\n收件人: \"me\"<me@c.test>;\n主题: 订单",
		"Shop <help@shop.test> 於 2026年1月5日 週一 上午9:15寫道：",
		"寄件者: Shop <help@shop.test>\n寄件日期: 2026年1月5日 9:15\n收件者: me@c.test\n主旨: 訂單",
	},
	"Korean": {
		"2026년 1월 5일 (월) 오전 9:15, Shop <help@shop.test>님이 작성:",
		"2026. 1. 5. 09:15, Shop <help@shop.test> 작성:",
		"-----Original Message-----\nFrom: \"Shop\" <help@shop.test>\nTo: me@c.test\nSent: 2026-01-05 (월) 09:15:10",
		"보낸 사람: Shop <help@shop.test>\n보낸 날짜: 2026년 1월 5일 월요일 오전 9:15\n받는 사람: me\n제목: 주문",
	},
	"Vietnamese": {"Vào Th 2, 5 thg 1, 2026 vào lúc 09:15 Shop <help@shop.test> đã viết:"},
	"Indonesian": {"Pada Sen, 5 Jan 2026 09.15, Shop <help@shop.test> menulis:", "Pada tanggal Sen, 5 Jan 2026 pukul 09.15 Shop <help@shop.test> menulis:"},
	"Thai":       {"ในวันที่ จ. 5 ม.ค. 2026 เวลา 09:15 Shop <help@shop.test> เขียนว่า:"},
	"Hebrew":     {"‫בתאריך יום ב׳, 5 בינו׳ 2026 ב-9:15 מאת ‪Shop‬‏ <‪help@shop.test‬‏>:‬"},
	"Arabic":     {"في الاثنين، 5 يناير 2026 في 9:15 ص تمت كتابة ما يلي بواسطة ‪Shop‬‏ <‪help@shop.test‬‏>:"},
	"Catalan":    {"Missatge de Shop <help@shop.test> del dia dl., 5 de gen. 2026 a les 9:15:", "El 5/1/26 a les 9:15, Shop ha escrit:"},
	"Persian":    {"در تاریخ دوشنبه ۵ ژانویهٔ ۲۰۲۶،‏ ۹:۱۵ Shop <help@shop.test> نوشت:"},
	"Hindi":      {"सोम, 5 जन॰ 2026 को 9:15 पूर्वाह्न बजे Shop <help@shop.test> ने लिखा:"},
}

func TestQuotesEndTheReplyInEveryLanguage(t *testing.T) {
	t.Parallel()
	const own = "Danke, thanks, дякую, ありがとう.\nSecond line of mine: 42."
	for language, list := range attributions {
		for _, a := range list {
			for shape, quote := range map[string]string{
				"marked":   a + "\n\n> Hello,\n> your order is on its way.\n>\n> Shop",
				"unmarked": a + "\n\nHello,\nyour order is on its way.\n\nShop",
			} {
				if strings.HasPrefix(a, ">") && shape == "unmarked" {
					continue
				}
				m, err := ParseBytes([]byte("From: c@c.test\nTo: help@shop.test\nContent-Type: text/plain; charset=utf-8\n\n"+own+"\n\n"+quote+"\n"), Options{})
				if err != nil {
					t.Fatal(err)
				}
				if m.ReplyText != own {
					t.Errorf("%s, %s: %q gave %q", language, shape, a, m.ReplyText)
				}
			}
		}
	}
}
