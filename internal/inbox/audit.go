package inbox

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// audited is what the audit log keeps of an inbox. Of passwords it says only
// that one was entered.
type audited struct {
	Brand              int64        `json:"brand_id"`
	Channel            string       `json:"channel"`
	Name               string       `json:"name"`
	Address            string       `json:"address"`
	Aliases            []string     `json:"aliases"`
	FromName           string       `json:"from_name"`
	FromStyle          string       `json:"from_style"`
	Signature          string       `json:"signature"`
	Footer             string       `json:"footer"`
	AfterReply         string       `json:"after_reply"`
	ReopenDays         int          `json:"reopen_days"`
	Languages          []string     `json:"languages"`
	DefaultAccess      access.Level `json:"default_access"`
	Members            []Member     `json:"members"`
	IMAP               IMAP         `json:"imap"`
	SMTP               Server       `json:"smtp"`
	TrustedAuthservIDs []string     `json:"trusted_authserv_ids"`
	ArchivedAt         *time.Time   `json:"archived_at"`
	IMAPPassword       bool         `json:"imap_password_entered"`
	SMTPPassword       bool         `json:"smtp_password_entered"`
}

func auditedOf(i *Inbox) *audited {
	imap := i.IMAP
	imap.AskedAt = time.Time{} // nobody changes it
	return &audited{
		Brand: i.Brand, Channel: i.Channel, Name: i.Name, Address: i.Address, Aliases: append([]string{}, i.Aliases...), FromName: i.FromName,
		FromStyle: i.FromStyle, Signature: i.Signature, Footer: i.Footer, AfterReply: i.AfterReply, ReopenDays: i.ReopenDays,
		Languages: i.Languages, DefaultAccess: i.DefaultAccess, Members: append([]Member{}, i.Members...), IMAP: imap, SMTP: i.SMTP,
		TrustedAuthservIDs: append([]string{}, i.TrustedAuthservIDs...), ArchivedAt: web.MaybeTime(i.ArchivedAt),
	}
}

func (s *Service) auditTx(ctx context.Context, tx *db.Tx, action string, before, after *Inbox, p Passwords) error {
	e := audit.Entry{Action: action, Subject: "inbox", ID: int64(after.ID), Name: after.Name}
	if before != nil {
		e.Before = auditedOf(before)
	}
	became := auditedOf(after)
	became.IMAPPassword, became.SMTPPassword = p.IMAP != nil && *p.IMAP != "", p.SMTP != nil && *p.SMTP != ""
	e.After = became
	return audit.RecordTx(ctx, tx, s.Now(), e)
}
