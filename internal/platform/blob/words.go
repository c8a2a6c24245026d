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
	say := func(format string) error { return errs.Newf(errs.Unavailable, format, s.place).Because(err) }
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return say("The disk is full: nothing can be stored in the %s. Make room; what could not be stored is tried again.")
	case errors.Is(err, syscall.EROFS):
		return say("The %s is on a disk that can only be read. Make it writable; what could not be stored is tried again.")
	case errors.Is(err, fs.ErrPermission), gcerrors.Code(err) == gcerrors.PermissionDenied:
		return say("Deskbell is not allowed to use the %s for attachments. Give it the right to read and write there.")
	case errors.Is(err, syscall.ENOTDIR):
		return say("The %s for attachments is not a folder.")
	case errors.Is(err, syscall.EIO):
		return say("The disk under the %s reports a failure. Check it now.")
	case gcerrors.Code(err) == gcerrors.NotFound:
		return errs.New(errs.NotFound, notThere.Sentence).Because(err)
	}
	return say("The %s for attachments does not answer as it should.")
}
