package mail

import (
	"strings"
	"testing"
)

// Labels of From, Date, To and Subject in a quoted header.
var headerWords = map[string][]string{
	"en": {"From", "Sent", "To", "Subject"}, "en2": {"From", "Date", "To", "Subject"}, "de": {"Von", "Gesendet", "An", "Betreff"}, "de2": {"Von", "Datum", "An", "Betreff"},
	"fr": {"De", "Envoyé", "À", "Objet"}, "fr2": {"De", "Date", "Pour", "Sujet"}, "es": {"De", "Enviado", "Para", "Asunto"}, "es2": {"De", "Fecha", "Para", "Asunto"},
	"it": {"Da", "Inviato", "A", "Oggetto"}, "it2": {"Mittente", "Data", "A", "Oggetto"}, "pt": {"De", "Enviado", "Para", "Assunto"}, "pt2": {"De", "Data", "Para", "Assunto"},
	"nl": {"Van", "Verzonden", "Aan", "Onderwerp"}, "nl2": {"Van", "Datum", "Aan", "Onderwerp"}, "sv": {"Från", "Skickat", "Till", "Ämne"}, "da": {"Fra", "Sendt", "Til", "Emne"},
	"no": {"Fra", "Dato", "Til", "Emne"}, "fi": {"Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"}, "fi2": {"Lähettäjä", "Päiväys", "Vastaanottaja", "Aihe"},
	"pl": {"Od", "Wysłane", "Do", "Temat"}, "pl2": {"Nadawca", "Data", "Adresat", "Temat"}, "cs": {"Od", "Odesláno", "Komu", "Předmět"}, "sk": {"Od", "Odoslané", "Komu", "Predmet"},
	"hu": {"Feladó", "Elküldve", "Címzett", "Tárgy"}, "hu2": {"Feladó", "Dátum", "Címzett", "Tárgy"}, "ro": {"De la", "Trimis", "Către", "Subiect"}, "ro2": {"Expeditorul", "Dată", "Destinatarul", "Subiectul"},
	"hr": {"Šalje", "Datum", "Prima", "Naslov"}, "sl": {"Od", "Poslano", "Za", "Zadeva"}, "el": {"Από", "Στάλθηκε", "Προς", "Θέμα"}, "tr": {"Kimden", "Gönderildi", "Kime", "Konu"},
	"tr2": {"Gönderen", "Tarih", "Alıcı", "Konu"}, "ru": {"От", "Отправлено", "Кому", "Тема"}, "ru2": {"Отправитель", "Дата", "Кому", "Тема"}, "uk": {"Від", "Надіслано", "Кому", "Тема"},
	"bg": {"От", "Изпратено", "До", "Относно"}, "et": {"Saatja", "Saadetud", "Adressaat", "Teema"}, "et2": {"Kellelt", "Kuupäev", "Kellele", "Teema"}, "lv": {"No", "Nosūtīts", "Kam", "Tēma"}, "lt": {"Nuo", "Išsiųsta", "Kam", "Tema"},
	"ja": {"差出人", "送信日時", "宛先", "件名"}, "ja2": {"送信元", "日付", "送信先", "件名"}, "zh": {"发件人", "发送时间", "收件人", "主题"}, "zh2": {"寄件者", "寄件日期", "收件者", "主旨"}, "ko": {"보낸 사람", "보낸 날짜", "받는 사람", "제목"},
	"vi": {"Từ", "Đã gửi", "Tới", "Chủ đề"}, "id": {"Dari", "Dikirim", "Kepada", "Subjek"}, "he": {"מאת", "נשלח", "אל", "נושא"}, "ar": {"من", "تم الإرسال", "إلى", "الموضوع"}, "th": {"จาก", "ส่งเมื่อ", "ถึง", "เรื่อง"}, "ca": {"De", "Enviat", "Per a", "Assumpte"},
}

func TestForwardedMailNamesItsSenderInEveryLanguage(t *testing.T) {
	t.Parallel()
	for lang, w := range headerWords {
		for _, sep := range []string{": ", " : ", ":\t", "："} {
			head := w[0] + sep + "Jürgen Käufer <buyer@example.test>\n" + w[1] + sep + "5. 1. 2026 09:15\n" + w[2] + sep + "shop@reseller.test\n" + w[3] + sep + "Defekte Lampe"
			run := w[0] + sep + "Jürgen Käufer <buyer@example.test>" + w[2] + sep + "shop@reseller.test" + w[1] + sep + "5. 1. 2026 09:15" + w[3] + sep + "Defekte Lampe"
			for shape, text := range map[string]string{
				"gmail":       "---------- Forwarded message ---------\n" + head + "\n\nHallo",
				"outlook":     "________________________________\n" + head + "\n\nHallo",
				"bold":        "*" + strings.ReplaceAll(strings.ReplaceAll(head, "\n", "\n*"), sep, sep+"* ") + "\n\nHallo",
				"apple":       "> Anything forwarded:\n>\n> " + strings.ReplaceAll(head, "\n", "\n> ") + "\n>\n> Hallo",
				"thunderbird": "-------- Whatever it says --------\n" + head + "\n\n\nHallo",
				"yahoo":       "   ----- Some words here ----- " + run + "\nHallo",
			} {
				if shape == "bold" && sep != ": " || shape == "yahoo" && (sep == ":\t" || sep == "：") {
					continue
				}
				for _, above := range []string{"", "Please answer him.\n\n"} {
					m, err := ParseBytes([]byte("From: agent@partner.test\nTo: help@shop.test\nSubject: something\nContent-Type: text/plain; charset=utf-8\n\n"+above+text+"\n"), Options{})
					if err != nil {
						t.Fatal(err)
					}
					want := Forwarded{From: Address{"Jürgen Käufer", "buyer@example.test"}, Subject: "Defekte Lampe"}
					if m.Forwarded == nil || *m.Forwarded != want {
						t.Errorf("%s %s %q: %+v from %q", lang, shape, sep, m.Forwarded, text)
					}
					if above != "" && m.ReplyText != strings.TrimSpace(above) {
						t.Errorf("%s %s: reply %q", lang, shape, m.ReplyText)
					}
				}
			}
		}
	}
}

func TestAnswerIsNoForward(t *testing.T) {
	t.Parallel()
	for _, quote := range []string{
		"From: Shop <help@shop.test>\nSent: 5 January 2026 09:15\nTo: c@c.test\nSubject: Order\n\nHi",
		"On 5 Jan 2026 at 09:15, Shop <help@shop.test> wrote:\n> Hi",
		"On 5 Jan 2026 at 09:15, Shop <reply+1234@shop.test> wrote:\n> Hi",
	} {
		m, _ := ParseBytes([]byte("From: c@c.test\nTo: help@shop.test\nSubject: Re: Order\n\nThanks!\n\n"+quote+"\n"), Options{})
		if m.Forwarded != nil {
			t.Errorf("%q: %+v", quote, m.Forwarded)
		}
	}
}
