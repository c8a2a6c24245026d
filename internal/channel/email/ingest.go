package email

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/sender"
	"github.com/deskbell/deskbell/internal/text"
)

// parseTime bounds what one mail may cost; afterwards it is shown as a file.
const parseTime = 30 * time.Second

// understood is one mail after parsing, with the blobs made on the way.
type understood struct {
	conversation.Inbound
	blobs   []string
	fromUs  bool   // From is an address of ours
	proved  bool   // those whom we believe say that it is from the domain in From
	sent    bool   // one of us sent it, from a mail program
	content []byte // hash of From, To, Subject, Date and bodies
	err     error  // cannot be read now; the job is tried again
}

// reader is what parsing needs.
type reader struct {
	blobs *blob.Store
	own   addresses
	trust map[inbox.ID]believed
	book  *sender.Book // nil = there are no lists and rules
	now   func() time.Time
}

// newReader loads what parsing needs.
func newReader(ctx context.Context, d *db.DB, blobs *blob.Store, senders *sender.Service, now func() time.Time) (r *reader, err error) {
	r = &reader{blobs: blobs, now: now}
	if r.own, err = ownAddresses(ctx, d); err != nil {
		return nil, err
	}
	if r.trust, err = loadBelieved(ctx, d); err != nil {
		return nil, err
	}
	if senders != nil {
		r.book, err = senders.Book(ctx)
	}
	return r, err
}

// read makes a message out of a kept mail. A mail that no parser can make sense
// of becomes a message with the raw mail attached.
func (r *reader) read(ctx context.Context, in *inbound) (out understood) {
	m, files, err := r.parse(ctx, in)
	cut := err == nil && (m.Cut || files.over || len(m.Text) > conversation.MaxText || len(m.HTML) > conversation.MaxText)
	if cut && !holdsCard(m) {
		err = r.whole(ctx, in, files)
	}
	out.blobs = files.keys()
	if err == nil {
		out.Inbound, out.content = r.inbound(in, m, files.list), m.Hash[:]
		out.Facts.Cut = cut
		_, _, _, out.fromUs = r.own.owner(m.From.Address)
		out.proved = out.Verified || r.aligned(in, m)
		out.sent = in.envelope.Sent || in.envelope.Import && out.fromUs && out.From.Address == m.From.Address
		if out.sent {
			out.From, out.Automatic, out.Bounce = conversation.Person{Name: m.From.Name, Address: m.From.Address}, false, nil
		}
		return out
	}
	files.drop(ctx, r.blobs)
	out.blobs = nil
	var storing storeError
	if errors.As(err, &storing) || ctx.Err() != nil {
		out.err = err
		return out
	}
	return r.unreadable(ctx, in)
}

// whole attaches the mail as it came, because it has more than is shown of it.
func (r *reader) whole(ctx context.Context, in *inbound, files *files) error {
	raw, err := in.open(ctx, r.blobs)
	if err != nil {
		return storeError{err}
	}
	defer raw.Close()
	if err := files.copy(raw, "mail.eml", "message/rfc822"); err != nil {
		return storeError{err}
	}
	return nil
}

// holdsCard keeps a mail whose raw form is going to be sealed from being
// attached to itself; those who may open it find it in the menu of the message.
func holdsCard(m *mail.Message) bool {
	_, inText := text.MaskCards(m.Text)
	_, inSubject := text.MaskCards(m.Subject)
	return inText || inSubject
}

// parse never panics.
func (r *reader) parse(ctx context.Context, in *inbound) (m *mail.Message, files *files, err error) {
	files = newFiles(ctx, r.blobs)
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic while reading a mail: %v\n%s", p, debug.Stack())
		}
	}()
	raw, err := in.open(ctx, r.blobs)
	if err != nil {
		return nil, files, storeError{err}
	}
	defer raw.Close()
	bounded := &deadline{r: raw, now: r.now, until: r.now().Add(parseTime)}
	m, err = mail.Parse(bounded, mail.Options{Attachment: files.create, At: r.now()})
	if err == nil {
		err = bounded.failed
	}
	if err == nil {
		files.name(m.Attachments)
		err = files.judge()
	}
	return m, files, err
}

// storeError is a failure of ours, not of the mail.
type storeError struct{ error }

func (e storeError) Unwrap() error { return e.error }

var errTooSlow = errors.New("the mail took too long to read")

// deadline ends a parser that works too long, and remembers failures of the
// store that a parser would take for the end of a truncated mail.
type deadline struct {
	r      io.Reader
	now    func() time.Time
	until  time.Time
	failed error
}

func (d *deadline) Read(p []byte) (int, error) {
	if d.now().After(d.until) {
		d.failed = errTooSlow
		return 0, errTooSlow
	}
	n, err := d.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		d.failed = storeError{err}
	}
	return n, err
}

