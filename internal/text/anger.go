package text

import (
	"strings"
	"unicode"
)

const (
	maxAngry   = 8 << 10 // bytes of a message that are read
	angryFrom  = 2       // points
	minShouted = 20      // letters
)

// furious are words and beginnings of words, folded, that nobody writes who is
// merely in want of something. A word that stands for itself ends in a full stop.
var furious = []string{
	"unacceptable", "furious", "outrag", "disgust", "ridiculous", "appalling", "ripoff", "thieves", "chargeback", "lawyer", "attorney", "sue.", "pathetic",
	"useless.", "incompeten", "shameful", "disgrace", "worst.", "atrocious", "livid", "infuriat", "joke.",
	"rezalet", "rezil", "dolandiric", "kepazelik", "mahkeme", "avukat", "biktim", "biktik", "sacmalik", "terbiyesiz", "saygisiz", "berbat", "igrenc", "utanmaz", "sikayetvar", "skandal",
	"жахлив", "обурен", "обурлив", "обурює", "неприпустим", "ганьб", "шахра", "обман", "ошука", "кошмар", "суду.", "адвокат", "знуща", "хамств", "свавілл", "безвідповідальн", "нахабств", "набридло",
	"безобраз", "мошенн", "возмут", "позор", "кошмар",
}

// cross are those that tell of anger only together with another sign of it.
var cross = []string{
	"angry.", "disappoint", "frustrat", "annoy", "terrible", "awful", "horribl", "dreadful", "ignored.", "ignoring.", "complain", "unhappy", "refuse", "scam", "fraud",
	"sinir", "kizgin", "ofke", "magdur", "sikayet", "kotu.", "pisman", "ilgilenm", "ilgisiz", "yazik", "hala.",
	"розчарова", "злий.", "зла.", "ігнору", "жалюгідн", "скарг", "скарж", "поган", "досі.", "ужас", "разочаров", "терпіння",
}

// furiousRuns and crossRuns are found wherever they stand.
var furiousRuns = []string{
	"never again", "fed up", "sick of", "waste of", "how dare", "legal action", "want my money back", "sick and tired", "last chance",
	"kabul edilemez", "bir daha asla", "yeter artik", "dalga mi geciyor", "alay mi ediyor", "hakkimi ara", "tuketici hakem",
	"ніколи більше", "більше ніколи", "верніть гроші", "поверніть гроші", "поверніть мої гроші", "майте совість", "скільки можна", "верните деньги", "сколько можно",
	"ふざけ", "いい加減に", "最悪", "許せ", "許しませ", "ありえない", "あり得ない", "有り得ない", "ありえません", "詐欺", "訴え", "消費者センター", "消費生活センター", "弁護士", "二度と", "怒り", "怒って",
	"腹が立", "腹立", "不愉快", "ひどい", "酷い", "ひどすぎ", "話にならな", "馬鹿にして", "バカにして", "信じられない", "信じられません", "呆れ", "あきれ", "責任者を", "返金しろ", "早くしろ", "納得できな", "納得いかな",
}

var crossRuns = []string{
	"still waiting", "third time", "second time", "no reply", "no answer", "no response", "nobody answers", "no one answers", "over a week", "weeks ago",
	"cevap yok", "hayal kirikligi", "cevap vermiyor", "donus yapilma", "kac kere", "defalarca",
	"третій раз", "вже тиждень", "ніхто не відповіда", "жодної відповіді",
	"何度も", "がっかり", "残念", "不満", "対応が遅", "返事がな", "返信がな", "連絡がな", "どうなって", "いつまで待", "困ります",
}

// notAngry stand before a word and take it back.
var notAngry = []string{"not", "no", "isnt", "arent", "wasnt", "dont", "не", "без"}

// Angry tells whether a customer who writes this sounds angry, in English,
// Japanese, Turkish or Ukrainian. It knows words and signs, not meaning: it would
// rather overlook quiet anger than find it in a plain question.
func Angry(s string) bool {
	s = clip(s, maxAngry)
	points := signs(s)
	folded := foldText(s)
	for _, run := range furiousRuns {
		if strings.Contains(folded, run) {
			points += 2
		}
	}
	for _, run := range crossRuns {
		if strings.Contains(folded, run) {
			points++
		}
	}
	before := ""
	for word := range strings.FieldsSeq(folded) {
		if points >= angryFrom {
			return true
		}
		if !among(before, notAngry) {
			points += anger(word)
		}
		before = word
	}
	return points >= angryFrom
}

func among(word string, list []string) bool {
	for _, w := range list {
		if w == word {
			return true
		}
	}
	return false
}

func anger(word string) int {
	switch {
	case begins(word, furious):
		return 2
	case begins(word, cross):
		return 1
	}
	return 0
}

func begins(word string, list []string) bool {
	for _, begin := range list {
		if whole, alone := strings.CutSuffix(begin, "."); alone && word == whole || !alone && strings.HasPrefix(word, begin) {
			return true
		}
	}
	return false
}

// signs are what anger looks like without a word: shouting, and marks in a row.
func signs(s string) (points int) {
	letters, capitals := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsUpper(r):
			letters++
			capitals++
		case unicode.IsLower(r):
			letters++
		}
	}
	if capitals >= minShouted && capitals*10 >= letters*7 {
		points++
	}
	for _, marks := range []string{"!!", "！！", "?!", "!?", "？！", "???", "？？"} {
		if strings.Contains(s, marks) {
			return points + 1
		}
	}
	return points
}
