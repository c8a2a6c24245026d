package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxThanks      = 300 // characters
	maxThanksWords = 16
)

// thankful begin the words by which people thank, folded.
var thankful = []string{
	"thank", "thx", "cheers", "tesekkur", "sagol", "eyvallah", "дяку", "спасиб", "вдячн", "danke", "dank", "vielen", "merci", "gracias", "grazie", "obrigad", "dziek",
}

// thankfulRuns thank where words are not parted by spaces.
var thankfulRuns = []string{"ありがと", "有難う", "有り難う", "感謝", "助かりました"}

// furtherWords show that there is more to it than thanks.
var furtherWords = []string{
	"but", "however", "still", "not", "when", "what", "where", "why", "how", "which", "can", "could", "would", "please", "also", "need", "want", "wrong", "missing", "broken",
	"ama", "fakat", "ancak", "henuz", "hala", "ne", "neden", "nasil", "nerede", "hangi", "lutfen", "degil", "yanlis", "eksik", "bozuk",
	"але", "проте", "однак", "ще", "досі", "коли", "що", "де", "чому", "як", "який", "яка", "не", "можете", "прошу", "ласка",
}

// furtherRuns are the same where words are not parted by spaces.
var furtherRuns = []string{"でも", "しかし", "ですが", "ますが", "まだ", "ください", "下さい", "いつ", "どう", "なぜ", "ません", "でしょうか", "ますか", "ですか"}

// Thanks tells whether a message is a short thanks and nothing else: nobody has
// to answer it. It would rather overlook one than take a question for one.
func Thanks(s string) bool {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > maxThanks*utf8.UTFMax || utf8.RuneCountInString(s) > maxThanks {
		return false
	}
	if strings.ContainsAny(s, "?？¿@") || strings.Contains(s, "://") || strings.ContainsFunc(s, unicode.IsDigit) {
		return false
	}
	folded := foldText(s)
	words := strings.Fields(folded)
	if len(words) > maxThanksWords {
		return false
	}
	for _, run := range furtherRuns {
		if strings.Contains(folded, run) {
			return false
		}
	}
	thanks := slices.ContainsFunc(thankfulRuns, func(run string) bool { return strings.Contains(folded, run) })
	for _, word := range words {
		if slices.Contains(furtherWords, word) {
			return false
		}
		thanks = thanks || slices.ContainsFunc(thankful, func(begin string) bool { return strings.HasPrefix(word, begin) })
	}
	return thanks
}
