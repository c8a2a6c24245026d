package tone

import (
	"regexp"
	"strings"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// The pronouns, with what stands in the other form. All four i's are one here.
var (
	turkishFamiliar = map[string]string{
		"sen": "siz", "seni": "sizi", "sana": "size", "sende": "sizde", "senden": "sizden", "senin": "sizin", "seninle": "sizinle", "senle": "sizinle", "sence": "sizce", "seninki": "sizinki", "kendin": "kendiniz", "kendine": "kendinize",
		"misin": "misiniz", "musun": "musunuz", "müsün": "müsünüz", "selam": "Merhaba", "canim": "",
	}
	turkishPolite = map[string]string{
		"siz": "sen", "sizi": "seni", "size": "sana", "sizde": "sende", "sizden": "senden", "sizin": "senin", "sizinle": "seninle", "sizce": "sence", "kendiniz": "kendin", "kendinize": "kendine",
		"misiniz": "misin", "musunuz": "musun", "müsünüz": "müsün",
	}
)

// Endings of verbs in the second person. Those that nouns have, too, are left out.
var (
	turkishThou = []string{"yorsun", "caksin", "ceksin", "bilirsin", "malisin", "melisin", "mişsin", "muşsun", "müşsün", "misşin", "mazsin", "mezsin", "irsin", "ursun", "ürsün", "arsin", "ersin", "maktasin", "mektesin"}
	turkishYou  = []string{"yorsunuz", "caksiniz", "ceksiniz", "bilirsiniz", "malisiniz", "melisiniz", "mişsiniz", "muşsunuz", "müşsünüz", "mazsiniz", "mezsiniz", "irsiniz", "ursunuz", "ürsünüz", "arsiniz", "ersiniz", "diniz", "dunuz", "dünüz", "tiniz", "tunuz", "tünüz", "saniz", "seniz"}
	// Wishes about somebody else, which look like the second person: göndersin, may they send it.
	turkishWish = []string{"dirsin", "tirsin", "dursun", "tursun", "dürsün", "türsün", "dersin", "tarsin", "karsin", "versin", "girsin", "getirsin", "bitirsin", "varsin", "sersin", "görsün", "sürsün", "kursun", "vursun", "başarsin", "onarsin", "yatirsin", "artirsin", "ayirsin"}
	// The ending of what belongs to the person addressed, which is also that of a polite request.
	turkishYours = regexp.MustCompile("[iuü]n[iuü]z(?:[ieuüa]|[dt][ea]n?|[iuü]n|l[ea])?$")
)

const turkishVowelLetters = "aeiouöüâîû"

func addressTurkish(words []spoken, i int, f Form) (errs.Text, string, int) {
	w := words[i]
	if f == Informal {
		if familiar, ok := turkishPolite[w.word]; ok {
			return errs.Say("“%s” says siz. The shop addresses customers with sen.", w.written), familiar, 1
		}
		if turkishPoliteVerb(w.word) {
			return errs.Say("“%s” says siz. The shop addresses customers with sen.", w.written), "", 1
		}
		return errs.Text{}, "", 0
	}
	if polite, ok := turkishFamiliar[w.word]; ok {
		return errs.Say("“%s” says sen. The shop addresses customers with siz.", w.written), polite, 1
	}
	if turkishFamiliarVerb(w.word) {
		return errs.Say("“%s” says sen. The shop addresses customers with siz.", w.written), turkishPlural(w.written), 1
	}
	return errs.Text{}, "", 0
}

func turkishFamiliarVerb(word string) bool {
	return endsIn(word, turkishThou) && vowels(word) >= 3 && !endsIn(word, turkishWish)
}

func turkishPoliteVerb(word string) bool {
	return vowels(word) >= 3 && (endsIn(word, turkishYou) || turkishYours.MatchString(word))
}

// turkishPlural makes geliyorsun geliyorsunuz: the vowel before the last letter
// is the one that is added.
func turkishPlural(written string) string {
	r := []rune(written)
	if len(r) < 2 {
		return ""
	}
	vowel := r[len(r)-2]
	if !strings.ContainsRune("ıiuüIİUÜ", vowel) {
		return ""
	}
	end := "z"
	if last := r[len(r)-1]; last == 'N' {
		end = "Z"
	}
	return written + string(vowel) + end
}

func endsIn(word string, list []string) bool {
	for _, end := range list {
		if strings.HasSuffix(word, end) {
			return true
		}
	}
	return false
}

func vowels(word string) (n int) {
	for _, r := range word {
		if strings.ContainsRune(turkishVowelLetters, r) {
			n++
		}
	}
	return n
}
