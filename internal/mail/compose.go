package mail

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/net/idna"
)

// Outgoing is a mail to be written. Text or HTML may be empty, not both;
// the missing text is made from the HTML.
type Outgoing struct {
	From    Address
	Sender  Address
	To      []Address
	Cc      []Address
	Bcc     []Address // not written; delivery takes it from here
	ReplyTo []Address
	Subject string
	Date    time.Time
	// MessageID, InReplyTo and References are ids without <>.
	MessageID  string
	InReplyTo  string
	References []string
	// Automatic is the value of Auto-Submitted (RFC 3834), "auto-replied" or
	// "auto-generated"; empty for mail that a person wrote.
	Automatic string
	// Headers are further fields; their names must be plain and new.
	Headers []Field
	Text    string
	// HTML is sanitised already; data-cid of its images becomes cid:.
	HTML string
	// Files with a ContentID that HTML shows become inline images.
	Files []OutgoingFile
}

// OutgoingFile is a file of an outgoing mail; Open is called once.
type OutgoingFile struct {
	Name        string
	ContentType string
	ContentID   string
	Open        func() (io.ReadCloser, error)
}

const (
	maxReferences     = 50
	maxReferenceBytes = 8000
)

// Compose writes the mail with CRLF line ends, no line longer than 998 bytes
// and 7-bit content only. It refuses CR, LF or NUL in anything that goes into
// a header.
func Compose(o Outgoing) ([]byte, error) {
	var buf bytes.Buffer
	if err := ComposeTo(&buf, o); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// ComposeTo is Compose to a writer; files are streamed.
func ComposeTo(out io.Writer, o Outgoing) error {
	if err := o.check(); err != nil {
		return err
	}
	h := &headerWriter{}
	h.addresses("From", []Address{o.From})
	if o.Sender.Address != "" {
		h.addresses("Sender", []Address{o.Sender})
	}
	h.addresses("To", o.To)
	h.addresses("Cc", o.Cc)
	h.addresses("Reply-To", o.ReplyTo)
	h.text("Subject", o.Subject)
	h.raw("Date", o.Date.Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	h.ids("Message-ID", []string{o.MessageID})
	if o.InReplyTo != "" {
		h.ids("In-Reply-To", []string{o.InReplyTo})
	}
	h.ids("References", boundReferences(o.References))
	if o.Automatic != "" {
		h.raw("Auto-Submitted", o.Automatic)
		h.raw("X-Auto-Response-Suppress", "All")
	}
	for _, f := range o.Headers {
		if structuredField(f.Name) {
			h.tokens(f.Name, f.Value)
		} else {
			h.text(f.Name, f.Value)
		}
	}
	h.raw("MIME-Version", "1.0")
	if _, err := out.Write(h.buf.Bytes()); err != nil {
		return err
	}
	return writeEntity(out, o.tree())
}

func (o *Outgoing) check() error {
	if !strings.Contains(o.From.Address, "@") {
		return errors.New("the sender has no address")
	}
	if len(o.To)+len(o.Cc)+len(o.Bcc) == 0 {
		return errors.New("the mail has no recipient")
	}
	if o.MessageID == "" || o.Date.IsZero() {
		return errors.New("the mail needs a Message-ID and a date")
	}
	if o.Text == "" && o.HTML == "" {
		return errors.New("the mail has no text")
	}
	for _, list := range [][]Address{{o.From}, {o.Sender}, o.To, o.Cc, o.Bcc, o.ReplyTo} {
		for _, a := range list {
			if !safeHeader(a.Name) || !safeAddress(a.Address) {
				return fmt.Errorf("the address %q cannot be written into a header", a.Address)
			}
		}
	}
	for _, id := range append([]string{o.MessageID, o.InReplyTo}, o.References...) {
		if !safeID(id) {
			return fmt.Errorf("the message id %q cannot be written into a header", id)
		}
	}
	if !safeHeader(o.Subject) || !safeHeader(o.Automatic) {
		return errors.New("the subject has a line break")
	}
	for _, f := range o.Headers {
		if !safeFieldName(f.Name) || !safeHeader(f.Value) {
			return fmt.Errorf("the header field %q cannot be written", f.Name)
		}
	}
	for _, f := range o.Files {
		if !safeHeader(f.Name) || !safeHeader(f.ContentType) || !safeID(f.ContentID) {
			return fmt.Errorf("the file %q cannot be written into a header", f.Name)
		}
		if f.Open == nil {
			return fmt.Errorf("the file %q cannot be opened", f.Name)
		}
	}
	return nil
}

func safeHeader(s string) bool { return !strings.ContainsAny(s, "\r\n\x00") }

func safeAddress(s string) bool {
	s = asciiAddress(s)
	for _, c := range s {
		if c <= ' ' || c >= 0x7f || c == '<' || c == '>' || c == ',' || c == ';' || c == '(' || c == ')' {
			return false
		}
	}
	return len(s) <= 320
}

// asciiAddress writes an international domain in its ASCII form (RFC 5891). A
// local part beyond ASCII would need SMTPUTF8 at every hop and is refused.
func asciiAddress(s string) string {
	at := strings.LastIndexByte(s, '@')
	if at < 0 || isPlainASCII(s[at:]) {
		return s
	}
	domain, err := idna.Lookup.ToASCII(s[at+1:])
	if err != nil {
		return s
	}
	return s[:at+1] + domain
}

func safeID(s string) bool {
	for _, c := range s {
		if c <= ' ' || c >= 0x7f || c == '<' || c == '>' {
			return false
		}
	}
	return len(s) <= 900
}

// Fields that Compose writes itself may not be given a second time.
var ownFields = map[string]bool{
	"from": true, "sender": true, "to": true, "cc": true, "bcc": true, "reply-to": true, "subject": true, "date": true,
	"message-id": true, "in-reply-to": true, "references": true, "auto-submitted": true, "mime-version": true,
	"content-type": true, "content-transfer-encoding": true, "content-disposition": true,
}

func safeFieldName(s string) bool {
	if s == "" || len(s) > 70 || ownFields[strings.ToLower(s)] {
		return false
	}
	for _, c := range s {
		if c <= ' ' || c >= 0x7f || c == ':' {
			return false
		}
	}
	return true
}

func structuredField(name string) bool {
	n := strings.ToLower(name)
	return strings.HasPrefix(n, "list-") || n == "precedence" || n == "feedback-id" || n == "return-path"
}

// boundReferences keeps the first id and the newest.
func boundReferences(ids []string) []string {
	size := func(list []string) (n int) {
		for _, id := range list {
			n += len(id) + 3
		}
		return n
	}
	var out []string
	seen := map[string]bool{}
	for _, id := range ids {
		if id != "" && !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	for len(out) > 2 && (len(out) > maxReferences || size(out) > maxReferenceBytes) {
		out = append(out[:1:1], out[2:]...)
	}
	return out
}
