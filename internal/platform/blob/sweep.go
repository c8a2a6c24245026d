package blob

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// SweepAge is how long a blob may be without a row: the row is written after
// the blob, by a program that may have been killed in between.
const SweepAge = 24 * time.Hour

// Owned tells which of the keys have a row.
type Owned func(ctx context.Context, keys []string) (map[string]bool, error)

// sweepGroup is how many keys are looked up at once.
const sweepGroup = 200

// Sweep deletes blobs older than [SweepAge] that no row owns and reports how
// many.
func (s *Store) Sweep(ctx context.Context, now time.Time, owned Owned) (deleted int, err error) {
	defer errs.Wrap(&err, "sweep blobs")
	var group []string
	flush := func() error {
		n, err := s.sweepGroup(ctx, group, owned)
		deleted += n
		group = group[:0]
		return err
	}
	err = s.Walk(ctx, func(i Item) error {
		if now.Sub(i.Modified) < SweepAge {
			return nil
		}
		if group = append(group, i.Key); len(group) < sweepGroup {
			return nil
		}
		return flush()
	})
	if err != nil {
		return deleted, err
	}
	return deleted, flush()
}

func (s *Store) sweepGroup(ctx context.Context, keys []string, owned Owned) (deleted int, err error) {
	if len(keys) == 0 {
		return 0, nil
	}
	have, err := owned(ctx, keys)
	if err != nil {
		return 0, err
	}
	for _, key := range keys {
		if have[key] {
			continue
		}
		if err := s.Delete(ctx, key); err != nil {
			return deleted, err
		}
		deleted++
	}
	return deleted, nil
}
