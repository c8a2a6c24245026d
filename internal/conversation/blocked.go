package conversation

import (
	"context"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Why a file is refused.
var (
	errBlocked     = errs.New(errs.Forbidden, "This file is a program or holds one, and could do harm when it is opened. Somebody who may change settings can release it.")
	errCardFile    = errs.New(errs.Forbidden, "This file holds a card number. Only people who manage inboxes may open it, and each look is noted.")
	errMalware     = errs.New(errs.Forbidden, "The virus scanner found something in this file. Somebody who may change settings can release it.")
	errUnchecked   = errs.New(errs.Unavailable, "The virus scanner has not checked this file yet. Try again in a moment.")
	errCardDeleted = errs.New(errs.NotFound, "This file held a card number, so it was deleted after 7 days. The message itself stays.")
)

// refused says why a file is not handed out, nil = it is.
func (a Attachment) refused() error {
	switch a.heldBack() {
	case "":
		return nil
	case BlockedUnchecked:
		return errUnchecked
	case BlockedMalware:
		return errMalware
	case BlockedCard:
		return errCardFile
	case BlockedCardDeleted:
		return errCardDeleted
	}
	return errBlocked
}

// open refuses a file that is blocked. One that holds a card number is opened for
// those who manage inboxes, and it is noted that they did.
func (s *Service) open(ctx context.Context, a Attachment) error {
	if a.Blocked != BlockedCard {
		return a.refused()
	}
	if a.Unchecked {
		return errUnchecked
	}
	if s.expired(a) {
		held, err := s.fileHeld(ctx, a)
		if err != nil || !held {
			return orDeleted(err)
		}
	}
	if !access.From(ctx).May(access.InboxesManage) {
		return errCardFile
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		return audit.RecordTx(ctx, tx, s.Now(), audit.Entry{Action: "attachment.unsealed", Subject: "message", ID: a.Message, Name: a.Name})
	})
}

func orDeleted(err error) error {
	if err == nil {
		return errCardDeleted
	}
	return err
}

// ReleaseFile lets a blocked file be handed out to everybody who sees its
// conversation, and leaves a row in the audit log.
func (s *Service) ReleaseFile(ctx context.Context, id int64) (a Attachment, err error) {
	defer errs.Wrap(&err, "release file %d", id)
	if a, err = s.File(ctx, id); err != nil {
		return a, err
	}
	if a.Blocked == BlockedCardDeleted {
		return a, errCardDeleted
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		some, err := release(ctx, tx, id)
		if err != nil || !some {
			return err
		}
		return audit.RecordTx(ctx, tx, s.Now(), audit.Entry{Action: "attachment.released", Subject: "message", ID: a.Message, Name: a.Name,
			Before: map[string]any{"blocked": a.heldBack()}})
	})
	a.Blocked, a.Unchecked = "", false
	return a, err
}
