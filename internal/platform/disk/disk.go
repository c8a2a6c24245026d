// Package disk tells how much room a folder has left.
package disk

import (
	"fmt"
	"syscall"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Space of the file system that holds a folder, in bytes.
type Space struct {
	Free     uint64 // what this process may still write
	Total    uint64
	ReadOnly bool
}

// readOnly is ST_RDONLY of statvfs(3).
const readOnly = 1

// Of asks for the space of the folder.
func Of(dir string) (Space, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return Space{}, fmt.Errorf("ask for the free space of %s: %w", dir, err)
	}
	size := uint64(s.Bsize) //nolint:unconvert // its type differs between systems
	return Space{Free: s.Bavail * size, Total: s.Blocks * size, ReadOnly: s.Flags&readOnly != 0}, nil
}

// Same tells that two folders are on one file system; false when it cannot be told.
func Same(a, b string) bool {
	var x, y syscall.Stat_t
	return syscall.Stat(a, &x) == nil && syscall.Stat(b, &y) == nil && x.Dev == y.Dev
}

// Low tells that less than two per cent are left. File systems that name no
// size are never low.
func (s Space) Low() bool { return s.Total > 0 && s.Free < s.Total/50 }

// Room says in words why nothing more should be written to these folders: one of
// them is on a disk that is almost full or can only be read. Empty names are
// passed over, and so are folders of which it cannot be told.
func Room(dirs ...string) error {
	for _, dir := range dirs {
		if dir == "" {
			continue
		}
		s, err := Of(dir)
		switch {
		case err != nil:
		case s.ReadOnly:
			return later(errs.New(errs.Unavailable, "The disk of this server can only be read, so nothing is taken in for now. It goes on by itself when the disk can be written again."))
		case s.Low():
			return later(errs.New(errs.Unavailable, "The disk of this server is almost full, so nothing is taken in for now. It goes on by itself when there is room."))
		}
	}
	return nil
}

// later says when to try again.
func later(e *errs.Error) error {
	e.RetryAfter = 60
	return e
}
