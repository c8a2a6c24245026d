package blob

import (
	"context"
	"errors"
	"io/fs"
	"syscall"

	"gocloud.dev/gcerrors"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

var notThere = errs.New(errs.NotFound, "This file is not there any more.")

// words says what is wrong with the store in a sentence for a person.
func (s *Store) words(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	say := func(text errs.Text) error { return errs.Said(errs.Unavailable, text).Because(err) }
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return say(errs.Say("The disk is full: nothing can be stored in %s. Make room; what could not be stored is tried again.", s.place))
	case errors.Is(err, syscall.EROFS):
		return say(errs.Say("%s is on a disk that can only be read. Make it writable; what could not be stored is tried again.", s.place))
	case errors.Is(err, fs.ErrPermission), gcerrors.Code(err) == gcerrors.PermissionDenied:
		return say(errs.Say("Deskbell is not allowed to keep attachments in %s. Give it the right to read and write there.", s.place))
	case errors.Is(err, syscall.ENOTDIR):
		return say(errs.Say("%s, where attachments are kept, is not a folder.", s.place))
	case errors.Is(err, syscall.EIO):
		return say(errs.Say("The disk under %s reports a failure. Check it now.", s.place))
	case gcerrors.Code(err) == gcerrors.NotFound:
		return errs.Said(errs.NotFound, notThere.Text).Because(err)
	}
	return say(errs.Say("%s, where attachments are kept, does not answer as it should.", s.place))
}
