package inbox

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
)

// audited is what the audit log keeps of an inbox: what an admin is shown, but
// for what changes by itself. Of passwords it says only that one was entered.
type audited struct {
	View
	ID           *ID        `json:"id,omitempty"`
	CreatedAt    *time.Time `json:"created_at,omitempty"`
	Version      *int64     `json:"version,omitempty"`
	IMAPPassword bool       `json:"imap_password_entered"`
	SMTPPassword bool       `json:"smtp_password_entered"`
}

func auditedOf(i *Inbox) *audited { return &audited{View: view(i, access.System)} }

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
