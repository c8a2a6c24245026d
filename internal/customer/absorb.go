package customer

import (
	"reflect"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// MaxNotes is how long notes can be, in bytes.
const MaxNotes = 20_000

// Value is one thing known of a customer who is merged into another one.
type Value struct {
	Field string // name, locale or attributes.KEY
	Of    int64  // whose it is
	Value any
	Kept  any // what the survivor has instead, nil where the value is taken over
}

// parts are what a merge may change of the survivor.
type parts struct {
	Name       string         `json:"name"`
	Locale     string         `json:"locale"`
	Notes      string         `json:"notes"`
	Attributes map[string]any `json:"attributes"`
}

func (c *Customer) parts() parts {
	p := parts{c.Name, c.Locale, c.Notes, map[string]any{}}
	for k, v := range c.Attributes {
		p.Attributes[k] = v
	}
	return p
}

// absorb takes over from o what c does not know. Where both know something, c's
// stays and o's is among left. Notes are kept one below the other.
func (c *Customer) absorb(o *Customer) (taken, left []Value, err error) {
	note := func(field string, kept, value any) {
		v := Value{Field: field, Of: o.ID, Value: value}
		if kept == nil || kept == "" {
			taken = append(taken, v)
			return
		}
		v.Kept = kept
		left = append(left, v)
	}
	for _, text := range []struct {
		field      string
		mine, from *string
	}{{"name", &c.Name, &o.Name}, {"locale", &c.Locale, &o.Locale}} {
		if *text.from == "" || *text.from == *text.mine {
			continue
		}
		note(text.field, *text.mine, *text.from)
		if *text.mine == "" {
			*text.mine = *text.from
		}
	}
	c.Attributes = c.parts().Attributes
	for _, key := range sortedKeys(o.Attributes) {
		value, mine := o.Attributes[key], c.Attributes[key]
		if value == nil || value == "" || reflect.DeepEqual(value, mine) {
			continue
		}
		note("attributes."+key, mine, value)
		if mine == nil || mine == "" {
			c.Attributes[key] = value
		}
	}
	c.Notes = joinNotes(c.Notes, o.Notes)
	c.Identities = append(slices.Clone(c.Identities), o.Identities...)
	return taken, left, c.fits()
}

// fits refuses what would be more than a customer can hold.
func (c *Customer) fits() error {
	const location = "body.customer_ids"
	switch {
	case len(c.Identities) > MaxIdentities:
		return errs.InvalidFieldf(location, "Together they have %d addresses. A customer has at most %d.", len(c.Identities), MaxIdentities)
	case len(c.Notes) > MaxNotes:
		return errs.InvalidField(location, "Together their notes are longer than 20,000 characters. Shorten them first.")
	case checkAttributes(c.Attributes) != nil:
		return errs.InvalidField(location, "Together their attributes are larger than 16 KB. Delete some first.")
	}
	return nil
}

func sortedKeys(m map[string]any) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func joinNotes(mine, theirs string) string {
	theirs = strings.TrimSpace(theirs)
	switch {
	case theirs == "" || strings.Contains(mine, theirs):
		return mine
	case strings.TrimSpace(mine) == "":
		return theirs
	}
	return strings.TrimRight(mine, "\n ") + "\n\n" + theirs
}

// release takes back what the merge of o made of c, where nobody changed it since.
func (c *Customer) release(o *Customer, was, became parts) {
	if c.Name == became.Name {
		c.Name = was.Name
	}
	if c.Locale == became.Locale {
		c.Locale = was.Locale
	}
	c.Attributes = c.parts().Attributes
	for key, value := range became.Attributes {
		before, had := was.Attributes[key]
		if reflect.DeepEqual(before, value) || !reflect.DeepEqual(c.Attributes[key], value) {
			continue
		}
		delete(c.Attributes, key)
		if had {
			c.Attributes[key] = before
		}
	}
	switch {
	case c.Notes == became.Notes:
		c.Notes = was.Notes
	case became.Notes != was.Notes:
		rest := strings.Replace(c.Notes, strings.TrimSpace(o.Notes), "", 1)
		c.Notes = strings.TrimSpace(strings.ReplaceAll(rest, "\n\n\n\n", "\n\n"))
	}
}
