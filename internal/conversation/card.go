package conversation

import (
	"context"
	"slices"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/text"
)

// masker masks the card numbers in many texts and remembers whether there was one.
type masker struct{ found bool }

func (k *masker) text(all ...*string) {
	for _, p := range all {
		masked, found := text.MaskCards(*p)
		*p, k.found = masked, k.found || found
	}
}

func (k *masker) html(all ...*string) {
	for _, p := range all {
		masked, found := text.MaskCardsHTML(*p)
		*p, k.found = masked, k.found || found
	}
}

func (k *masker) people(list []Person) []Person {
	list = slices.Clone(list)
	for i := range list {
		k.text(&list[i].Name)
	}
	return list
}

func (k *masker) files(list []NewAttachment) []NewAttachment {
	list = slices.Clone(list)
	for i := range list {
		k.text(&list[i].Name)
	}
	return list
}

// facts masks what was found out beyond the words, where it holds words itself.
func (k *masker) facts(f *Facts) {
	if f.ReplyTo != nil {
		f.ReplyTo = &k.people([]Person{*f.ReplyTo})[0]
	}
	if f.Forwarded != nil {
		forwarded := *f.Forwarded
		k.text(&forwarded.Subject, &forwarded.From.Name)
		f.Forwarded = &forwarded
	}
	if f.Rule != nil {
		rule := *f.Rule
		k.text(&rule.From.Name)
		f.Rule = &rule
	}
	if f.Invitation != nil {
		invitation := *f.Invitation
		k.text(&invitation.Summary, &invitation.Location, &invitation.Note)
		invitation.Attendees = slices.Clone(invitation.Attendees)
		for i := range invitation.Attendees {
			k.text(&invitation.Attendees[i].Name)
		}
		f.Invitation = &invitation
	}
}

// maskInbound masks the card numbers in what came in, unless its inbox keeps
// them. It goes before everything else, so that no table, event or preview ever
// has one.
func (s *Service) maskInbound(ctx context.Context, q db.Queryer, in *Inbound) error {
	var k masker
	clean := *in
	k.text(&clean.Subject, &clean.Text, &clean.OriginalText, &clean.From.Name)
	k.html(&clean.HTML, &clean.OriginalHTML)
	clean.To, clean.Cc, clean.Attachments = k.people(in.To), k.people(in.Cc), k.files(in.Attachments)
	k.facts(&clean.Facts)
	if in.Bounce != nil {
		bounce := *in.Bounce
		k.text(&bounce.Reason)
		clean.Bounce = &bounce
	}
	if !k.found {
		return nil
	}
	settings, err := s.Inbox(ctx, q, in.Inbox)
	if err != nil || settings.KeepCards {
		return err
	}
	clean.Facts.CardMasked = true
	*in = clean
	return nil
}

// maskWritten masks the card numbers in what an agent writes in an inbox.
func (s *Service) maskWritten(ctx context.Context, q db.Queryer, inbox int64, words, html *string) (bool, error) {
	var k masker
	cleanText, cleanHTML := *words, *html
	k.text(&cleanText)
	k.html(&cleanHTML)
	if !k.found {
		return false, nil
	}
	settings, err := s.Inbox(ctx, q, inbox)
	if err != nil || settings.KeepCards {
		return false, err
	}
	*words, *html = cleanText, cleanHTML
	return true, nil
}

func (n *NewReply) mask() bool {
	var k masker
	k.text(&n.Text)
	k.html(&n.HTML)
	return k.found
}

func (n *NewConversation) mask() {
	var k masker
	k.text(&n.Subject, &n.Customer.Name)
}

// mask masks the card numbers in what is brought in from elsewhere.
func (h *History) mask() {
	var all masker
	all.text(&h.Subject, &h.Customer.Name)
	h.Messages = slices.Clone(h.Messages)
	for i := range h.Messages {
		var k masker
		m := &h.Messages[i]
		k.text(&m.Subject, &m.Text, &m.OriginalText, &m.From.Name)
		k.html(&m.HTML, &m.OriginalHTML)
		m.To, m.Cc, m.Attachments = k.people(m.To), k.people(m.Cc), k.files(m.Attachments)
		m.masked = k.found
	}
}

// noteMasked says on a message that was just written that it held a card number.
func noteMasked(ctx context.Context, tx *db.Tx, m *Message) error {
	m.Facts = &Facts{CardMasked: true}
	return saveFacts(ctx, tx, m.ID, m.Facts)
}
