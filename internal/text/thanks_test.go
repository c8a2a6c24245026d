package text_test

import (
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/text"
)

func TestAShortThanksIsNothingThatSomebodyHasToAnswer(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"Thanks!", "Thank you so much, Anna.\n\nBest wishes,\nJane Doe", "thx", "Great, thanks a lot", "Perfect. Cheers!",
		"Teşekkürler", "TEŞEKKÜR EDERİM", "Çok teşekkür ederim, iyi günler.", "Sağ olun, sağolun!",
		"Дякую!", "Щиро дякую за допомогу", "Спасибі велике.", "Дуже вдячна!",
		"ありがとうございます。", "ご対応いただき、ありがとうございました。よろしくお願いいたします。", "Vielen Dank!", "Merci beaucoup",
	} {
		if !text.Thanks(s) {
			t.Errorf("%q is a thanks", s)
		}
	}
}

func TestThanksWithAnythingElseIsNoThanks(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"", "OK", "Hello", "Thanks, but the lamp is broken", "Thanks. When does it come", "Thank you. My number is 0555 123", "Thanks in advance?",
		"Thanks, please call me", "Thanks! See https://shop.example", "Thanks, it is not here yet",
		"Teşekkürler ama kargo gelmedi", "Teşekkürler, ne zaman gelir", "Teşekkür ederim, hâlâ bekliyorum",
		"Дякую, але посилки немає", "Дякую, коли чекати", "Дякую, ще не отримала",
		"ありがとうございます。まだ届いていません。", "ありがとうございます。いつ届きますか", "ありがとうございますが、色が違います。でも大丈夫です",
		"Thanks " + strings.Repeat("and so on ", 20), "Thanks " + strings.Repeat("x", 4000),
	} {
		if text.Thanks(s) {
			t.Errorf("%q is no mere thanks", s[:min(len(s), 60)])
		}
	}
}
