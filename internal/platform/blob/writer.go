package blob

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"gocloud.dev/blob"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Writer streams one new blob. It exists after [Writer.Commit], never before.
type Writer struct {
	store  *Store
	key    string
	w      *blob.Writer
	cancel context.CancelFunc
	file   *os.File // of a file store
	size   int64
	failed error
	ended  bool
}

// Create begins a new blob. The context holds until Commit. Call [Writer.Abort]
// deferred: after Commit it does nothing.
func (s *Store) Create(ctx context.Context) (_ *Writer, err error) {
	defer errs.Wrap(&err, "create blob")
	ctx, cancel := context.WithCancel(ctx)
	w := &Writer{store: s, key: s.newKey(), cancel: cancel}
	w.w, err = s.bucket.NewWriter(ctx, w.key, &blob.WriterOptions{
		ContentType: "application/octet-stream", // what it is, its row knows
		BeforeWrite: func(as func(any) bool) error {
			if as(&w.file) {
				return w.file.Chmod(0o600)
			}
			return nil
		},
	})
	if err != nil {
		cancel()
		return nil, s.words(err)
	}
	return w, nil
}

// Key is the blob's name, for its row.
func (w *Writer) Key() string { return w.key }

// Size is the number of bytes written so far.
func (w *Writer) Size() int64 { return w.size }

func (w *Writer) Write(p []byte) (int, error) {
	n, err := w.w.Write(p)
	w.size += int64(n)
	if err != nil {
		err = w.store.words(err)
		w.failed = err
	}
	return n, err
}

// Commit makes the blob exist and returns when it would survive a power loss.
func (w *Writer) Commit() (err error) {
	defer errs.Wrap(&err, "store blob %s", w.key)
	if w.ended {
		return errors.New("the writer has ended")
	}
	if w.failed != nil {
		w.Abort()
		return w.failed
	}
	// Before the rename: a name must never stand for bytes that are not there.
	if w.file != nil {
		if err := w.file.Sync(); err != nil {
			w.Abort()
			return w.store.words(err)
		}
	}
	w.ended = true
	defer w.cancel()
	if err := w.w.Close(); err != nil {
		return w.store.words(err)
	}
	return w.store.syncFolders(w.key)
}

// Abort gives the blob up. After Commit or Abort it does nothing.
func (w *Writer) Abort() {
	if w.ended {
		return
	}
	w.ended = true
	w.cancel() // the driver throws away what was written
	_ = w.w.Close()
}

// syncFolders brings the new name to the disk, and at the first blob of a day
// the name of the day's folder.
func (s *Store) syncFolders(key string) error {
	if s.dir == "" {
		return nil
	}
	date := filepath.Dir(key)
	if err := syncDir(filepath.Join(s.dir, date)); err != nil {
		return s.words(err)
	}
	s.mu.Lock()
	done := s.synced == date
	s.mu.Unlock()
	if done {
		return nil
	}
	if err := syncDir(s.dir); err != nil {
		return s.words(err)
	}
	s.mu.Lock()
	s.synced = date
	s.mu.Unlock()
	return nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
