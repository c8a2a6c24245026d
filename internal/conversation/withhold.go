package conversation

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// SealedFor is how long a file is kept that holds a card number, as the raw form
// of such a mail: long enough to look after a mistake, and not for ever.
const SealedFor = 7 * 24 * time.Hour

// WithholdTx keeps the files of a message from being handed out, as a card number
// was found in them. It reports false where the inbox keeps card numbers. Released
// files are not found again, because files are read once.
func (s *Service) WithholdTx(ctx context.Context, tx *db.Tx, message int64, files []int64) (_ bool, err error) {
	defer errs.Wrap(&err, "withhold files of message %d", message)
	m, err := findMessage(ctx, tx, message, "")
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	c, err := find(ctx, tx, m.Conversation, tx.Dialect.ForUpdate())
	if err != nil {
		return false, err
	}
	settings, err := s.Inbox(ctx, tx, c.Inbox)
	if err != nil || settings.KeepCards {
		return false, err
	}
	for _, id := range files {
		a, err := findAttachment(ctx, tx, id)
		if err != nil {
			return false, err
		}
		some, err := withhold(ctx, tx, id, message, s.Now().Add(SealedFor))
		if err != nil {
			return false, err
		}
		if !some {
			continue // it is blocked already
		}
		err = audit.RecordTx(ctx, tx, s.Now(), audit.Entry{Action: "attachment.withheld", Subject: "message", ID: message, Name: a.Name})
		if err != nil {
			return false, err
		}
	}
	return true, s.publish(ctx, tx, Updated, &c, "system", 0, Fact{Version: c.Version, Changed: []string{"attachments"}})
}

// expired tells whether the time is over in which a file with a card number can
// be opened.
func (s *Service) expired(a Attachment) bool {
	return !a.WithheldUntil.IsZero() && !s.Now().Before(a.WithheldUntil)
}

// fileHeld tells whether a hold keeps a file that would be deleted otherwise.
func (s *Service) fileHeld(ctx context.Context, a Attachment) (bool, error) {
	if a.Message == 0 {
		return false, nil
	}
	m, err := findMessage(ctx, s.DB, a.Message, "")
	if err != nil {
		return false, err
	}
	return held(ctx, s.DB, m.Conversation)
}

// RemoveSealed deletes up to limit files that held a card number when their time
// is over, and names their blobs, which the caller deletes after that. What is
// under a legal hold stays, and so does what has not left yet.
func (s *Service) RemoveSealed(ctx context.Context, limit int) (blobs []string, err error) {
	defer errs.Wrap(&err, "remove files with card numbers")
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		due, err := sealedFiles(ctx, tx, s.Now(), limit)
		if err != nil {
			return err
		}
		for _, a := range due {
			if err := emptyFile(ctx, tx, a.ID); err != nil {
				return err
			}
			blobs = append(blobs, a.BlobKey)
		}
		return nil
	})
	return blobs, err
}
