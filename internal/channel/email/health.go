package email

import (
	"context"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/channel/email/consent"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Health says how an inbox receives and sends.
type Health struct {
	State         string // receiving, idle (nothing is fetched here), quiet (less than usual), error, off (archived)
	LastSuccessAt time.Time
	Backlog       int64 // mails seen on the server and not kept yet
	LastError     string
	LastErrorAt   time.Time
	Sending       SendingHealth
	Consent       *consent.View // nil = it signs in with a password
	Folders       []FolderHealth
	// LastMailAt is when the newest mail was fetched, UsualPause the longest time
	// without one in two weeks, 0 = not known yet.
	LastMailAt time.Time
	UsualPause time.Duration
}

// FolderHealth says how one folder is read.
type FolderHealth struct {
	Name          string
	Sent          bool // it holds what people sent from their mail program
	Junk          bool // it holds what the provider took for spam
	Idle          bool // new mail is told at once
	LastSuccessAt time.Time
	Backlog       int64
	LastError     string
	LastErrorAt   time.Time
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
	if err := h.beating(ctx, d, i, now); err != nil {
		return h, err
	}
	if err := h.consented(ctx, d, i); err != nil {
		return h, err
	}
	sent, err := loadSendingHealth(ctx, d, i.ID)
	if err != nil {
		return h, err
	}
	h.Sending = SendingHealth{LastSuccessAt: instant(sent.LastSuccessAt), LastError: sent.LastError, LastErrorAt: instant(sent.LastErrorAt)}
	h.Sending.Queued, err = countUnsent(ctx, d, i.ID)
	return h, err
}

// beating tells when mail stays away for longer than usual.
func (h *Health) beating(ctx context.Context, d *db.DB, i *inbox.Inbox, now time.Time) (err error) {
	if h.State != "receiving" {
		return nil
	}
	p, err := loadPulse(ctx, d, i.ID)
	if err != nil {
		return err
	}
	if h.LastMailAt, err = lastFetched(ctx, d, i.ID); err != nil {
		return err
	}
	h.UsualPause = time.Duration(p.Usual) * time.Millisecond
	if tooQuiet(h.UsualPause, h.LastMailAt, now) {
		h.State = "quiet"
	}
	return nil
}

// consented puts a consent that is missing or was taken back above all else.
func (h *Health) consented(ctx context.Context, d *db.DB, i *inbox.Inbox) error {
	c, err := consent.Read(ctx, d, i.ID)
	if err != nil {
		return err
	}
	h.Consent = consent.ViewOf(ctx, i, c)
	if h.Consent == nil || h.Consent.State == consent.Given || i.Archived() {
		return nil
	}
	why := consent.Lost(h.Consent.Provider, c.State)
	h.State, h.LastError = "error", why.Text.String()
	if !c.RevokedAt.IsZero() {
		h.LastErrorAt = c.RevokedAt
	}
	return nil
}

var unread = errs.Say("This mailbox has not been read for a while. Is the program that reads it running?")

// receiving takes the worst of the folders.
func (h *Health) receiving(i *inbox.Inbox, boxes []*mailbox, now time.Time) {
	read := foldersOf(i)
	for _, b := range boxes {
		if !slices.Contains(read, b.folder) {
			continue
		}
		h.Folders = append(h.Folders, FolderHealth{Name: b.folder, Sent: b.folder == sentMail, Junk: b.folder == junkMail, Idle: b.idle, LastSuccessAt: b.lastSuccessAt,
			Backlog: b.backlog, LastError: b.lastError, LastErrorAt: b.lastErrorAt})
		if b.folder == junkMail {
			continue // mail comes in without it
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
