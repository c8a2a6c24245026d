package mail

import (
	"crypto/x509"
	"io"
	"time"
)

// SanitizerVersion grows whenever sanitised HTML would come out differently.
const SanitizerVersion = 1

// Address is one mailbox. Name is decoded text; Address is kept as written
// apart from surrounding junk and may be empty when the sender gave none.
type Address struct {
	Name    string
	Address string
}

// Attachment describes one file of a mail.
type Attachment struct {
	// Index counts the attachments of a mail from 0 in the order of the mail.
	Index int
	// Filename has no folders and no control characters; it is made up from
	// the type when the sender gave none.
	Filename    string
	ContentType string
	// Size is the number of decoded bytes; 0 in the call of Options.Attachment.
	Size int64
	// ContentID has no angle brackets.
	ContentID string
	// Inline tells that the HTML body shows the file, or that the sender asked
	// for it to be shown in place and it is an image.
	Inline bool
}

// Bounce is one recipient that did not get a mail, or not yet.
type Bounce struct {
	Recipient string
	// Status is the enhanced status code of RFC 3463, "5.1.1".
	Status string
	// Action is failed or delayed (RFC 3464), or complaint for a report of spam.
	Action string
	// Reason is what the other server said.
	Reason string
	// Hard tells that another try will not help.
	Hard bool
	// OriginalMessageID is that of the mail that bounced, without <>.
	OriginalMessageID string
}

// Forwarded tells who wrote the mail that the sender passed on.
type Forwarded struct {
	From    Address
	Subject string
}

// Message is a parsed mail. Every field may be empty.
type Message struct {
	From       Address
	FromAll    []Address
	Sender     Address
	To         []Address
	Cc         []Address
	Bcc        []Address
	ReplyTo    []Address
	Subject    string
	MessageID  string
	InReplyTo  []string
	References []string
	// Date is zero when the mail has none that can be read.
	Date    time.Time
	Headers Header

	// Text is the whole visible text.
	Text string
	// HTML is the whole sanitised HTML body, empty for a plain text mail.
	HTML string
	// HTMLPresent tells that the mail came with an HTML body.
	HTMLPresent bool
	// HasRemoteImages tells that HTML has images to load after a click.
	HasRemoteImages bool
	// ReplyText is what the sender newly wrote; ReplyHTML the same as HTML.
	ReplyText string
	ReplyHTML string
	// Full tells that Text or HTML hold more than the reply.
	Full        bool
	Attachments []Attachment

	// AutoReply: an answer made by a machine (vacation, "we got your mail").
	AutoReply bool
	// Automatic: any mail that must never be answered by a machine.
	Automatic       bool
	AutomaticReason string
	// Bounce: a mail of ours was not delivered, or not yet.
	Bounce bool
	// Bounces names the recipients of a bounce, or who complained.
	Bounces []Bounce
	// Complaint: a recipient, or a provider, reported a mail of ours.
	Complaint bool
	// Forwarded tells who wrote the mail that was passed on, as far as the
	// text says; anybody can write such text.
	Forwarded *Forwarded

	// PGP is "", "signed" or "encrypted"; SMIME likewise.
	PGP   string
	SMIME string
	// Signature is what an S/MIME signature proves, nil when there is none.
	Signature *Signature
	// Invitation is the appointment that the mail is about, nil when there is none.
	Invitation *Invitation
	// Trackers counts the invisible images that were taken out of HTML.
	Trackers int
	// Cut tells that a limit left something out that is now in no field and no
	// file: only the bytes of the mail have it.
	Cut bool

	// Hash is SHA-256 over From, To, Cc, Subject, Date and the decoded body
	// parts: equal for two deliveries of the same mail.
	Hash     [32]byte
	Warnings []string
}

// Options of Parse. The zero value is ready to use.
type Options struct {
	// Attachment is asked for a writer for each file before its first byte;
	// Parse closes it. nil, or a nil writer, counts the size and drops the
	// bytes. An error ends Parse with that error.
	Attachment func(Attachment) (io.WriteCloser, error)
	// Limits: zero fields take the defaults.
	Limits Limits
	// Roots are the authorities known for S/MIME, nil those of the computer.
	Roots *x509.CertPool
	// At is when certificates have to be valid; the mail's date when zero.
	At time.Time
}

// Limits bound what one mail may cost.
type Limits struct {
	Depth       int // nesting of multiparts and attached mails, 40
	Parts       int // parts of a mail, 2,000
	HeaderBytes int // header of a mail or part, 1 MiB
	HeaderLines int // fields of a header, 2,000
	TextBytes   int // decoded text or HTML of one body part, 1 MiB
	BodyBytes   int // all body parts together, 4 MiB
	Capture     int // containers opened in memory: TNEF, S/MIME, 16 MiB
}

func (l Limits) withDefaults() Limits {
	set := func(p *int, def int) {
		if *p <= 0 {
			*p = def
		}
	}
	set(&l.Depth, 40)
	set(&l.Parts, 2000)
	set(&l.HeaderBytes, 1<<20)
	set(&l.HeaderLines, 2000)
	set(&l.TextBytes, 1<<20)
	set(&l.BodyBytes, 4<<20)
	set(&l.Capture, 16<<20)
	return l
}

const maxWarnings = 50

// cut warns of something that only the bytes of the mail still have.
func (m *Message) cut(text string) {
	m.Cut = true
	m.warn(text)
}

func (m *Message) warn(text string) {
	if len(m.Warnings) >= maxWarnings {
		return
	}
	for _, w := range m.Warnings {
		if w == text {
			return
		}
	}
	m.Warnings = append(m.Warnings, text)
}
