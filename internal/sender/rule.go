package sender

import (
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Source is a place of a mail from which the customer is taken.
type Source string

// The sources.
const (
	FromSender   Source = "sender"        // the relay address in From stands for the customer
	FromReplyTo  Source = "reply_to"      // Reply-To
	FromOriginal Source = "original_from" // X-Google-Original-From, X-Original-From and their like
	FromForm     Source = "form"          // a field of a form in the text
)

// Sources in the order in which pages show them.
var Sources = []Source{FromSender, FromReplyTo, FromOriginal, FromForm}

// Own stands among a rule's senders for every address of the inboxes.
const Own = "own"

// Rule says how the customer is taken from mail of certain senders.
type Rule struct {
	ID       int64
	Position int64
	Name     string
	Ready    string // of a rule that came with the program, "" = made here
	Enabled  bool
	// Senders are addresses in which * stands for anything but @, or [Own].
	Senders []string
	Subject string // words that have to stand in the subject, "" = any
	Sources []Source
	// MailLabels and NameLabels are what stands before the value in a form.
	MailLabels []string
	NameLabels []string
	CreatedAt  time.Time
	Version    int64
}

// Bounds of rules.
const (
	MaxRules   = 200
	maxSenders = 50
	maxLabels  = 50
)

// check tidies a rule and says what is wrong with it.
func (r *Rule) check() error {
	r.Name, r.Subject = strings.TrimSpace(r.Name), strings.TrimSpace(r.Subject)
	if r.Name == "" || len(r.Name) > 100 {
		return errs.InvalidField("body.name", "Give the rule a name of at most 100 characters.")
	}
	if len(r.Subject) > 200 {
		return errs.InvalidField("body.subject", "The words of the subject have at most 200 characters.")
	}
	var err error
	if r.Senders, err = senders(r.Senders); err != nil {
		return err
	}
	kept := []Source{}
	for _, s := range r.Sources {
		if !slices.Contains(Sources, s) {
			return errs.InvalidField("body.sources", "A source is sender, reply_to, original_from or form.")
		}
		if !slices.Contains(kept, s) {
			kept = append(kept, s)
		}
	}
	if r.Sources = kept; len(kept) == 0 {
		return errs.InvalidField("body.sources", "Say from where the customer is taken.")
	}
	if r.MailLabels, err = labels("mail_labels", r.MailLabels); err != nil {
		return err
	}
	if r.NameLabels, err = labels("name_labels", r.NameLabels); err != nil {
		return err
	}
	if slices.Contains(kept, FromForm) && len(r.MailLabels) == 0 {
		return errs.InvalidField("body.mail_labels", "Say what stands before the address in the form, such as Email.")
	}
	return nil
}

func senders(list []string) ([]string, error) {
	kept := []string{}
	for _, s := range list {
		s = strings.ToLower(strings.TrimSpace(s))
		if s == "" {
			continue
		}
		if s != Own && (strings.Count(s, "@") != 1 || len(s) > 254 || strings.ContainsAny(s, " <>,;\r\n\t") || strings.Trim(s, "*@.") == "") {
			return nil, errs.InvalidField("body.senders", "A sender is an address such as mailer@example.com or *@example.com, or own for your own addresses.")
		}
		if !slices.Contains(kept, s) {
			kept = append(kept, s)
		}
	}
	if len(kept) == 0 || len(kept) > maxSenders {
		return nil, errs.InvalidField("body.senders", "Name between 1 and 50 senders.")
	}
	return kept, nil
}

func labels(field string, list []string) ([]string, error) {
	kept := []string{}
	for _, s := range list {
		s = strings.TrimSpace(strings.TrimRight(strings.TrimSpace(s), ":："))
		if s == "" {
			continue
		}
		if len(s) > 100 || strings.ContainsAny(s, "\r\n") {
			return nil, errs.InvalidField("body."+field, "A label is one line of at most 100 characters.")
		}
		if !slices.Contains(kept, s) {
			kept = append(kept, s)
		}
	}
	if len(kept) > maxLabels {
		return nil, errs.InvalidField("body."+field, "At most 50 labels can stand here.")
	}
	return kept, nil
}

// glob matches an address against a pattern in which * is anything but @. Both
// are folded.
func glob(pattern, s string) bool {
	// Positions to go back to after the last star: linear in practice, and
	// quadratic at worst over at most 254 bytes.
	p, i, star, mark := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && pattern[p] == s[i]:
			p++
			i++
		case star >= 0 && s[mark] != '@':
			mark++
			p, i = star+1, mark
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
