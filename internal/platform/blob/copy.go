package blob

import (
	"context"
	"io"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Copy makes a second blob with the bytes of one and returns its key.
func (s *Store) Copy(ctx context.Context, key string) (_ string, err error) {
	defer errs.Wrap(&err, "copy a blob")
	from, _, err := s.Open(ctx, key)
	if err != nil {
		return "", err
	}
	defer from.Close()
	to, err := s.Create(ctx)
	if err != nil {
		return "", err
	}
	if _, err := io.Copy(to, from); err != nil {
		to.Abort()
		return "", err
	}
	return to.Key(), to.Commit()
}
