package email

import (
	"context"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/mail/auth"
	"github.com/deskbell/deskbell/internal/mail/auth/domaincheck"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// domainTime bounds the check of all domains of an inbox.
const domainTime = 20 * time.Second

// DomainView is a domain of an inbox with what the DNS says about its mail.
type DomainView struct {
	Domain    string                `json:"domain"`
	Addresses []string              `json:"addresses" doc:"Addresses of the inbox in this domain"`
	Hosted    bool                  `json:"hosted" doc:"It belongs to a mailbox provider, which looks after its records itself"`
	Findings  []domaincheck.Finding `json:"findings"`
}

type domainsOutput struct{ Body web.Page[DomainView] }

func registerDomains(api *web.API, h *API) {
	web.Register(api, web.Op{Method: "GET", Path: "/inboxes/{id}/domains", Permission: string(access.InboxesManage), Tag: "Inboxes",
		Summary: "What the DNS says about mail of the inbox's domains",
		Text:    "Asks the DNS anew: SPF, DKIM and DMARC of the domain of each address, in words, with the record to add. Ten times a minute."}, h.domains)
}

func (h *API) domains(ctx context.Context, in *idInput) (*domainsOutput, error) {
	i, err := h.Inboxes.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if h.Resolver == nil {
		return nil, errs.New(errs.Unavailable, "No DNS can be asked here.")
	}
	if err := h.tests.Take(ctx, h.Now(), errs.Say("Domains can be checked ten times a minute. Wait a moment.")); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, domainTime)
	defer cancel()
	list := []DomainView{}
	for _, d := range domainsOf(i) {
		if err := h.look(ctx, i, &d); err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return &domainsOutput{web.PageOf(list, "")}, nil
}

// domainsOf lists the domains of the inbox's addresses, its own first.
func domainsOf(i *inbox.Inbox) (out []DomainView) {
	for _, a := range i.Addresses() {
		domain := auth.DomainOf(a)
		if domain == "" {
			continue
		}
		at := slices.IndexFunc(out, func(d DomainView) bool { return d.Domain == domain })
		if at < 0 {
			if len(out) == 20 {
				return out
			}
			out = append(out, DomainView{Domain: domain, Hosted: !signable(domain), Findings: []domaincheck.Finding{}})
			at = len(out) - 1
		}
		out[at].Addresses = append(out[at].Addresses, a)
	}
	return out
}

// look asks the DNS about one domain. A key is made at the first look, so that
// its record can be shown.
func (h *API) look(ctx context.Context, i *inbox.Inbox, d *DomainView) error {
	if d.Hosted {
		return nil
	}
	s := domaincheck.Setup{Domain: d.Domain, SendHost: i.SMTP.Host, ReportTo: d.Addresses[0]}
	if h.Signing != nil {
		_, key, err := h.Signing.ensure(ctx, d.Domain)
		if err != nil {
			return err
		}
		value, err := key.Record()
		if err != nil {
			return err
		}
		s.Key = &domaincheck.Record{Type: "TXT", Name: key.Name(), Value: value}
		if _, _, err := h.Signing.refresh(ctx, d.Domain); err != nil { // signing begins or ends with what is seen here
			return err
		}
	}
	d.Findings = domaincheck.Check(ctx, h.Resolver, s)
	return nil
}
