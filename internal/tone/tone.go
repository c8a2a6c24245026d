package tone

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/deskbell/deskbell/internal/platform/errs"
	texttone "github.com/deskbell/deskbell/internal/text/tone"
)

// Strictness says what happens when a text is against a rule.
type Strictness string

// The degrees.
const (
	Hint Strictness = "hint" // it is shown
	Must Strictness = "must" // and asked about before sending
)

// Rule is one rule of the guide.
type Rule struct {
	texttone.Rule
	Name       string
	Strictness Strictness
	Enabled    bool
	Inboxes    []int64 // none = all
	Reason     string  // why, in the words of the shop
	Starter    string  // of a rule that came with the program, "" = made here
	DeletedAt  time.Time
	CreatedAt  time.Time
	Version    int64
	Ignored    int64 // replies sent against it in the last 30 days
}

// Bounds of the guide.
const (
	MaxRules    = 100
	maxName     = 100
	maxReason   = 500
	maxTerms    = 200 // of one rule
	maxSpelling = 20  // of one term
	maxWord     = 100 // characters of one spelling
	maxExample  = 500
	maxCount    = 1000
)

// check tidies a rule and says what is wrong with it.
func (r *Rule) check() error {
	r.Name, r.Reason = strings.TrimSpace(r.Name), strings.TrimSpace(r.Reason)
	switch {
	case r.Name == "" || utf8.RuneCountInString(r.Name) > maxName:
		return errs.InvalidField("body.name", "Give the rule a name of at most 100 characters.")
	case utf8.RuneCountInString(r.Reason) > maxReason:
		return errs.InvalidField("body.reason", "The reason has at most 500 characters.")
	case r.Strictness != Hint && r.Strictness != Must:
		return errs.InvalidField("body.strictness", "A rule is a hint or a must.")
	case !slices.Contains(texttone.Kinds, r.Kind):
		return errs.InvalidField("body.kind", "A rule is about words to avoid, the glossary, the form of address, the length of sentences or a phrase.")
	}
	if err := r.checkLanguages(); err != nil {
		return err
	}
	slices.Sort(r.Inboxes)
	r.Inboxes = slices.Compact(r.Inboxes)
	return r.checkKind()
}

func (r *Rule) checkLanguages() error {
	kept := []string{}
	for _, l := range r.Languages {
		l = strings.ToLower(strings.TrimSpace(l))
		if len(l) < 2 || len(l) > 3 || strings.Trim(l, "abcdefghijklmnopqrstuvwxyz") != "" {
			return errs.InvalidField("body.languages", "A language is written as two or three letters, such as en or tr.")
		}
		if !slices.Contains(kept, l) {
			kept = append(kept, l)
		}
	}
	if len(kept) > 20 {
		return errs.InvalidField("body.languages", "A rule names at most 20 languages. Name none and it is for all.")
	}
	slices.Sort(kept)
	r.Languages = kept
	return nil
}

// checkKind checks the parameters of the rule's kind and forgets the others.
func (r *Rule) checkKind() (err error) {
	was := r.Rule
	r.Rule = texttone.Rule{ID: was.ID, Kind: was.Kind, Languages: was.Languages}
	switch r.Kind {
	case texttone.Avoid, texttone.Glossary:
		r.Terms, err = terms(was.Terms, r.Kind == texttone.Glossary)
	case texttone.Address:
		r.Form = was.Form
		if r.Form != texttone.Formal && r.Form != texttone.Informal {
			return errs.InvalidField("body.form", "The form of address is formal or informal.")
		}
		for _, l := range r.Languages {
			if !slices.Contains(texttone.Addressed, l) {
				return errs.InvalidField("body.languages", "The form of address can be checked in English, Japanese, Turkish and Ukrainian.")
			}
		}
	case texttone.Length:
		r.MaxWords, r.MaxCharacters = was.MaxWords, was.MaxCharacters
		if r.MaxWords < 0 || r.MaxWords > maxCount || r.MaxCharacters < 0 || r.MaxCharacters > maxCount || r.MaxWords+r.MaxCharacters == 0 {
			return errs.InvalidField("body.max_words", "Say how many words or characters a sentence may have, from 1 to 1000.")
		}
	case texttone.Phrase:
		if r.When = was.When; r.When != texttone.Always && r.When != texttone.Angry {
			return errs.InvalidField("body.when", "A phrase is asked for always, or when the customer sounds angry.")
		}
		if r.Phrases, err = spellings("body.phrases", was.Phrases, maxTerms); err == nil && len(r.Phrases) == 0 {
			err = errs.InvalidField("body.phrases", "Write at least one phrase.")
		}
		if err == nil {
			r.Examples, err = examples(was.Examples)
		}
	}
	return err
}

func terms(list []texttone.Term, instead bool) ([]texttone.Term, error) {
	kept := []texttone.Term{}
	for _, t := range list {
		t.Instead = strings.TrimSpace(t.Instead)
		if utf8.RuneCountInString(t.Instead) > maxWord {
			return nil, errs.InvalidField("body.terms", "A word or phrase has at most 100 characters.")
		}
		var err error
		if t.Words, err = spellings("body.terms", t.Words, maxSpelling); err != nil {
			return nil, err
		}
		switch {
		case instead && t.Instead == "" && len(t.Words) > 0:
			return nil, errs.InvalidField("body.terms", "Say for each line how the shop writes it.")
		case len(t.Words) == 0 && (!instead || t.Instead == ""):
			continue
		}
		kept = append(kept, t)
	}
	if len(kept) == 0 || len(kept) > maxTerms {
		return nil, errs.InvalidField("body.terms", "Write between 1 and 200 lines.")
	}
	return kept, nil
}

func spellings(location string, list []string, most int) ([]string, error) {
	kept := []string{}
	for _, s := range list {
		if s = strings.Join(strings.Fields(s), " "); s == "" || slices.Contains(kept, s) {
			continue
		}
		if utf8.RuneCountInString(s) > maxWord {
			return nil, errs.InvalidField(location, "A word or phrase has at most 100 characters.")
		}
		kept = append(kept, s)
	}
	if len(kept) > most {
		return nil, errs.InvalidFieldf(location, "At most %d words or phrases can stand here.", most)
	}
	return kept, nil
}

func examples(list []string) ([]string, error) {
	kept := []string{}
	for _, s := range list {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		if utf8.RuneCountInString(s) > maxExample {
			return nil, errs.InvalidField("body.examples", "An example has at most 500 characters.")
		}
		kept = append(kept, s)
	}
	if len(kept) > 20 {
		return nil, errs.InvalidField("body.examples", "At most 20 examples can stand here.")
	}
	return kept, nil
}
