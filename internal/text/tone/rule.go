package tone

import (
	"slices"

	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/text"
)

// Kind is what a rule looks at.
type Kind string

// The kinds.
const (
	Avoid    Kind = "avoid"    // words that are not to be used
	Glossary Kind = "glossary" // what the shop calls things
	Address  Kind = "address"  // the form of address
	Length   Kind = "length"   // how long a sentence may be
	Phrase   Kind = "phrase"   // what must be said
)

// Kinds in the order in which pages show them.
var Kinds = []Kind{Avoid, Glossary, Address, Length, Phrase}

// Form is a form of address.
type Form string

// The forms: siz or sen, ви or ти, です・ます or plain, written out or easy-going.
const (
	Formal   Form = "formal"
	Informal Form = "informal"
)

// When is when something must be said.
type When string

// The moments.
const (
	Always When = "always"
	Angry  When = "angry" // when the customer sounds angry
)

// Term is words that are one thing, and what to write instead. Words between
// quotation marks are meant as they are written, without their other forms; a
// star at the end stands for any ending.
type Term struct {
	Words   []string `json:"words"`
	Instead string   `json:"instead,omitempty"`
}

// Rule is one rule. Of the parameters only those of its kind count.
type Rule struct {
	ID            int64
	Kind          Kind
	Languages     []string // ISO 639-1, none = every language
	Terms         []Term   // Avoid, Glossary
	Form          Form     // Address
	MaxWords      int      // Length
	MaxCharacters int      // Length, where words are written without spaces
	Phrases       []string // Phrase: one of them must be there
	When          When     // Phrase
	Examples      []string // Phrase: what could be written, in any languages
}

// In tells whether the rule is for a language.
func (r *Rule) In(language string) bool {
	return len(r.Languages) == 0 || slices.Contains(r.Languages, language)
}

// Addressed are the languages whose forms of address are known.
var Addressed = []string{"en", "ja", "tr", "uk"}

// Input is what is checked.
type Input struct {
	Text     string // of the writer, plain
	Language string // ISO 639-1, "" = as it is written
	Customer string // what the customer wrote last
	// Fallback is the language where the text does not say, "" = that of the customer's words.
	Fallback string
	// Applies leaves out rules of the guide; nil = all apply.
	Applies func(rule int) bool
}

// Finding is one place, or the lack of one, that a rule is about.
type Finding struct {
	Rule int // its place among the rules of the guide
	// Span is the place in bytes. It is empty when something is missing.
	text.Span
	Missing bool
	Why     errs.Text
	// Instead is what to write in place of it, or to add, "" = that is for a person to say.
	Instead string
}

// Result is what a check found.
type Result struct {
	Language string // that the text was read in, "" = unknown
	Angry    bool   // the customer sounds so
	Findings []Finding
	Cut      bool // there was more text, or there were more findings, than are looked at
}

// Bounds of a check.
const (
	MaxText     = 256 << 10 // as long as a reply may be
	MaxFindings = 100
	perRule     = 20        // findings
	budget      = 4_000_000 // comparisons of words
)
