package email

import (
	"context"
	"io"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// sealedFor is how long the raw form of a mail is kept that held a card number:
// long enough to look after a mistake, and not for ever.
const sealedFor = conversation.SealedFor

// sealed is the raw form of a mail that few may open.
type sealed struct {
	until   time.Time
	removed bool
}

// sealMaskedTx seals the mail of a task when a card number in it was masked, or
// when it is the same as one that is sealed.
func (g *Ingester) sealMaskedTx(ctx context.Context, tx *db.Tx, t *task, got conversation.Received) error {
	if !got.Masked {
		if got.Repeat && got.Message != 0 {
			return sealLike(ctx, tx, t.in.ledgerID, got.Message, g.Now().Add(sealedFor))
		}
		return nil
	}
	return insertSeal(ctx, tx, t.in.ledgerID, g.Now().Add(sealedFor))
}

var (
	errUnsealed = errs.New(errs.NotFound, "This mail held a card number, so its raw form was deleted after 7 days. The message itself stays.")
	errSealed   = errs.New(errs.Forbidden, "This mail held a card number. Only people who manage inboxes may open its raw form, and each look is noted.")
)

// unseal lets those who manage inboxes open the raw form of a mail that held a
// card number, and notes that they did. Other mail is open to all who see it.
func (h *API) unseal(ctx context.Context, m conversation.Message) error {
	s, ok, err := findSeal(ctx, h.DB, m.LedgerID)
	if err != nil || !ok {
		return err
	}
	if s.removed {
		return errUnsealed
	}
	if !h.Now().Before(s.until) { // a legal hold keeps it beyond its time
		if stays, err := held(ctx, h.DB, m.Conversation); err != nil || !stays {
			return orUnsealed(err)
		}
	}
	if !access.From(ctx).May(access.InboxesManage) {
		return errSealed
	}
	return h.DB.Write(ctx, func(tx *db.Tx) error {
		return audit.RecordTx(ctx, tx, h.Now(), audit.Entry{Action: "message.unsealed", Subject: "message", ID: m.ID, Name: m.Subject})
	})
}

func orUnsealed(err error) error {
	if err == nil {
		return errUnsealed
	}
	return err
}

// SealTx seals the mails of these ledger rows, those that came and those that
// were sent, as a card number was found in what they carry.
func (c *Channel) SealTx(ctx context.Context, tx *db.Tx, ledger []int64) (err error) {
	defer errs.Wrap(&err, "seal mail")
	for _, id := range ledger {
		if err := insertSeal(ctx, tx, id, c.cfg.Now().Add(sealedFor)); err != nil {
			return err
		}
	}
	return nil
}

const removedTogether = 200

// RemoveSealed deletes the raw form of mails that held a card number when their
// time is over, and reports how many there were. What is under a legal hold stays.
func (c *Channel) RemoveSealed(ctx context.Context) (n int, err error) {
	defer errs.Wrap(&err, "remove sealed mail")
	for {
		ledger, blobs, err := c.removeSome(ctx)
		if err != nil {
			return n, err
		}
		deleteBlobs(ctx, c.cfg.Blobs, blobs) // after the commit; what is left over is swept
		if n += len(ledger); len(ledger) < removedTogether {
			return n, nil
		}
	}
}

func (c *Channel) removeSome(ctx context.Context) (ledger []int64, blobs []string, err error) {
	err = c.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		if ledger, blobs, err = dueSeals(ctx, tx, c.cfg.Now(), removedTogether); err != nil || len(ledger) == 0 {
			return err
		}
		if err := forget(ctx, tx, ledger); err != nil {
			return err
		}
		if err := emptySent(ctx, tx, ledger); err != nil {
			return err
		}
		return endSeals(ctx, tx, ledger)
	})
	return ledger, blobs, err
}

// OpenUnsealed opens the mail behind a message; nil where there is none or where
// it held a card number. It looks at no permissions.
func (c *Channel) OpenUnsealed(ctx context.Context, m conversation.Message) (io.ReadCloser, error) {
	if m.LedgerID != 0 {
		if _, isSealed, err := findSeal(ctx, c.cfg.DB, m.LedgerID); err != nil || isSealed {
			return nil, err
		}
	}
	raw, err := c.API.openMessage(ctx, m)
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Conflict) {
		return nil, nil
	}
	return raw, err
}
