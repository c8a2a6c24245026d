package conversation

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// errBlocked refuses to hand out a file that may harm whoever opens it.
var errBlocked = errs.New(errs.Forbidden, "This file is a program or holds one, and could do harm when it is opened. Somebody who may change settings can release it.")

// open refuses a file that is blocked.
func (a Attachment) open() error {
	if a.Blocked != "" {
		return errBlocked
	}
	return nil
}

// ReleaseFile lets a blocked file be handed out to everybody who sees its
// conversation, and leaves a row in the audit log.
func (s *Service) ReleaseFile(ctx context.Context, id int64) (a Attachment, err error) {
	defer errs.Wrap(&err, "release file %d", id)
	if a, err = s.File(ctx, id); err != nil {
		return a, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		some, err := release(ctx, tx, id)
		if err != nil || !some {
			return err
		}
		return audit.RecordTx(ctx, tx, s.Now(), audit.Entry{Action: "attachment.released", Subject: "message", ID: a.Message, Name: a.Name,
			Before: map[string]any{"blocked": a.Blocked}})
	})
	a.Blocked = ""
	return a, err
}
