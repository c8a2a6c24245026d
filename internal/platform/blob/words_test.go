package blob

import (
	"context"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

func TestAFailureOfTheDiskIsSaidInWords(t *testing.T) {
	t.Parallel()
	s := &Store{place: "/var/blobs"}
	for cause, want := range map[error]string{
		syscall.ENOSPC:  "disk is full",
		syscall.EROFS:   "can only be read",
		syscall.EACCES:  "not allowed",
		syscall.ENOTDIR: "not a folder",
		syscall.EIO:     "failure",
		syscall.EBADF:   "does not answer",
	} {
		err := s.words(fmt.Errorf("store: %w", &os.PathError{Op: "write", Path: "x", Err: cause}))
		if got := errs.Sentence(err); !strings.Contains(got, want) || !strings.Contains(got, s.place) || !errs.Is(err, errs.Unavailable) {
			t.Errorf("%v: %q", cause, got)
		}
	}
	if err := s.words(context.Canceled); err != context.Canceled {
		t.Errorf("%v", err)
	}
}
