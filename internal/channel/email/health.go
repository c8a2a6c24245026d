package email

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Health says how an inbox receives and sends.
type Health struct {
	State         string // receiving, idle (nothing is fetched here), error, off (archived)
	LastSuccessAt time.Time
	Backlog       int64 // mails seen on the server and not kept yet
	LastError     string
	LastErrorAt   time.Time
	Sending       SendingHealth
}

// SendingHealth says how an inbox sends.
type SendingHealth struct {
	LastSuccessAt time.Time
	LastError     string
	LastErrorAt   time.Time
	Queued        int64
}

// silence is how long a mailbox may not be read before that is an error by itself.
const silence = 20 * time.Minute

// ReadHealth reads what watchers and sender noted.
func ReadHealth(ctx context.Context, d *db.DB, i *inbox.Inbox, now time.Time) (h Health, err error) {
	defer errs.Wrap(&err, "read the health of inbox %d", i.ID)
	h.State = "idle"
	if i.Archived() {
		h.State = "off"
	} else if i.IMAP.Set() {
		boxes, err := mailboxesOf(ctx, d, i.ID)
		if err != nil {
			return h, err
		}
		h.receiving(i, boxes, now)
	}
	sent, err := loadSendingHealth(ctx, d, i.ID)
	if err != nil {
		return h, err
	}
	h.Sending = SendingHealth{LastSuccessAt: instant(sent.LastSuccessAt), LastError: sent.LastError, LastErrorAt: instant(sent.LastErrorAt)}
	h.Sending.Queued, err = countUnsent(ctx, d, i.ID)
	return h, err
}

var unread = errs.Say("This mailbox has not been read for a while. Is the program that reads it running?")

// receiving takes the worst of the folders.
func (h *Health) receiving(i *inbox.Inbox, boxes []*mailbox, now time.Time) {
	watched := map[string]bool{}
	for _, f := range i.IMAP.Folders {
		watched[f] = true
	}
	for _, b := range boxes {
		if !watched[b.folder] {
			continue
		}
		h.Backlog += b.backlog
		if !b.lastSuccessAt.IsZero() && (h.LastSuccessAt.IsZero() || b.lastSuccessAt.Before(h.LastSuccessAt)) {
			h.LastSuccessAt = b.lastSuccessAt
		}
		if b.lastError != "" && b.lastErrorAt.After(h.LastErrorAt) {
			h.LastError, h.LastErrorAt = b.lastError, b.lastErrorAt
		}
	}
	switch {
	case h.LastError != "":
		h.State = "error"
	case h.LastSuccessAt.IsZero():
	case now.Sub(h.LastSuccessAt) > silence:
		h.State, h.LastError, h.LastErrorAt = "error", unread.String(), h.LastSuccessAt.Add(silence)
	default:
		h.State = "receiving"
	}
}
