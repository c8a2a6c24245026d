package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"strings"
)

// Parse reads one mail from r to its end. Whatever the bytes are, the Message
// is not nil and says in Warnings what could not be read. The error is that of
// r or of a writer of opt.Attachment; what was read until then is in the
// Message.
func Parse(r io.Reader, opt Options) (*Message, error) {
	m := &Message{}
	src := newSource(r)
	defer src.release()
	w := newWalker(src, m, &opt)
	h := w.readHeader(true)
	m.Headers = h
	if len(h.fields) == 0 {
		m.warn("The mail has no header.")
	}
	w.hint = headerHint(h)
	w.body(h, where{first: true})
	for w.hit >= 0 || !w.eof { // whatever is left over
		w.hit = -1
		w.skip()
	}
	w.readFields(h)
	w.verifyDetached()
	w.settleSignature()
	w.readCalendar()
	w.assemble()
	w.digest()
	w.classify()
	if w.err != nil {
		return m, w.err
	}
	return m, src.err
}

// ParseBytes is Parse for a mail in memory.
func ParseBytes(b []byte, opt Options) (*Message, error) {
	return Parse(bytes.NewReader(b), opt)
}

// headerHint is the charset that the header declares somewhere, for bytes
// that declare none.
func headerHint(h Header) string {
	if cs := parseMedia(h.Raw("Content-Type"), "").params["charset"]; cs != "" {
		return cs
	}
	for _, f := range h.fields {
		if i := strings.Index(f.Value, "=?"); i >= 0 {
			if word, ok := cutWord(f.Value[i:]); ok {
				return word.charset
			}
		}
	}
	return ""
}

// readFields fills the fields of the header.
func (w *walker) readFields(h Header) {
	m, hint := w.m, w.hint
	m.FromAll = parseAddresses(h.rawAll("From"), hint)
	if a := parseAddresses(h.Raw("Sender"), hint); len(a) > 0 {
		m.Sender = a[0]
	}
	m.To = parseAddresses(h.rawAll("To"), hint)
	m.Cc = parseAddresses(h.rawAll("Cc"), hint)
	m.Bcc = parseAddresses(h.rawAll("Bcc"), hint)
	m.ReplyTo = parseAddresses(h.rawAll("Reply-To"), hint)
	m.From = firstWithAddress(m.FromAll)
	if m.From.Address == "" && m.Sender.Address != "" {
		m.From = Address{Name: m.From.Name, Address: m.Sender.Address}
		if m.From.Name == "" {
			m.From.Name = m.Sender.Name
		}
		m.warn("The mail has no sender in From; it is taken from Sender.")
	} else if m.From.Address == "" {
		m.warn("The mail has no sender.")
	}
	m.Subject = collapseSpace(decodeHeader(h.Raw("Subject"), hint))
	if ids := messageIDs(h.Raw("Message-Id")); len(ids) > 0 {
		m.MessageID = ids[0]
	}
	m.InReplyTo = messageIDs(h.Raw("In-Reply-To"))
	m.References = messageIDs(h.rawAll("References"))
	for _, f := range h.fields {
		if m.Date.IsZero() && strings.EqualFold(f.Name, "Date") {
			m.Date = parseDate(f.Value)
		}
	}
	if m.Date.IsZero() && h.Has("Date") {
		m.warn("The date cannot be read.")
	}
}

func firstWithAddress(list []Address) Address {
	for _, a := range list {
		if strings.Contains(a.Address, "@") {
			return a
		}
	}
	if len(list) > 0 {
		return list[0]
	}
	return Address{}
}

const maxIDs = 200

// messageIDs reads ids with or without brackets, glued together or with
// comments between them. Too many: the first and the newest stay.
func messageIDs(s string) []string {
	var ids []string
	if strings.Contains(s, "=?") {
		s = decodeWords(s, "")
	}
	for len(s) > 0 {
		lt := strings.IndexByte(s, '<')
		gt := -1
		if lt >= 0 {
			gt = strings.IndexByte(s[lt:], '>')
		}
		if lt < 0 || gt < 0 {
			for _, f := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \t\r\n,;<>", r) }) {
				if strings.Contains(f, "@") || len(ids) == 0 && len(s) < 200 && !strings.ContainsAny(strings.TrimSpace(s), " \t") {
					ids = append(ids, strings.Trim(f, `"'`))
				}
			}
			break
		}
		if before := strings.TrimSpace(s[:lt]); strings.Contains(before, "@") && !strings.ContainsAny(before, " \t") {
			for _, id := range strings.FieldsFunc(before, func(r rune) bool { return strings.ContainsRune("\r\n,;>", r) }) {
				if strings.Contains(id, "@") {
					ids = append(ids, id)
				}
			}
		}
		if id := strings.Join(strings.Fields(s[lt+1:lt+gt]), ""); id != "" {
			ids = append(ids, id)
		}
		s = s[lt+gt+1:]
	}
	if len(ids) > maxIDs {
		ids = append(ids[:1:1], ids[len(ids)-maxIDs+1:]...)
	}
	return ids
}

// digest ends Hash: the fields that stay the same over every way a mail may
// take, and the digest of the decoded parts.
func (w *walker) digest() {
	sum := sha256.New()
	for _, name := range []string{"From", "To", "Cc", "Subject", "Date"} {
		v := collapseSpace(w.m.Headers.rawAll(name))
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(v)))
		sum.Write(n[:])
		io.WriteString(sum, v)
	}
	sum.Write(w.sum.Sum(nil))
	sum.Sum(w.m.Hash[:0])
}
