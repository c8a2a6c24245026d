package notice

import (
	"context"
	"strings"

	"github.com/deskbell/deskbell/internal/channel/email"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/job"
)

// Post sends a mail to one of our people at once. It fills in From, and the
// domain of those ids that have none.
func (s *Service) Post(ctx context.Context, m mail.Outgoing) (err error) {
	defer errs.Wrap(&err, "send a mail of the installation")
	set, sealed, err := load(ctx, s.DB, "")
	if err != nil {
		return err
	}
	if !set.Set() {
		return job.Final{Err: errNone}
	}
	from, err := s.account(ctx, set, sealed, nil)
	if err != nil {
		return s.noted(ctx, err)
	}
	m.From = mail.Address{Name: from.name, Address: from.address}
	domain := from.address[strings.LastIndexByte(from.address, '@'):]
	for _, id := range []*string{&m.MessageID, &m.InReplyTo} {
		*id = withDomain(*id, domain)
	}
	for i := range m.References {
		m.References[i] = withDomain(m.References[i], domain)
	}
	raw, err := mail.Compose(m)
	if err != nil {
		return job.Final{Err: err}
	}
	if raw, err = s.Signing.SignBytes(ctx, from.address, raw); err != nil {
		return err
	}
	if err := s.Dialer.Send(ctx, from.via, email.Post{From: from.address, To: m.To[0].Address, Raw: raw}); err != nil {
		return s.noted(ctx, err)
	}
	return s.DB.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error { return setHealth(ctx, tx, s.Now(), "") })
}

func withDomain(id, domain string) string {
	if id == "" || strings.Contains(id, "@") {
		return id
	}
	return id + domain
}
