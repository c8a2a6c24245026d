package email

import (
	netmail "net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/mail"
)

// maxThreadIDs is how many ids of one mail are looked at (house rule "threading").
const maxThreadIDs = 50

// addresses maps every folded address of ours to its inbox, and "@domain" to the
// inbox that takes all addresses of a domain.
type addresses map[string]inbox.ID

// owner finds the inbox of an address, with what stands behind a plus in its local part.
func (a addresses) owner(address string) (id inbox.ID, plain, tag string, ok bool) {
	folded := inbox.Fold(address)
	if id, ok = a[folded]; ok {
		return id, folded, "", true
	}
	at, plus := strings.LastIndexByte(folded, '@'), strings.IndexByte(folded, '+')
	if plus <= 0 || at < plus {
		return 0, "", "", false
	}
	plain = folded[:plus] + folded[at:]
	id, ok = a[plain]
	return id, plain, folded[plus+1 : at], ok
}

// catches tells whether the inbox takes every address of the domain.
func (a addresses) catches(address string, in inbox.ID) bool {
	folded := inbox.Fold(address)
	at := strings.LastIndexByte(folded, '@')
	return at > 0 && a[folded[at:]] == in && in != 0
}

// hint is what a mail says about where it belongs. Nothing is decided here.
type hint struct {
	threadIDs     []string
	tokens        []string
	subjectNumber int64
	replyTo       string // our address that was written to, "" = unknown
	to, cc        []conversation.Person
}

// hints reads the mail for the inbox that got it. envelope are the recipients
// named by the SMTP client.
func hints(m *mail.Message, in inbox.ID, own addresses, envelope []string) hint {
	var h hint
	h.threadIDs = threadIDs(m)
	h.subjectNumber = subjectNumber(m.Subject)
	h.to, h.cc = others(m.To, own), others(m.Cc, own)
	for _, address := range recipients(m, envelope) {
		id, plain, tag, ok := own.owner(address)
		if !ok || id != in {
			continue
		}
		if tag != "" && len(tag) <= 100 && len(h.tokens) < 10 {
			h.tokens = append(h.tokens, tag)
		}
		if h.replyTo == "" {
			h.replyTo = plain
		}
	}
	if h.replyTo == "" {
		h.caught(m, in, own, envelope)
	}
	return h
}

// caught is the address of a catch-all inbox that was written to; it is ours and
// no recipient of an answer.
func (h *hint) caught(m *mail.Message, in inbox.ID, own addresses, envelope []string) {
	for _, address := range recipients(m, envelope) {
		if !own.catches(address, in) {
			continue
		}
		h.replyTo = inbox.Fold(address)
		mine := func(p conversation.Person) bool { return inbox.Fold(p.Address) == h.replyTo }
		h.to, h.cc = slices.DeleteFunc(h.to, mine), slices.DeleteFunc(h.cc, mine)
		return
	}
}

// threadIDs lists the ids that lead to a conversation: what a bounce is about,
// In-Reply-To, then References newest first.
func threadIDs(m *mail.Message) []string {
	var out []string
	seen := map[string]bool{m.MessageID: true, "": true}
	add := func(id string) {
		id = strings.Trim(id, "<> \t")
		if !seen[id] && len(id) <= 998 && len(out) < maxThreadIDs {
			seen[id] = true
			out = append(out, id)
		}
	}
	for _, b := range m.Bounces {
		add(b.OriginalMessageID)
	}
	for _, id := range m.InReplyTo {
		add(id)
	}
	for n := len(m.References) - 1; n >= 0; n-- {
		add(m.References[n])
	}
	return out
}

// recipients lists every address that the mail was meant for, in the order of trust.
func recipients(m *mail.Message, envelope []string) []string {
	var out []string
	for _, list := range [][]mail.Address{m.To, m.Cc} {
		for _, a := range list {
			out = append(out, a.Address)
		}
	}
	for _, name := range []string{"Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Forwarded-To"} {
		for _, v := range m.Headers.Values(name) {
			if a, err := netmail.ParseAddress(v); err == nil {
				v = a.Address
			}
			out = append(out, strings.Trim(v, "<> \t"))
		}
	}
	return append(out, envelope...)
}

// others leaves out our own addresses, doubles, and what no mail can be sent to.
func others(list []mail.Address, own addresses) []conversation.Person {
	var out []conversation.Person
	seen := map[string]bool{}
	for _, a := range list {
		folded := inbox.Fold(a.Address)
		if _, _, _, ours := own.owner(a.Address); ours || !strings.Contains(folded, "@") || seen[folded] || len(out) == 200 {
			continue
		}
		seen[folded] = true
		out = append(out, conversation.Person{Name: a.Name, Address: a.Address})
	}
	return out
}

// bracketed is the only form that counts: "#1001" alone is how shops name their orders.
var bracketed = regexp.MustCompile(`\[#(\d{1,15})\]`)

func subjectNumber(subject string) int64 {
	found := bracketed.FindStringSubmatch(subject)
	if found == nil {
		return 0
	}
	n, _ := strconv.ParseInt(found[1], 10, 64) // at most fifteen digits
	return n
}
