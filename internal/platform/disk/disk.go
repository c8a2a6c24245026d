// Package disk tells how much room a folder has left.
package disk

import (
	"fmt"
	"syscall"
)

// Space of the file system that holds a folder, in bytes.
type Space struct {
	Free  uint64 // what this process may still write
	Total uint64
}

// Of asks for the space of the folder.
func Of(dir string) (Space, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return Space{}, fmt.Errorf("ask for the free space of %s: %w", dir, err)
	}
	size := uint64(s.Bsize) //nolint:unconvert // its type differs between systems
	return Space{Free: s.Bavail * size, Total: s.Blocks * size}, nil
}

// Low tells that less than two per cent are left. File systems that name no
// size are never low.
func (s Space) Low() bool { return s.Total > 0 && s.Free < s.Total/50 }

// Low tells that the folder has less than two per cent left; false when it
// cannot be told.
func Low(dir string) bool {
	s, err := Of(dir)
	return err == nil && s.Low()
}
