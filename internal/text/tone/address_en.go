package tone

import (
	"strings"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// shortForms are written out in a formal letter.
var shortForms = map[string]string{
	"can't": "cannot", "won't": "will not", "don't": "do not", "doesn't": "does not", "didn't": "did not", "isn't": "is not", "aren't": "are not", "wasn't": "was not", "weren't": "were not",
	"haven't": "have not", "hasn't": "has not", "hadn't": "had not", "couldn't": "could not", "shouldn't": "should not", "wouldn't": "would not", "mustn't": "must not", "needn't": "need not",
	"i'm": "I am", "i've": "I have", "i'll": "I will", "you're": "you are", "you've": "you have", "you'll": "you will", "we're": "we are", "we've": "we have", "we'll": "we will",
	"they're": "they are", "they've": "they have", "they'll": "they will", "it'll": "it will", "that'll": "that will", "there'll": "there will", "let's": "let us",
	"gonna": "going to", "wanna": "want to", "gotta": "have to", "gimme": "give me", "lemme": "let me", "ain't": "is not", "y'all": "you all",
}

// shortIs end in 's, which may stand for is or has.
var shortIs = map[string]string{"it's": "it", "that's": "that", "there's": "there", "here's": "here", "what's": "what", "he's": "he", "she's": "she", "who's": "who", "where's": "where"}

// easy are greetings and words among friends.
var easy = map[string]string{
	"hey": "Hello", "hiya": "Hello", "yo": "Hello", "heya": "Hello", "yep": "yes", "yup": "yes", "yeah": "yes", "nope": "no", "guys": "", "folks": "", "cheers": "", "btw": "by the way", "asap": "as soon as possible",
	"fyi": "", "lol": "", "thx": "thank you", "pls": "please", "plz": "please", "u": "you", "ur": "your", "kinda": "", "sorta": "", "dunno": "do not know",
}

// stiff are greetings without a name.
var stiff = [][]string{
	{"dear", "sir", "or", "madam"}, {"dear", "sir", "madam"}, {"dear", "madam", "or", "sir"}, {"dear", "sirs"}, {"dear", "sir"}, {"dear", "madam"}, {"to", "whom", "it", "may", "concern"},
	{"dear", "valued", "customer"}, {"dear", "customer"}, {"we", "hereby"}, {"yours", "faithfully"}, {"please", "be", "advised"}, {"kindly", "be", "informed"},
}

func addressEnglish(words []spoken, i int, f Form) (errs.Text, string, int) {
	w := words[i]
	if f == Informal {
		for _, list := range stiff {
			if begin(words[i:], list) {
				return errs.Say("This is stiff. The shop writes to people by name, as one talks."), "", len(list)
			}
		}
		return errs.Text{}, "", 0
	}
	if long, ok := shortForms[w.word]; ok {
		return errs.Say("“%s” is a short form. The shop writes it out.", w.written), long, 1
	}
	if head, ok := shortIs[w.word]; ok {
		verb := " is"
		if next := nextWord(words, i); next == "been" || next == "got" || next == "had" || strings.HasSuffix(next, "ed") {
			verb = "" // it's arrived: has, it's delayed: is
		}
		if verb == "" {
			return errs.Say("“%s” is a short form. The shop writes it out.", w.written), "", 1
		}
		return errs.Say("“%s” is a short form. The shop writes it out.", w.written), head + verb, 1
	}
	if plain, ok := easy[w.word]; ok && !(w.word == "u" && w.written == "U") {
		return errs.Say("“%s” is for friends. The shop writes to customers more formally.", w.written), plain, 1
	}
	return errs.Text{}, "", 0
}

func begin(words []spoken, list []string) bool {
	if len(words) < len(list) {
		return false
	}
	for i, want := range list {
		if words[i].word != want {
			return false
		}
	}
	return true
}
