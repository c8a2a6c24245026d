package customer

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Why two customers may be one person.
const (
	SameName    = "name"    // and similar addresses
	SamePhone   = "phone"   // written in another way
	SameAddress = "address" // up to the @
)

// Duplicate is somebody who may be the same person.
type Duplicate struct {
	Customer Customer
	Reasons  []string
}

// Bounds of a search for duplicates; each step reads that many rows of an index.
const (
	maxDuplicates  = 5
	maxSameLocal   = 4 // a local part that more people have says nothing
	maxSameName    = 30
	maxPhonesAsked = 5
)

// Duplicates suggests customers who may be the same person as one.
func (s *Service) Duplicates(ctx context.Context, id int64) (_ []Duplicate, err error) {
	defer errs.Wrap(&err, "look for duplicates of customer %d", id)
	c, err := s.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	reasons := map[int64][]string{}
	note := func(reason string, ids []int64) {
		for _, other := range ids {
			if other != c.ID && !slices.Contains(reasons[other], reason) {
				reasons[other] = append(reasons[other], reason)
			}
		}
	}
	for _, part := range c.localParts() {
		ids, err := withLocalPart(ctx, s.DB, part)
		if err != nil {
			return nil, err
		}
		if len(ids) <= maxSameLocal {
			note(SameAddress, ids)
		}
	}
	if asked := c.otherWritings(); len(asked) > 0 {
		ids, err := withPhones(ctx, s.DB, asked)
		if err != nil {
			return nil, err
		}
		note(SamePhone, ids)
	}
	named, err := s.similar(ctx, &c)
	if err != nil {
		return nil, err
	}
	note(SameName, named)
	return s.duplicates(ctx, reasons)
}

// similar are those with the same name and a similar address.
func (s *Service) similar(ctx context.Context, c *Customer) (ids []int64, err error) {
	if c.Name == "" {
		return nil, nil
	}
	named, err := withNames(ctx, s.DB, writings(c.Name), maxSameName)
	if err != nil {
		return nil, err
	}
	if err := s.fillIdentities(ctx, named); err != nil {
		return nil, err
	}
	for _, other := range named {
		if other.ID != c.ID && c.resembles(&other) {
			ids = append(ids, other.ID)
		}
	}
	return ids, nil
}

func (s *Service) duplicates(ctx context.Context, reasons map[int64][]string) ([]Duplicate, error) {
	ids := make([]int64, 0, len(reasons))
	for id := range reasons {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b int64) int {
		if d := len(reasons[b]) - len(reasons[a]); d != 0 {
			return d
		}
		return int(b - a)
	})
	out := []Duplicate{}
	for _, id := range ids[:min(len(ids), maxDuplicates)] {
		c, err := s.find(ctx, s.DB, id, "")
		if err != nil {
			return nil, err
		}
		out = append(out, Duplicate{c, reasons[id]})
	}
	return out, nil
}

// common are parts before the @ that belong to an office and not to a person.
var common = strings.Fields(`admin admin1 billing bilgi bestellung buchhaltung contact customerservice destek hello help iletisim info invoice
	kontakt kundenservice mail marketing no-reply noreply office order orders post postmaster reply sales satis service shop support team webmaster`)

// localParts are the parts before the @ that may lead to the same person,
// without what is behind a plus.
func (c *Customer) localParts() (out []string) {
	for _, i := range c.Identities {
		part := local(i)
		if utf8.RuneCountInString(part) >= 5 && !slices.Contains(common, part) && !slices.Contains(out, part) && len(out) < 5 {
			out = append(out, part)
		}
	}
	return out
}

func local(i Identity) string {
	if i.Kind != Email {
		return ""
	}
	part, _, _ := strings.Cut(i.Value, "@")
	part, _, _ = strings.Cut(part, "+")
	return part
}

// countries are the calling codes that a number may lack.
var countries = strings.Fields("1 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 55 61 81 82 90 351 353 358 359 370 371 372 373 380 385 386 420 421")

// otherWritings are other ways to write the customer's phone numbers.
func (c *Customer) otherWritings() (out []string) {
	n := 0
	for _, i := range c.Identities {
		if i.Kind != Phone || len(i.Value) < 7 || n == maxPhonesAsked {
			continue
		}
		n++
		number, known := strings.CutPrefix(i.Value, "+")
		if !known {
			number, known = strings.CutPrefix(i.Value, "00")
		}
		if known {
			out = append(out, "+"+number, "00"+number, number)
		} else {
			number = strings.TrimPrefix(i.Value, "0")
		}
		for _, code := range countries {
			rest, has := strings.CutPrefix(number, code)
			switch {
			case known && has:
				out = append(out, "0"+rest)
			case !known:
				out = append(out, "+"+code+number)
			}
		}
	}
	return out
}

// resembles tells whether two customers of the same name have similar addresses.
func (c *Customer) resembles(o *Customer) bool {
	word := longestWord(c.Name)
	for _, a := range c.Identities {
		for _, b := range o.Identities {
			x, y := letters(local(a)), letters(local(b))
			if x == "" || y == "" {
				continue
			}
			if x == y || min(len(x), len(y)) >= 5 && (strings.HasPrefix(x, y) || strings.HasPrefix(y, x)) ||
				word != "" && strings.Contains(x, word) && strings.Contains(y, word) {
				return true
			}
		}
	}
	return false
}

// longestWord of a name that can stand in an address, "" where it is too short.
func longestWord(name string) (longest string) {
	for _, word := range strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if len(word) > len(longest) {
			longest = word
		}
	}
	if len(longest) < 4 {
		return ""
	}
	return longest
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, s)
}

// writings are the ways in which a name is likely to be written.
func writings(name string) (out []string) {
	name = strings.TrimSpace(name)
	if name == "" {
		return nil
	}
	words := strings.Fields(strings.ToLower(name))
	for i, w := range words {
		r, size := utf8.DecodeRuneInString(w)
		words[i] = string(unicode.ToUpper(r)) + w[size:]
	}
	for _, one := range []string{name, strings.ToLower(name), strings.ToUpper(name), strings.Join(words, " ")} {
		if !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	return out
}
