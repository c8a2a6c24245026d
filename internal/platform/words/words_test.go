package words_test

import (
	"testing"

	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/words"
)

func TestASentenceIsSaidInEachLanguage(t *testing.T) {
	t.Parallel()
	text := errs.Say("%s did not accept user name and password.", "mx.example")
	for locale, want := range map[string]string{
		"en": "mx.example did not accept user name and password.",
		"ja": "mx.example でユーザー名とパスワードが受け付けられませんでした。",
		"tr": "mx.example kullanıcı adı ve parolayı kabul etmedi.",
		"uk": "mx.example не прийняв ім’я й пароль.",
		"fr": "mx.example did not accept user name and password.",
	} {
		if got := words.Say(locale, text); got != want {
			t.Errorf("%s: %s", locale, got)
		}
	}
}

func TestUkrainianCountsAsItsGrammarAsks(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{1: "1 запис", 3: "3 записи", 5: "5 записів", 12: "12 записів", 21: "21 запис", 112: "112 записів"} {
		if got := words.Say("uk", errs.Say("%s may have at most %d entries.", "to", n)); got != "to: щонайбільше "+want+"." {
			t.Errorf("%d: %s", n, got)
		}
	}
}

func TestAStoredSentenceIsReadInEachLanguage(t *testing.T) {
	t.Parallel()
	for english, want := range map[string]string{
		"The disk is full. Nothing was changed; make room and try again.": "Диск заповнений. Нічого не змінено; звільніть місце й спробуйте ще раз.",
		// One sentence inside of another.
		"Given up after two days. mx.example refused the message.": "Після двох днів спроби припинено. mx.example відхилив лист.",
		// What a foreign server said stays as it is.
		`The mail server of the recipient returned the message and said: "550 5.1.1 The note is empty."`: "Поштовий сервер одержувача повернув лист і відповів: «550 5.1.1 The note is empty.»",
		"550 5.1.1 no such user": "550 5.1.1 no such user",
		"":                       "",
	} {
		if got := words.Read("uk", english); got != want {
			t.Errorf("%q: %q", english, got)
		}
		if got := words.Read("en", english); got != english {
			t.Errorf("English was changed to %q", got)
		}
	}
}

func TestAnAnswerOfAServerIsQuotedWhole(t *testing.T) {
	t.Parallel()
	said := "550 \"quoted\"\n  {0} %s 日本"
	stored := errs.Say("The mail server of the recipient returned the message and said: %q", said).String()
	want := "宛先のメールサーバーからメールが戻されました。サーバーの返答: 「" + said + "」"
	if got := words.Read("ja", stored); got != want {
		t.Errorf("%q", got)
	}
}

func TestTheLanguageOfARequestIsThatOfTheHighestWeight(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]string{
		"":                                   "en",
		"tr":                                 "tr",
		"uk-UA,uk;q=0.9,en;q=0.8":            "uk",
		"de-DE, de;q=0.9, ja;q=0.5":          "ja",
		"en;q=0.2, JA-jp;q=0.7":              "ja",
		"uk;q=0, tr;q=0.1":                   "tr",
		"de":                                 "en",
		"*":                                  "en",
		"uk;q=x":                             "uk",
		",,;;q=1,":                           "en",
		"zz;q=0.9;x=y, tr ; q=0.3, ja;q=0.2": "tr",
	} {
		if got := words.Match(accept); got != want {
			t.Errorf("%q: %s, want %s", accept, got, want)
		}
	}
}

func TestAMessageThatCannotBeReadIsAnError(t *testing.T) {
	t.Parallel()
	for _, source := range []string{"{", "{0", "}", "{x}", "{0, select, a {b} other {c}}", "{0, plural, one {x}}", "{0, plural, other {y", "{-1}"} {
		if _, err := words.OutlineOf(source); err == nil {
			t.Errorf("%q was read", source)
		}
	}
	if o, err := words.OutlineOf("It''s '{'{1}'}' {0, plural, =0 {no} one {#} other {# {1}}}"); err != nil || len(o.Args) != 2 || o.Plurals[0] != "one|other" {
		t.Errorf("%+v %v", o, err)
	}
}

func FuzzReadingStoredTextNeverFails(f *testing.F) {
	f.Add("Given up after two days. Given up after two days. x")
	f.Add(`"" is not an e-mail address.`)
	f.Fuzz(func(_ *testing.T, stored string) {
		words.Read("uk", stored)
		_, _ = words.OutlineOf(stored)
		words.Match(stored)
	})
}
