package auth

import (
	"strings"
)

// Value of one method (RFC 8601, section 2.7).
type Value string

// The values.
const (
	None      Value = "none"
	Pass      Value = "pass"
	Fail      Value = "fail"
	SoftFail  Value = "softfail"
	Neutral   Value = "neutral"
	TempError Value = "temperror"
	PermError Value = "permerror"
)

// SPF says whether the peer may send for the envelope's domain.
type SPF struct {
	Value  Value
	Domain string
	HELO   bool // Domain is that of HELO, as the envelope sender was empty
	// internal: the peer is of our own network, about which SPF says nothing.
	internal bool
}

// DKIM is one signature.
type DKIM struct {
	Value  Value
	Domain string // who signed
}

// DMARC says whether From is who it claims to be.
type DMARC struct {
	Value  Value
	From   string // domain of From, "" = not exactly one
	Policy string // what the domain asks for: none, quarantine, reject
}

// Results of one mail. The zero value says that nothing was checked.
type Results struct {
	SPF   SPF
	DKIM  []DKIM
	DMARC DMARC
}

// FieldName is that of the header field with results.
const FieldName = "Authentication-Results"

// Format writes the header field with its line end. id is the host that checked.
func (r Results) Format(id string) string {
	var b strings.Builder
	b.WriteString(FieldName + ": " + token(id))
	put := func(text string) { b.WriteString(";\r\n\t" + text) }
	if r.SPF.Value != "" {
		property := " smtp.mailfrom="
		if r.SPF.HELO {
			property = " smtp.helo="
		}
		put("spf=" + string(r.SPF.Value) + with(property, r.SPF.Domain))
	}
	for _, d := range r.DKIM {
		put("dkim=" + string(d.Value) + with(" header.d=", d.Domain))
	}
	if r.DMARC.Value != "" {
		policy := ""
		if r.DMARC.Policy != "" {
			policy = " (p=" + token(r.DMARC.Policy) + ")"
		}
		put("dmarc=" + string(r.DMARC.Value) + policy + with(" header.from=", r.DMARC.From))
	}
	if r.SPF.Value == "" && len(r.DKIM) == 0 && r.DMARC.Value == "" {
		b.WriteString("; none")
	}
	b.WriteString("\r\n")
	return b.String()
}

func with(property, value string) string {
	if value = token(value); value == "" {
		return ""
	}
	return property + value
}

// token leaves only what needs no quotes.
func token(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune(".-_+@", r) {
			return r
		}
		return -1
	}, s)
	return s[:min(len(s), 253)]
}
