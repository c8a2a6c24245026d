package tone

import (
	"strings"
	"unicode/utf8"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

var (
	ukrainianFamiliar = map[string]string{
		"ти": "ви", "тебе": "вас", "тобі": "вам", "тобою": "вами", "твій": "ваш", "твоя": "ваша", "твоє": "ваше", "твої": "ваші", "твого": "вашого", "твоєму": "вашому", "твоїм": "вашим",
		"твоєї": "вашої", "твоїй": "вашій", "твою": "вашу", "твоєю": "вашою", "твоїх": "ваших", "твоїми": "вашими",
		"привіт": "Вітаємо", "привітик": "Вітаємо",
		"напиши": "напишіть", "надішли": "надішліть", "зачекай": "зачекайте", "почекай": "почекайте", "перевір": "перевірте", "вибач": "вибачте", "пробач": "пробачте", "скажи": "скажіть",
		"подивись": "подивіться", "подивися": "подивіться", "спробуй": "спробуйте", "вибери": "виберіть", "обери": "оберіть", "натисни": "натисніть", "заповни": "заповніть", "повідом": "повідомте",
		"зателефонуй": "зателефонуйте", "звернись": "зверніться", "звернися": "зверніться", "відправ": "відправте", "дай": "дайте", "зроби": "зробіть", "забери": "заберіть", "поверни": "поверніть", "уточни": "уточніть", "дивись": "дивіться", "чекай": "чекайте", "пиши": "пишіть",
	}
	ukrainianPolite = map[string]string{
		"ви": "ти", "вас": "тебе", "вам": "тобі", "вами": "тобою", "ваш": "твій", "ваша": "твоя", "ваше": "твоє", "ваші": "твої", "вашого": "твого", "вашому": "твоєму", "вашим": "твоїм",
		"вашої": "твоєї", "вашій": "твоїй", "вашу": "твою", "вашою": "твоєю", "ваших": "твоїх", "вашими": "твоїми",
	}
	ukrainianThou = []string{"еш", "єш", "иш", "їш", "ешся", "єшся", "ишся", "їшся"}
	ukrainianYou  = []string{"єте", "їте", "уєте", "аєте", "єтесь", "єтеся", "ітесь", "іться", "айте", "уйте", "іть"}
	// Words that end as such verbs do and are none, or speak of others.
	ukrainianNouns = []string{"лиш", "залиш", "комиш", "книш", "фетиш", "кешфлеш", "бангладеш", "бариш", "кишмиш", "депеш", "стиш", "тиш"}
)

func addressUkrainian(words []spoken, i int, f Form) (errs.Text, string, int) {
	w := words[i]
	if f == Informal {
		familiar, ok := ukrainianPolite[w.word]
		if ok || ukrainianPoliteVerb(w.word) {
			return errs.Say("“%s” says ви. The shop addresses customers with ти.", w.written), familiar, 1
		}
		return errs.Text{}, "", 0
	}
	polite, ok := ukrainianFamiliar[w.word]
	if ok || ukrainianFamiliarVerb(w.word) {
		return errs.Say("“%s” says ти. The shop addresses customers with ви.", w.written), polite, 1
	}
	return errs.Text{}, "", 0
}

func ukrainianFamiliarVerb(word string) bool {
	if utf8.RuneCountInString(word) < 5 || strings.ContainsAny(word, "ёыэъ") {
		return false
	}
	for _, noun := range ukrainianNouns {
		if word == noun {
			return false
		}
	}
	return endsIn(word, ukrainianThou)
}

func ukrainianPoliteVerb(word string) bool {
	// -іть is also the third person of few verbs and the end of few nouns.
	if word == "новіть" || word == "мідь" || word == "сіть" || word == "навіть" {
		return false
	}
	return utf8.RuneCountInString(word) >= 5 && endsIn(word, ukrainianYou)
}
