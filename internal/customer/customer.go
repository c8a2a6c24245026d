package customer

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Kind of an identity.
type Kind string

// The kinds.
const (
	Email  Kind = "email"
	Phone  Kind = "phone"
	Handle Kind = "handle"
)

// Identity is one address under which a customer is known.
type Identity struct {
	ID       int64
	Customer int64
	Kind     Kind
	Value    string // folded, unique within the kind
	Shown    string // as it was written
	Verified bool   // proved, not only claimed
	// BouncedAt is when a server said for good that the address takes no mail,
	// with what it said; ComplainedAt when its owner reported ours as spam.
	BouncedAt    time.Time
	BounceReason string
	ComplainedAt time.Time
}

// Customer is one person or firm.
type Customer struct {
	ID         int64
	Name       string
	Locale     string
	Notes      string
	Attributes map[string]any
	CreatedAt  time.Time
	Version    int64
	Identities []Identity
	// MergedInto is the customer whom this one is a part of, 0 = none.
	MergedInto int64
	// Asked is the merged customer in whose place this one was read, 0 = none.
	Asked int64
	// ErasedAt is when everything known of them was deleted, zero = it was not.
	ErasedAt time.Time
	// Merged are those who were put into this one; filled in where one customer is read.
	Merged []Merged
}

// Bounds of what is kept of a customer.
const (
	MaxName       = 200
	MaxValue      = 254 // RFC 5321, 4.5.3.1.3, without the angle brackets
	MaxIdentities = 50
	MaxAttributes = 16 << 10 // bytes of JSON
)

// Fold makes equal what names the same address: e-mail addresses and handles
// in lower case without spaces, phone numbers as digits with a leading plus.
func Fold(k Kind, value string) string {
	value = strings.TrimSpace(norm.NFKC.String(value))
	if k != Phone {
		return clip(strings.ToLower(value), MaxValue)
	}
	var b strings.Builder
	for i, r := range value {
		if r >= '0' && r <= '9' || r == '+' && i == 0 {
			b.WriteRune(r)
		}
	}
	return clip(b.String(), 32)
}

// check refuses an identity that cannot be one.
func (i Identity) check(location string) error {
	switch {
	case i.Kind != Email && i.Kind != Phone && i.Kind != Handle:
		return errs.InvalidField(location+".kind", "The kind must be email, phone or handle.")
	case i.Value == "":
		return errs.InvalidField(location+".value", "The value is empty.")
	case i.Kind == Email && (strings.Count(i.Value, "@") != 1 || strings.HasPrefix(i.Value, "@") || strings.HasSuffix(i.Value, "@")):
		return errs.InvalidField(location+".value", "This is not an e-mail address.")
	case i.Kind == Phone && len(i.Value) < 5:
		return errs.InvalidField(location+".value", "This is not a phone number.")
	}
	return nil
}

func checkAttributes(a map[string]any) error {
	b, err := json.Marshal(a)
	if err != nil || len(b) > MaxAttributes {
		return errs.InvalidField("body.attributes", "The attributes are larger than 16 KB.")
	}
	return nil
}

func clip(s string, n int) string {
	for len(s) > n {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s
}
