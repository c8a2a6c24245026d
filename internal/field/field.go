package field

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Subject is what a field belongs to.
type Subject string

// The subjects.
const (
	Conversation Subject = "conversation"
	Customer     Subject = "customer"
)

// Kind says which values a field takes.
type Kind string

// The kinds, and what their values are in JSON.
const (
	Text   Kind = "text"   // a string of at most 1,000 characters
	Number Kind = "number" // a finite number
	Choice Kind = "choice" // a string, one of the field's choices
	Date   Kind = "date"   // a string, YYYY-MM-DD
)

// Limits of what a shop can define.
const (
	MaxFields  = 50 // of each subject, archived ones not counted
	MaxChoices = 100
	maxLabel   = 60
	maxText    = 1000
)

// Condition shows a field only while a choice field has one of these values.
type Condition struct {
	Key     string   `json:"key"`
	Choices []string `json:"choices"`
}

// Field is one definition.
type Field struct {
	ID       int64
	Subject  Subject
	Key      string // in the API, never changes
	Label    string // what people read
	Kind     Kind
	Choices  []string
	When     *Condition // nil = always shown
	Required bool       // before a conversation is closed, while it is shown
	Position int64
	Archived bool
}

// Parse brings a value from JSON into the form in which it is kept: text as it
// is, a number in its shortest decimal form. It names the field when it does not fit.
func (f Field) Parse(value any, location string) (string, error) {
	wrong := func(e *errs.Error) (string, error) { return "", e }
	if f.Kind == Number {
		n, ok := value.(float64)
		if !ok || math.IsInf(n, 0) || math.IsNaN(n) {
			return wrong(errs.InvalidFieldf(location, "“%s” takes a number.", f.Label))
		}
		return strconv.FormatFloat(n, 'f', -1, 64), nil
	}
	s, ok := value.(string)
	s = strings.TrimSpace(s)
	switch {
	case !ok:
		return wrong(errs.InvalidFieldf(location, "“%s” takes a text.", f.Label))
	case f.Kind == Choice && !slices.Contains(f.Choices, s):
		return wrong(errs.InvalidFieldf(location, "“%s” takes one of: %s.", f.Label, strings.Join(f.Choices, ", ")))
	case f.Kind == Date && !isDate(s):
		return wrong(errs.InvalidFieldf(location, "“%s” takes a date as 2026-11-27.", f.Label))
	case f.Kind == Text && (s == "" || utf8.RuneCountInString(s) > maxText):
		return wrong(errs.InvalidFieldf(location, "“%s” takes 1 to %d characters.", f.Label, maxText))
	}
	return s, nil
}

func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// value is the kept form as JSON shows it.
func (f Field) value(kept string) any {
	if f.Kind == Number {
		if n, err := strconv.ParseFloat(kept, 64); err == nil {
			return n
		}
	}
	return kept
}

// shown tells whether the field is to be seen beside these values.
func (f Field) shown(values map[string]string) bool {
	return f.When == nil || slices.Contains(f.When.Choices, values[f.When.Key])
}

// Set are the fields of one subject in their order, without archived ones.
type Set []Field

// Find looks a field up by its key.
func (s Set) Find(key string) (Field, bool) {
	i := slices.IndexFunc(s, func(f Field) bool { return f.Key == key })
	if i < 0 {
		return Field{}, false
	}
	return s[i], true
}

// Difference is a value that changed; "" is none.
type Difference struct {
	Field    Field
	From, To string
}

// Change applies what came in JSON to the values that there are and lists what
// became different, in the order of the fields; null takes a value away.
// The map that there was is not touched.
func (s Set) Change(have map[string]string, changes map[string]any) (map[string]string, []Difference, error) {
	for key := range changes {
		if _, ok := s.Find(key); !ok {
			return nil, nil, errs.InvalidFieldf("body.custom_fields."+key, "There is no field %q.", key)
		}
	}
	next := make(map[string]string, len(have)+len(changes))
	for k, v := range have {
		next[k] = v
	}
	var out []Difference
	for _, f := range s {
		value, given := changes[f.Key]
		if !given {
			continue
		}
		to := ""
		if value != nil {
			var err error
			if to, err = f.Parse(value, "body.custom_fields."+f.Key); err != nil {
				return nil, nil, err
			}
		}
		if to == have[f.Key] {
			continue
		}
		out = append(out, Difference{f, have[f.Key], to})
		if next[f.Key] = to; to == "" {
			delete(next, f.Key)
		}
	}
	return next, out, nil
}

// Missing are the fields that must be filled before closing and are not.
func (s Set) Missing(values map[string]string) (out []Field) {
	for _, f := range s {
		if f.Required && values[f.Key] == "" && f.shown(values) {
			out = append(out, f)
		}
	}
	return out
}

// Refuse is the answer to closing while fields are missing.
func Refuse(missing []Field) error {
	labels := make([]string, len(missing))
	for i, f := range missing {
		labels[i] = "“" + f.Label + "”"
	}
	e := errs.InvalidFieldf("body.custom_fields."+missing[0].Key, "Before this conversation is closed, fill in %s.", strings.Join(labels, ", "))
	e.Type = "urn:deskbell:problem:fields-missing"
	return e
}

// Values are the kept values as JSON shows them, without those of other fields.
func (s Set) Values(kept map[string]string) map[string]any {
	out := map[string]any{}
	for _, f := range s {
		if v, ok := kept[f.Key]; ok {
			out[f.Key] = f.value(v)
		}
	}
	return out
}

// check is the rule of a definition among the others of its subject.
func (f Field) check(others Set) error {
	switch {
	case f.Label == "" || utf8.RuneCountInString(f.Label) > maxLabel || strings.ContainsAny(f.Label, "\r\n"):
		return errs.InvalidFieldf("body.label", "A label of 1 to %d characters in one line is needed.", maxLabel)
	case f.Kind == Choice && (len(f.Choices) == 0 || len(f.Choices) > MaxChoices):
		return errs.InvalidFieldf("body.choices", "A choice has 1 to %d choices.", MaxChoices)
	case f.Required && f.Subject != Conversation:
		return errs.InvalidField("body.required_on_close", "Only a field of conversations can be required before closing.")
	}
	for i, c := range f.Choices {
		if c == "" || utf8.RuneCountInString(c) > maxLabel || slices.Index(f.Choices, c) != i {
			return errs.InvalidFieldf(fmt.Sprintf("body.choices[%d]", i), "Each choice has 1 to %d characters and stands there once.", maxLabel)
		}
	}
	if f.When == nil {
		return nil
	}
	on, ok := others.Find(f.When.Key)
	if !ok || on.Kind != Choice || on.Key == f.Key || on.When != nil {
		return errs.InvalidField("body.shown_when.key", "A field can depend on a choice that is always shown.")
	}
	for _, c := range f.When.Choices {
		if !slices.Contains(on.Choices, c) {
			return errs.InvalidFieldf("body.shown_when.choices", "“%s” has no choice “%s”.", on.Label, c)
		}
	}
	if len(f.When.Choices) == 0 {
		return errs.InvalidField("body.shown_when.choices", "Say with which choices the field is shown.")
	}
	return nil
}
