package mail

import "testing"

// What customers write themselves and what looks like a quote or signature
// but is not.
func TestOwnWordsAreNeverCut(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"travel":          "Hi,\n\nFrom: Berlin\nTo: Kyiv\nDate: 5 May 2026\n\nCan you deliver there?",
		"appointment":     "Please come:\n\nDate: Wednesday 3, October 2026\nTime: 7:00\nAddress: 130 Fox St\n\nBring the lamp.",
		"order number":    "Order\n\nNo: 4711\nDate: 2026-01-05 10:00\nTo: Berlin\n\nWhere is it?",
		"form":            "Name: Olha\nEmail: olha@example.test\nMessage: where is my parcel?\nOn 5 May it was sent.",
		"wrote":           "Yesterday I wrote:\n\nplease cancel the order. Nobody answered.",
		"she wrote":       "Your colleague Anna wrote: the refund comes on Monday.\nIt did not come.",
		"list":            "I need:\n\n- two lamps\n- one chair\n--\n- a table\n\nand the price of everything, please, with delivery to Lviv before the end of the month if that can be done at all",
		"dashes":          "First part\n\n---\n\nSecond part: this is a longer paragraph about the things that are wrong with the order I placed last week and which I would like to return as soon as possible, please tell me how that works.",
		"headings":        "---- Order ----\n2 lamps\n\n---- Address ----\nKyiv, Khreshchatyk 1",
		"sent from":       "The parcel was sent from Poland\nand arrived broken.",
		"sent from start": "Sent from Poland on Monday, it should be here by now. Where is it?",
		"regards inside":  "Regards to your team!\n\nMy question: where is the lamp? It was promised for Friday.",
		"on":              "On 5 May I ordered a lamp.\nOn 6 May I paid: nothing came.",
		"on with colon":   "On 5 May I ordered these:\n\n1 lamp\n2 chairs",
		"mail address":    "My new address is olha@example.test and the old one was o@example.test:\nplease change it.",
		"times":           "I am at home at these times, write to (o@example.test) before 10:30\nor after 18:00",
		"greater":         "The sizes are\n5 > 4\nand 3 < 4",
		"prices":          "> 100 EUR is too much for me.\nCan you make it 80?",
		"thanks":          "Thanks,\nbut where is my order 1042?",
		"japanese":        "お世話になっております。\n注文番号：1042\n日時：2026年1月5日 9:15\nまだ届いていません。よろしくお願いいたします。",
		"ukrainian":       "Добрий день!\n\nВід: Київ\nДо: Львів\nДата: 5.01.2026\n\nЧи можлива доставка?",
		"turkish":         "Merhaba,\n\nAdres: Ankara\nTarih: 05.01.2026\nKonu kapandı mı?",
		"arrow":           "A -> B\nB -> C\n=> works",
		"short":           "ok",
		"emoji":           "👍",
		"question":        "?",
		"code":            "JD> is my nickname\nplease use it",
		"original word":   "I want the original message that came with the gift:\nit was lost.",
		"forwarded":       "You forwarded message 12 to me, thanks.\nWhat now?",
		"best":            "Which lamp is\nbest\nfor my kitchen, which is 12 square metres large and rather dark?",
		"name only":       "--\nRoman",
	} {
		m, err := ParseBytes([]byte("From: c@c.test\nTo: help@shop.test\nSubject: Question\nContent-Type: text/plain; charset=utf-8\n\n"+text+"\n"), Options{})
		if err != nil || m.ReplyText != text {
			t.Errorf("%s: %q became %q", name, text, m.ReplyText)
		}
		if m.Forwarded != nil || m.Bounce || m.AutoReply || m.Automatic {
			t.Errorf("%s: %+v", name, m)
		}
	}
}

func TestSignaturesGo(t *testing.T) {
	t.Parallel()
	const own = "Where is my order?\nNumber 1042."
	for _, sig := range []string{
		"-- \nOlha Koval\nKyiv", "--\nOlha", "________________\nOlha Koval\nAcme Ltd", "Sent from my iPhone", "Sent from my Samsung Galaxy smartphone.", "Get Outlook for Android<https://aka.ms/x>", "Sent via mobile, please excuse typos", "Sent from Yahoo Mail for iPhone",
		"Von meinem iPhone gesendet", "Gesendet von Mail für Windows", "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.", "Envoyé de mon iPhone", "Envoyé depuis l'application Mail Orange", "Enviado desde mi iPhone", "Enviado do meu iPhone", "Inviato da iPhone", "Verstuurd vanaf mijn iPhone", "Verzonden vanuit Outlook voor Android",
		"Skickat från min iPhone", "Sendt fra min iPhone", "Lähetetty iPhonesta", "Wysłane z iPhone'a", "Wysłano z telefonu Samsung", "Odesláno z iPhonu", "Отправлено с iPhone", "Отправлено из мобильной Почты Mail.ru", "Отправлено из приложения Яндекс.Почта", "Надіслано з iPhone", "Відправлено з мобільного телефону", "iPhone'umdan gönderildi", "iPhone’umdan gönderildi", "Android için Outlook’u edinin",
		"iPhoneから送信", "Yahoo!メール for iPhoneから送信", "发自我的iPhone", "從我的 iPhone 傳送", "나의 iPhone에서 보냄", "Trimis de pe iPhone-ul meu", "Στάλθηκε από το iPhone μου", "נשלח מה-iPhone שלי", "أرسلت من الـ iPhone", "Dikirim dari iPhone saya", "Được gửi từ iPhone của tôi", "Poslano z iPhona", "Elküldve az iPhone-omról",
		"Best regards,\nOlha Koval", "Mit freundlichen Grüßen\nOlha Koval", "З повагою,\nОльга", "С уважением,\nОльга", "Saygılarımla,\nAyşe Yılmaz", "Cordialement\n\nOlha Koval\n+380 44 000 00 00",
	} {
		m, err := ParseBytes([]byte("From: c@c.test\nTo: help@shop.test\nContent-Type: text/plain; charset=utf-8\n\n"+own+"\n\n"+sig+"\n"), Options{})
		if err != nil || m.ReplyText != own || !m.Full {
			t.Errorf("%q left %q", sig, m.ReplyText)
		}
	}
}
