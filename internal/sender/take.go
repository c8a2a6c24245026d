package sender

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/deskbell/deskbell/internal/mail"
)

// Taken is the customer that a rule found in a mail.
type Taken struct {
	Rule     Rule
	Source   Source
	Customer mail.Address
}

// Take tries the rules in their order. own tells which addresses are the
// shop's; they are never customers. False: no rule is about the mail, or none
// found anybody, and From stays.
func Take(rules []Rule, m *mail.Message, own func(address string) bool) (Taken, bool) {
	for _, r := range rules {
		if !r.Enabled || !r.matches(m, own) {
			continue
		}
		for _, source := range r.Sources {
			if who, ok := r.from(source, m, own); ok {
				return Taken{Rule: r, Source: source, Customer: who}, true
			}
		}
	}
	return Taken{}, false
}

func (r *Rule) matches(m *mail.Message, own func(string) bool) bool {
	if m.Bounce || m.Complaint || m.AutoReply {
		return false
	}
	if r.Subject != "" && !strings.Contains(fold(m.Subject), fold(r.Subject)) {
		return false
	}
	return r.isSender(m.From.Address, own)
}

func (r *Rule) isSender(address string, own func(string) bool) bool {
	address = strings.ToLower(strings.TrimSpace(address))
	if len(address) > 254 || !strings.Contains(address, "@") {
		return false
	}
	for _, p := range r.Senders {
		if p == Own && own(address) || p != Own && glob(p, address) {
			return true
		}
	}
	return false
}

func (r *Rule) from(source Source, m *mail.Message, own func(string) bool) (mail.Address, bool) {
	name := func() string { return r.field(m.Text, r.NameLabels, func(s string) string { return clip(s, 200) }) }
	usable := func(a mail.Address) bool { return validAddress(a.Address) && !own(a.Address) }
	switch source {
	case FromSender:
		return m.From, usable(m.From)
	case FromReplyTo:
		for _, a := range m.ReplyTo {
			if usable(a) && !unread(a.Address) && !strings.EqualFold(a.Address, m.From.Address) {
				if a.Name == "" || strings.EqualFold(a.Name, a.Address) {
					a.Name = name()
				}
				return a, true
			}
		}
	case FromOriginal:
		for _, header := range []string{"X-Google-Original-From", "X-Original-From", "X-Original-Sender", "X-MS-Exchange-Original-From"} {
			for _, v := range m.Headers.Values(header) {
				if a := mail.ParseAddress(v); usable(a) {
					return a, true
				}
			}
		}
	case FromForm:
		a := mail.Address{Address: r.field(m.Text, r.MailLabels, addressIn)}
		if usable(a) {
			a.Name = name()
			return a, true
		}
	}
	return mail.Address{}, false
}

// unread tells an address behind which nobody reads: a form that asks for no
// answers still names its customer.
func unread(address string) bool {
	local, _, _ := strings.Cut(strings.ToLower(address), "@")
	return slices.Contains([]string{"no-reply", "noreply", "no_reply", "donotreply", "do-not-reply", "do_not_reply", "mailer-daemon"}, local)
}

const maxFormLines = 400

// field finds "Label: value", or a label with the value on the line below.
func (r *Rule) field(text string, labels []string, read func(string) string) string {
	folded := make([]string, len(labels))
	for i, l := range labels {
		folded[i] = fold(l)
	}
	waiting := false
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		if n++; n > maxFormLines {
			break
		}
		line = strings.Trim(line, " \t*_>|\u00a0\u3000")
		if line == "" {
			continue
		}
		if waiting {
			waiting = false
			if v := read(line); v != "" {
				return v
			}
		}
		for _, label := range folded {
			rest, ok := after(line, label)
			if !ok {
				continue
			}
			if rest == "" {
				waiting = true
			} else if v := read(rest); v != "" {
				return v
			}
		}
	}
	return ""
}

// after is what follows the label on its line; a label that goes on with a
// letter is another one.
func after(line, label string) (string, bool) {
	if label == "" || len(line) > 2000 {
		return "", false
	}
	at := -1
	for i, r := range line { // fold may change lengths, so the end of the label is looked for
		if i > 0 && !isLetter(r) && fold(line[:i]) == label {
			at = i
			break
		}
		if i > 4*len(label)+8 {
			break
		}
	}
	if at < 0 {
		return "", fold(line) == label
	}
	rest := strings.TrimLeft(line[at:], " \t*_\u00a0\u3000")
	if sep, size := utf8.DecodeRuneInString(rest); sep == ':' || sep == '：' || sep == '=' || sep == '|' {
		return strings.Trim(rest[size:], " \t*_\u00a0\u3000"), true
	}
	// "Email eva@example.com", as tables become text
	if addressIn(rest) != "" && !strings.ContainsAny(strings.TrimSpace(rest), " \t") {
		return rest, true
	}
	return "", rest == ""
}

func isLetter(r rune) bool {
	return r == '-' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// addressIn is the first address in a line, "" when there is none.
func addressIn(s string) string {
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \t<>()[]|,;\"'", r) }) {
		word = strings.Trim(strings.TrimPrefix(word, "mailto:"), ".:")
		if validAddress(word) {
			return word
		}
	}
	return ""
}

// validAddress is narrow: what a form or header of strangers says becomes
// somebody to whom answers go.
func validAddress(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	return ok && local != "" && len(s) <= 254 && len(local) <= 64+190 && strings.Contains(domain, ".") && !strings.ContainsAny(s, " <>,;()[]\"\\\r\n\t") &&
		!strings.Contains(domain, "@") && !strings.HasPrefix(domain, ".") && !strings.HasSuffix(domain, ".")
}

func fold(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(norm.NFKC.String(strings.ToValidUTF8(s, ""))), " "))
}

func clip(s string, n int) string {
	if r := []rune(strings.TrimSpace(s)); len(r) > n {
		return string(r[:n])
	}
	return strings.TrimSpace(s)
}
