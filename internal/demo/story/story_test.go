package story

import (
	"regexp"
	"strings"
	"testing"
)

func TestEveryTopicIsToldInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, l := range Languages {
		for _, key := range []string{"hello", "extra", "bye", "dear", "closing", "yours", "F", "B", "T", "note"} {
			if len(texts[l]["common"][key]) < 2 {
				t.Errorf("%s says too little for %q", l, key)
			}
		}
		for _, topic := range Topics {
			for _, key := range []string{"S", "Q", "A"} {
				if len(texts[l][topic.Name][key]) == 0 {
					t.Errorf("%s has no %s of topic %s", l, key, topic.Name)
				}
			}
		}
		if len(texts[l]) != len(Topics)+1 {
			t.Errorf("%s has %d topics and the table %d", l, len(texts[l])-1, len(Topics))
		}
	}
	for _, topic := range Topics {
		for _, tag := range topic.Tags {
			if Tags[tag] == "" {
				t.Errorf("the tag %q has no colour", tag)
			}
		}
	}
}

var slot = regexp.MustCompile(`\{\w*\}`)

func TestNoSlotStaysEmpty(t *testing.T) {
	t.Parallel()
	teller := New(1)
	for range 3000 {
		p := teller.Person(teller.Language())
		l := teller.Letter(p, teller.Topic(), "Ayşe Demir", "Marek Novák")
		all := strings.Join([]string{l.Subject, l.Question(), l.Answer("Ayşe Demir"), l.FollowUp(), l.SecondAnswer("Ayşe Demir"), l.Thanks("Ayşe Demir"), l.Note()}, "\n")
		if found := slot.FindString(all); found != "" {
			t.Fatalf("%s %s: %s was not filled in:\n%s", p.Language, l.Topic.Name, found, all)
		}
	}
}

func TestSameSeedTellsTheSame(t *testing.T) {
	t.Parallel()
	tell := func() string {
		teller := New(7)
		var b strings.Builder
		for range 50 {
			l := teller.Letter(teller.Person(teller.Language()), teller.Topic(), "A", "B")
			b.WriteString(l.Subject + l.Question() + l.Answer("A"))
		}
		return b.String()
	}
	if tell() != tell() {
		t.Error("two tellers of one seed differ")
	}
}

func TestLanguagesHaveTheirShares(t *testing.T) {
	t.Parallel()
	teller, count := New(3), map[Language]int{}
	for range 10_000 {
		count[teller.Language()]++
	}
	for i, l := range Languages {
		if want := LanguageShares[i] * 100; count[l] < want-200 || count[l] > want+200 {
			t.Errorf("%s: %d of 10,000, not about %d", l, count[l], want)
		}
	}
}
