package story

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Person is a customer of the shop.
type Person struct {
	Language Language
	Name     string // as it is written
	Short    string // as they sign a short one
	Called   string // as a letter addresses them
	Address  string
}

// Teller tells stories. It is not safe for use by several goroutines.
type Teller struct {
	rnd *rand.Rand
	n   int // persons told so far, for their addresses
}

// New makes a teller; the same seed tells the same.
func New(seed uint64) *Teller { return &Teller{rnd: rand.New(rand.NewPCG(seed, 0x10c0))} }

// Rand is the teller's chance, for choices around a story.
func (t *Teller) Rand() *rand.Rand { return t.rnd }

// One chooses one of the list.
func One[T any](t *Teller, list []T) T { return list[t.rnd.IntN(len(list))] }

// Chance is true in per cent of all cases.
func (t *Teller) Chance(percent int) bool { return t.rnd.IntN(100) < percent }

// Language chooses one by [LanguageShares].
func (t *Teller) Language() Language {
	n := t.rnd.IntN(100)
	for i, share := range LanguageShares {
		if n -= share; n < 0 {
			return Languages[i]
		}
	}
	return English
}

// Topic chooses one by weight.
func (t *Teller) Topic() Topic {
	n := t.rnd.IntN(topicWeight)
	for _, topic := range Topics {
		if n -= topic.Weight; n < 0 {
			return topic
		}
	}
	return Topics[0]
}

// Person makes a customer with an address of their own.
func (t *Teller) Person(l Language) Person {
	w := words[l]
	t.n++
	i := t.rnd.IntN(len(w.given))
	given, family := w.given[i], One(t, w.family)
	p := Person{Language: l, Name: given + " " + family, Short: given, Called: given}
	if w.called != nil {
		p.Called = w.called[i]
	}
	local := strings.ToLower(given) + "." + strings.ToLower(family)
	if w.latin != nil {
		local = w.latin[i]
	}
	if w.familyFirst {
		p.Name, p.Short, p.Called = family+" "+given, family, family
	}
	p.Address = fmt.Sprintf("%s%d@%s", local, t.n, One(t, w.mails))
	return p
}

// Letter is one customer's story: what they write and what they are told.
type Letter struct {
	Topic    Topic
	Person   Person
	Subject  string
	Order    string // its number, such as LL-10482
	Product  string
	Amount   string
	fill     *strings.Replacer
	language Language
	said     map[string]bool // phrases that nobody would write twice
	t        *Teller
}

// Letter begins the story of a person; mention is a colleague named in notes.
func (t *Teller) Letter(p Person, topic Topic, agent, mention string) *Letter {
	w := words[p.Language]
	a := t.rnd.IntN(len(w.products))
	if len(topic.Products) > 0 {
		a = One(t, topic.Products)
	}
	day := t.rnd.IntN(len(w.days))
	since := w.days[day]
	if w.since != nil {
		since = w.since[day]
	}
	b := (a + 1 + t.rnd.IntN(len(w.products)-1)) % len(w.products)
	l := &Letter{Topic: topic, Person: p, Order: "LL-" + strconv.Itoa(10_000+t.rnd.IntN(80_000)), Product: w.products[a],
		Amount: w.amount(6 + t.rnd.IntN(180)), language: p.Language, t: t}
	l.fill = strings.NewReplacer(
		"{order}", l.Order, "{product}", l.Product, "{product2}", w.products[b], "{colour}", One(t, w.colours),
		"{day}", w.days[day], "{since}", since, "{n}", strconv.Itoa(2+t.rnd.IntN(3)), "{city}", One(t, w.cities), "{street}", One(t, w.streets),
		"{carrier}", One(t, w.carriers), "{company}", One(t, w.companies), "{amount}", l.Amount,
		"{code}", One(t, months)+strconv.Itoa(5*(1+t.rnd.IntN(5))), "{tracking}", fmt.Sprintf("LD%09dGB", t.rnd.IntN(1e9)),
		"{qty}", strconv.Itoa(10*(2+t.rnd.IntN(12))), "{name}", p.Called, "{name2}", One(t, w.given), "{agent}", firstName(agent), "{mention}", firstName(mention))
	l.Subject = l.say(topic.Name, "S")
	return l
}

func firstName(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return first
}

// say chooses one of the phrases, a new one while there are some, and fills its slots.
func (l *Letter) say(topic, key string) string {
	list := texts[l.language][topic][key]
	if len(list) == 0 {
		list = texts[English][topic][key]
	}
	fresh := slices.DeleteFunc(slices.Clone(list), func(phrase string) bool { return l.said[phrase] })
	if len(fresh) == 0 {
		fresh = list
	}
	phrase := One(l.t, fresh)
	if l.said == nil {
		l.said = map[string]bool{}
	}
	l.said[phrase] = true
	return sentences(l.language, l.fill.Replace(phrase))
}

// Question is the customer's first message.
func (l *Letter) Question() string {
	parts := []string{l.say("common", "hello"), l.say(l.Topic.Name, "Q")}
	if l.t.Chance(45) {
		parts = append(parts, l.say("common", "extra"))
	}
	return strings.Join(append(parts, l.say("common", "bye")+"\n"+l.Person.Name), "\n\n")
}

// Answer is an agent's answer to the question.
func (l *Letter) Answer(agent string) string { return l.signed(l.say(l.Topic.Name, "A"), agent) }

// SecondAnswer answers a follow-up.
func (l *Letter) SecondAnswer(agent string) string { return l.signed(l.say("common", "B"), agent) }

func (l *Letter) signed(body, agent string) string {
	parts := []string{l.say("common", "dear"), body}
	if l.t.Chance(60) {
		parts = append(parts, l.say("common", "closing"))
	}
	return strings.Join(append(parts, l.say("common", "yours")+"\n"+agent), "\n\n")
}

// FollowUp is the customer asking on.
func (l *Letter) FollowUp() string { return l.say("common", "F") + "\n\n" + l.Person.Short }

// Thanks ends the story.
func (l *Letter) Thanks(agent string) string {
	return strings.ReplaceAll(l.say("common", "T"), "{agent}", firstName(agent))
}

// Note is what colleagues write among themselves; English notes dominate.
func (l *Letter) Note() string { return l.say("common", "note") }

// sentences gives every sentence a capital letter, because one may begin with a slot.
func sentences(l Language, s string) string {
	upper := unicode.ToUpper
	if l == Turkish {
		upper = unicode.TurkishCase.ToUpper
	}
	out := []rune(s)
	for i := range out {
		if i == 0 || i > 1 && out[i-1] == ' ' && strings.ContainsRune(".?!", out[i-2]) {
			out[i] = upper(out[i])
		}
	}
	return string(out)
}

// decimal writes hundredths with the separator, or whole units without one.
func decimal(hundredths int, separator string) string {
	if separator == "" {
		return strconv.Itoa(hundredths)
	}
	return fmt.Sprintf("%d%s%02d", hundredths/100, separator, hundredths%100)
}