const maxSubject = 998

// inbound fills the form that every channel hands to conversations.
func (r *reader) inbound(in *inbound, m *mail.Message, files []conversation.NewAttachment) conversation.Inbound {
	h := hints(m, in.inbox, r.own, in.envelope.To)
	o := r.origin(m, in.envelope.From)
	if in.envelope.Rescued && o.spam != nil && o.spam.Reason == conversation.SpamServer {
		o.spam = nil // that is why it was there
	}
	out := conversation.Inbound{
		Inbox: int64(in.inbox), Channel: "email", LedgerID: in.ledgerID,
		From: o.customer, To: h.to, Cc: h.cc, ReplyTo: h.replyTo,
		At: in.at(), ReceivedAt: in.receivedAt,
		Subject: clip(oneLine(m.Subject), maxSubject), Text: m.ReplyText, HTML: m.ReplyHTML,
		RemoteImages: m.HasRemoteImages, SanitizerVersion: mail.SanitizerVersion, Attachments: files,
		RFCID: clip(m.MessageID, 998), ThreadIDs: h.threadIDs, Tokens: h.tokens, SubjectNumber: h.subjectNumber,
		SameHash:  sameHash(m),
		Automatic: o.automatic, Bounce: bounce(m), Complaint: complaint(m), History: in.envelope.History,
		Spam: o.spam, Allowed: o.allowed, Facts: facts(m),
	}
	r.doubts(in, m, &o, &out)
	if m.Full {
		out.Full, out.OriginalText, out.OriginalHTML = true, m.Text, m.HTML
	}
	if out.Text == "" && out.HTML == "" {
		out.Text, out.HTML = m.Text, m.HTML
	}
	return out
}

// doubts notes whether the sender is proved, and what speaks against them.
func (r *reader) doubts(in *inbound, m *mail.Message, o *origin, out *conversation.Inbound) {
	out.Verified = r.verified(in, m, out.From.Address)
	out.Facts.Rule, out.Facts.Spam, out.Facts.Rescued = o.rule, o.spam, in.envelope.Rescued
	results, believed := r.results(in, m)
	_, _, _, ours := r.own.owner(m.From.Address)
	out.Facts.Doubt = doubt(m, results, believed, out.Verified, ours, o.rule != nil)
	if o.rule == nil && !o.automatic {
		out.Facts.ReplyTo = otherReplyTo(m, out.From.Address, r.own)
	}
	if o.automatic {
		out.Facts.Forwarded = nil
	}
}

// sameHash is one value for Message-ID and content: only both together make
// two mails the same.
func sameHash(m *mail.Message) []byte {
	return hashOf([]byte(m.MessageID), m.Hash[:])
}

// at is when the customer's mail arrived: the mail server's date where it has
// one, because Date in the mail is whatever the sender's clock said.
func (in *inbound) at() time.Time {
	if d := instant(in.envelope.Date); !d.IsZero() && d.Before(in.receivedAt) {
		return d
	}
	return in.receivedAt
}

func bounce(m *mail.Message) *conversation.Bounce {
	if !m.Bounce || len(m.Bounces) == 0 {
		return nil
	}
	b := m.Bounces[0]
	for _, other := range m.Bounces[1:] {
		if !b.Hard && other.Hard {
			b = other
		}
	}
	return &conversation.Bounce{
		OriginalRFCID: strings.Trim(b.OriginalMessageID, "<> \t"), Recipient: b.Recipient, Status: b.Status,
		Action: b.Action, Reason: clip(oneLine(b.Reason), 1000), Hard: b.Hard,
	}
}

// unreadable keeps a mail in sight that no parser understands.
func (r *reader) unreadable(ctx context.Context, in *inbound) (out understood) {
	files := newFiles(ctx, r.blobs)
	raw, err := in.open(ctx, r.blobs)
	if err != nil {
		out.err = err
		return out
	}
	defer raw.Close()
	sum := sha256.New()
	if err := files.copy(io.TeeReader(raw, sum), "mail.eml", "message/rfc822"); err != nil {
		files.drop(ctx, r.blobs)
		out.err = err
		return out
	}
	out.blobs = files.keys()
	out.Inbound = conversation.Inbound{
		Inbox: int64(in.inbox), Channel: "email", LedgerID: in.ledgerID,
		From: conversation.Person{Address: in.envelope.From}, At: in.at(), ReceivedAt: in.receivedAt,
		Subject:     "A mail that could not be read",
		Text:        "This mail is damaged and could not be read. It is attached as it arrived.",
		Attachments: files.list, History: in.envelope.History,
		SameHash: hashOf([]byte("raw"), sum.Sum(nil)),
	}
	return out
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
