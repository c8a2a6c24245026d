package conversation

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Purged names what belonged to a conversation that was deleted.
type Purged struct {
	Conversation int64
	Messages     []int64
	Ledgers      []int64 // of its inbound mails
}

// PurgeSpam deletes conversations that have lain in spam since before the
// moment without anything happening in them, at most limit, and reports how
// many. Their rows in the ledger stay; their files are swept later.
func (s *Service) PurgeSpam(ctx context.Context, before time.Time, limit int) (n int, err error) {
	defer errs.Wrap(&err, "delete old spam")
	return s.purge(ctx, Spam, before, limit)
}

// PurgeTrash is [Service.PurgeSpam] of what was thrown away.
func (s *Service) PurgeTrash(ctx context.Context, before time.Time, limit int) (n int, err error) {
	defer errs.Wrap(&err, "delete old trash")
	return s.purge(ctx, Trash, before, limit)
}

func (s *Service) purge(ctx context.Context, status Status, before time.Time, limit int) (n int, err error) {
	old, err := oldOf(ctx, s.DB, status, before, limit)
	if err != nil {
		return 0, err
	}
	for _, id := range old {
		gone := false
		err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
			gone, err = s.purgeTx(ctx, tx, id, status, before)
			return err
		})
		if err != nil {
			return n, err
		}
		if gone {
			n++
		}
	}
	return n, nil
}

// purgeTx looks again under the lock: somebody may have saved it meanwhile.
func (s *Service) purgeTx(ctx context.Context, tx *db.Tx, id int64, status Status, before time.Time) (bool, error) {
	c, err := find(ctx, tx, id, tx.Dialect.ForUpdate())
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	if err != nil || c.Status != status || !c.LastActivityAt.Before(before) {
		return false, err
	}
	if stays, err := held(ctx, tx, id); err != nil || stays {
		return false, err
	}
	p := Purged{Conversation: id}
	if p.Messages, p.Ledgers, err = partsOf(ctx, tx, id); err != nil {
		return false, err
	}
	if s.Purged != nil {
		if err := s.Purged(ctx, tx, p); err != nil {
			return false, err
		}
	}
	if err := deleteConversation(ctx, tx, id); err != nil {
		return false, err
	}
	c.countCell(tx, -1)
	return true, s.publish(ctx, tx, Deleted, &c, "system", 0, Fact{})
}
