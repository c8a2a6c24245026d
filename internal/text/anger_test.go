package text_test

import (
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/text"
)

func TestAngerIsHeardInEachLanguage(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"This is unacceptable. I want my money back.", "I am FURIOUS", "Still waiting, third time I write to you!!", "THIS IS THE THIRD TIME I WRITE AND NOBODY ANSWERS ME!!!", "What a joke. I will call my lawyer.",
		"I am so disappointed and frustrated with your service", "Never again will I buy from you",
		"Bu tam bir rezalet!", "BU KABUL EDİLEMEZ", "Defalarca yazdım, cevap yok!!", "Dalga mı geçiyorsunuz?", "Sizi tüketici hakem heyetine şikayet edeceğim",
		"Це неприпустимо!", "ПОВЕРНІТЬ ГРОШІ", "Третій раз пишу, ніхто не відповідає!!", "Яке хамство. Більше ніколи не замовлятиму.", "Це просто обман",
		"ふざけないでください。", "もう二度と買いません。", "何度も連絡しているのに返信がないのですが！！", "対応がひどいです。", "いい加減にしてください",
	} {
		if !text.Angry(s) {
			t.Errorf("%q is angry", s)
		}
	}
}

func TestPlainQuestionsAndThanksAreNotAngry(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"", "Where is my parcel?", "Hello!! Thank you so much!!", "I am a bit disappointed with the colour, can I return it?", "No worries, I am not angry.", "Is this e-mail a scam?", "The worstead wool is lovely.",
		"PLEASE SHIP TO THE NEW ADDRESS THANK YOU", "My second order has not arrived yet. When will it come?",
		"Merhaba, kargom ne zaman gelir?", "Hâlâ bekliyorum, bilgi verir misiniz?", "Çok teşekkürler!!", "Rengi kötü değil.",
		"Доброго дня, коли надійде посилка?", "Посилки досі немає, підкажіть, будь ласка.", "Дякую!!", "Чи є на складі?", "Це судно іграшкове?",
		"まだ届いていません。いつ届きますか。", "ありがとうございます！！", "残念ですが、キャンセルをお願いします。", "色が違うので交換をお願いします。",
		strings.Repeat("Where is it? ", 5000),
	} {
		if text.Angry(s) {
			t.Errorf("%q is not angry", s[:min(len(s), 80)])
		}
	}
}
