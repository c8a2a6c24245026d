package email

import (
	"net/url"
	"strings"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/mail/auth"
	"github.com/deskbell/deskbell/internal/sender"
)

// origin is who a mail is from, and what kind of mail that makes it.
type origin struct {
	customer  conversation.Person
	automatic bool
	rule      *conversation.TakenByRule
	spam      *conversation.SpamReason
	allowed   bool
}

// origin finds the customer: by a rule that an admin can see, otherwise whoever
// stands in From, because anybody can write the rest. What a rule takes for a
// customer's mail is one, although a machine wrote it.
func (r *reader) origin(m *mail.Message, envelopeFrom string) (o origin) {
	ours := func(address string) bool { _, _, _, own := r.own.owner(address); return own }
	o.automatic = m.Automatic || m.AutoReply || m.Bounce || m.Complaint
	o.customer = from(m, envelopeFrom)
	if r.book != nil {
		if t, ok := sender.Take(r.book.Rules, m, ours); ok {
			o.rule = &conversation.TakenByRule{ID: t.Rule.ID, Name: t.Rule.Name, Source: string(t.Source), From: o.customer}
			o.customer, o.automatic = conversation.Person{Name: t.Customer.Name, Address: t.Customer.Address}, false
		}
	}
	if o.automatic && groupOfOurs(m, ours) {
		o.automatic = false
	}
	o.judge(r.book, m)
	return o
}

// judge asks the lists. A blocked robot takes its customers along, unless one
// of them is allowed.
func (o *origin) judge(book *sender.Book, m *mail.Message) {
	v := book.Judge(o.customer.Address)
	if v.Kind == "" && o.rule != nil {
		if robot := book.Judge(o.rule.From.Address); robot.Kind == sender.Block {
			v = robot
		}
	}
	switch {
	case v.Kind == sender.Allow:
		o.allowed = true
	case v.Kind == sender.Block:
		o.spam = &conversation.SpamReason{Reason: conversation.SpamBlocked, Pattern: v.Pattern}
	case markedAsSpam(m.Headers) && !m.Bounce && !m.Complaint:
		o.spam = &conversation.SpamReason{Reason: conversation.SpamServer}
	}
}

// markedAsSpam reads what spam filters of mail servers write. A sender who
// writes it harms only themselves.
func markedAsSpam(h mail.Header) bool {
	for _, name := range []string{"X-Spam-Flag", "X-Spam-Status", "X-Spam"} {
		if v := strings.ToLower(strings.TrimSpace(h.Raw(name))); v == "yes" || strings.HasPrefix(v, "yes,") || strings.HasPrefix(v, "yes ") {
			return true
		}
	}
	return false
}

// groupOfOurs tells mail that came through a group or list whose address is one
// of ours, such as a Google Group in front of the inbox: a list by its header
// (RFC 2369), and customers' mail all the same. Whatever else says that a
// machine wrote it still counts.
func groupOfOurs(m *mail.Message, ours func(string) bool) bool {
	if m.AutoReply || m.Bounce || m.Complaint || !ours(listAddress(m.Headers)) {
		return false
	}
	auto := strings.ToLower(m.Headers.Raw("Auto-Submitted"))
	return (auto == "" || strings.HasPrefix(auto, "no")) && !m.Headers.Has("X-Auto-Response-Suppress") && !strings.EqualFold(strings.TrimSpace(m.Headers.Raw("Precedence")), "bulk")
}

// listAddress is where posts to the list go.
func listAddress(h mail.Header) string {
	for _, part := range strings.Split(h.Raw("List-Post"), ",") {
		part = strings.Trim(strings.TrimSpace(part), "<>")
		if address, ok := strings.CutPrefix(part, "mailto:"); ok {
			address, _, _ = strings.Cut(address, "?")
			if plain, err := url.PathUnescape(address); err == nil {
				return plain
			}
		}
	}
	id := strings.Trim(strings.TrimSpace(h.Raw("List-Id")), "<>")
	if i := strings.LastIndexByte(id, '<'); i >= 0 {
		id = strings.Trim(id[i:], "<> ")
	}
	return strings.Replace(id, ".", "@", 1) // support.example.com is the list of support@example.com
}

// from is the mail's author as far as it names one.
func from(m *mail.Message, envelopeFrom string) conversation.Person {
	p := m.From
	for _, other := range []mail.Address{m.Sender, {Address: m.Headers.Get("Return-Path")}, {Address: envelopeFrom}} {
		if strings.Contains(p.Address, "@") {
			break
		}
		other.Address = strings.Trim(other.Address, "<> \t")
		if strings.Contains(other.Address, "@") {
			p.Address = other.Address
		}
	}
	return conversation.Person{Name: p.Name, Address: p.Address}
}

// doubt says why the sender may be somebody else, nil when nothing speaks for
// it. results are those of somebody whom we believe.
func doubt(m *mail.Message, results auth.Field, believed, verified, ours, rule bool) *conversation.SenderDoubt {
	d := &conversation.SenderDoubt{}
	r := results.Repeat()
	if believed && r.DMARC.Value == auth.Fail {
		d.Reasons = append(d.Reasons, "dmarc_failed")
		d.Forged = listAddress(m.Headers) == "" // lists break signatures
	}
	if believed && ours && !verified && !rule {
		d.Reasons = append(d.Reasons, "own_address")
	}
	if named := otherAddressIn(m.From); named != "" && !rule {
		d.Reasons, d.Named = append(d.Reasons, "name_is_address"), named
	}
	if len(d.Reasons) == 0 {
		return nil
	}
	if believed {
		d.Policy = r.DMARC.Policy
		d.SPF, d.DMARC = authResult(r.SPF.Value, r.SPF.Domain), authResult(r.DMARC.Value, r.DMARC.From)
		for _, k := range r.DKIM[:min(len(r.DKIM), 5)] {
			d.DKIM = append(d.DKIM, *authResult(k.Value, k.Domain))
		}
	}
	return d
}

func authResult(v auth.Value, domain string) *conversation.AuthResult {
	if v == "" {
		v = auth.None
	}
	return &conversation.AuthResult{Result: string(v), Domain: domain}
}

// otherAddressIn is an address of another domain that stands in the sender's
// name, where mail programs show nothing else.
func otherAddressIn(a mail.Address) string {
	for _, word := range strings.FieldsFunc(a.Name, func(r rune) bool { return strings.ContainsRune(" <>()[]\"',;", r) }) {
		local, domain, ok := strings.Cut(word, "@")
		_, own, _ := strings.Cut(a.Address, "@")
		if ok && local != "" && strings.Contains(domain, ".") && !auth.SameOrganisation(domain, own) {
			return clip(word, 254)
		}
	}
	return ""
}
