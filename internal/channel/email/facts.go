package email

import (
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/mail"
)

// facts are what the parser found out beyond the words.
func facts(m *mail.Message) conversation.Facts {
	f := conversation.Facts{PGPSigned: m.PGP == "signed", Trackers: m.Trackers, Signature: signatureOf(m.Signature), Invitation: invitationOf(m.Invitation)}
	switch {
	case m.SMIME == "encrypted":
		f.Encrypted = "smime"
	case m.PGP == "encrypted":
		f.Encrypted = "pgp"
	}
	if o := m.Forwarded; o != nil && strings.Contains(o.From.Address, "@") && !strings.EqualFold(o.From.Address, m.From.Address) {
		f.Forwarded = &conversation.Forwarded{From: conversation.Person{Name: o.From.Name, Address: o.From.Address}, Subject: clip(oneLine(o.Subject), maxSubject)}
	}
	return f
}

func maybe(t time.Time) *time.Time {
	if t.IsZero() || t.Year() < 1 || t.Year() > 9999 {
		return nil
	}
	return &t
}

func signatureOf(s *mail.Signature) *conversation.Signature {
	if s == nil {
		return nil
	}
	return &conversation.Signature{State: s.State, Signer: s.Signer, Issuer: s.Issuer, Addresses: append([]string{}, s.Addresses...), FromSigner: s.FromSigner,
		Chain: s.Chain, SignedAt: maybe(s.SignedAt), ValidUntil: maybe(s.ValidUntil)}
}

func invitationOf(i *mail.Invitation) *conversation.Invitation {
	if i == nil {
		return nil
	}
	out := &conversation.Invitation{Method: i.Method, Summary: i.Summary, Start: maybe(i.Start), End: maybe(i.End), AllDay: i.AllDay, Floating: i.Floating,
		Location: i.Location, Note: i.Note, Repeats: i.Repeats, Cancelled: i.Cancelled, Attendees: []conversation.Attendee{}}
	if i.Organizer != (mail.Attendee{}) {
		o := conversation.Attendee(i.Organizer)
		out.Organizer = &o
	}
	for _, a := range i.Attendees {
		out.Attendees = append(out.Attendees, conversation.Attendee(a))
	}
	return out
}

// otherReplyTo is where the sender wants answers to go, when that is somebody
// else than the customer and not ourselves.
func otherReplyTo(m *mail.Message, customer string, own addresses) *conversation.Person {
	for _, a := range m.ReplyTo {
		if _, _, _, ours := own.owner(a.Address); !ours && strings.Contains(a.Address, "@") && inbox.Fold(a.Address) != inbox.Fold(customer) {
			return &conversation.Person{Name: a.Name, Address: a.Address}
		}
	}
	return nil
}

// complaint is a recipient's report of spam about a mail of ours.
func complaint(m *mail.Message) *conversation.Complaint {
	if !m.Complaint || len(m.Bounces) == 0 {
		return nil
	}
	b := m.Bounces[0]
	return &conversation.Complaint{OriginalRFCID: strings.Trim(b.OriginalMessageID, "<> \t"), Recipient: b.Recipient}
}
