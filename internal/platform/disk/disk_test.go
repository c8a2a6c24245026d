package disk_test

import (
	"path/filepath"
	"testing"

	"github.com/deskbell/deskbell/internal/platform/disk"
)

func TestLowIsUnderTwoPerCent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		free, total uint64
		low         bool
	}{{20, 1000, false}, {19, 1000, true}, {0, 1000, true}, {0, 0, false}} {
		if got := (disk.Space{Free: c.free, Total: c.total}).Low(); got != c.low {
			t.Errorf("%d of %d: low = %v", c.free, c.total, got)
		}
	}
}

func TestSpaceOfAFolder(t *testing.T) {
	t.Parallel()
	s, err := disk.Of(t.TempDir())
	if err != nil || s.Total == 0 || s.Free > s.Total {
		t.Fatalf("%+v, %v", s, err)
	}
	missing := filepath.Join(t.TempDir(), "none")
	if _, err := disk.Of(missing); err == nil || disk.Room(missing, "", t.TempDir()) != nil {
		t.Fatalf("a missing folder: %v", err)
	}
}
