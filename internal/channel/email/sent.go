package email

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/job"
)

const (
	// patienceForMail is how long an answer waits for the mail that it answers,
	// which may still be on its way through another folder.
	patienceForMail = 15 * time.Minute
	askAgain        = 20 * time.Second
)

// sentTx makes a message out of a mail that somebody sent from their mail
// program. One that answers nothing here is no business of ours.
func (g *Ingester) sentTx(ctx context.Context, tx *db.Tx, t *task) (nothing bool, err error) {
	in := t.read.Inbound
	got, err := g.Conversations.SentTx(ctx, tx, in)
	if errors.Is(err, conversation.ErrNoThread) {
		now := g.Now()
		if !in.History && len(in.ThreadIDs) > 0 && now.Sub(t.in.receivedAt) < patienceForMail {
			return true, job.Later{At: now.Add(askAgain), Why: errs.Say("The mail that it answers has not arrived yet.")}
		}
		err = g.Ledger.DropTx(ctx, tx, t.in.ledgerID, "sent elsewhere, answers nothing here", 0, 0)
		got.Repeat = true
	} else if err == nil && got.Repeat {
		err = g.Ledger.DropTx(ctx, tx, t.in.ledgerID, "repeat", got.Conversation, got.Message)
	}
	if err == nil {
		err = g.sealMaskedTx(ctx, tx, t, got)
	}
	if err != nil {
		return false, err
	}
	return got.Repeat, g.Queue.DoneTx(ctx, tx, t.job)
}

// contentOf is the hash by which a copy of a mail of ours is known again. It is
// only a help, so that a failure leaves it out.
func contentOf(ctx context.Context, blobs *blob.Store, s staged) []byte {
	raw, err := openPacked(ctx, blobs, s.packed, s.blobKey)
	if err != nil {
		return nil
	}
	defer raw.Close()
	m, err := mail.Parse(raw, mail.Options{Attachment: func(mail.Attachment) (io.WriteCloser, error) { return nil, nil }})
	if err != nil {
		return nil
	}
	return m.Hash[:]
}
