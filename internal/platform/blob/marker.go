package blob

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"path/filepath"
	"strings"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

const (
	markerKey     = "deskbell-store"
	markerSetting = "blob_store"
	// making stands before the marker in the setting until the marker is in the
	// store, so that a first start that was interrupted is finished by the next.
	making = "making "
)

// Check compares the marker of the store with the database; the first start
// writes both. It refuses, in words, when they do not belong together.
func (s *Store) Check(ctx context.Context, d *db.DB) (err error) {
	defer errs.Wrap(&err, "check the blob store")
	want, err := s.wanted(ctx, d)
	if err != nil {
		return err
	}
	id, first := strings.CutPrefix(want, making)
	have, err := s.marker(ctx)
	if err != nil || have == id {
		return err
	}
	if !first && have == "" {
		return errs.Newf(errs.Unavailable, "%s does not hold the attachments of this database. If it is a disk, is it mounted? Otherwise correct --blob-url.", s.place)
	}
	if !first {
		return errs.Newf(errs.Unavailable, "%s belongs to another database. Correct --blob-url or --database-url.", s.place)
	}
	if err := s.refuseUsed(ctx); err != nil {
		return err
	}
	if err := s.mark(ctx, id); err != nil {
		return err
	}
	return d.Write(ctx, func(tx *db.Tx) error { return db.SetSetting(ctx, tx, markerSetting, id) })
}

func (s *Store) wanted(ctx context.Context, d *db.DB) (want string, err error) {
	var b [16]byte
	rand.Read(b[:]) //nolint:errcheck // never fails
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		want, err = db.FirstSetting(ctx, tx, markerSetting, making+hex.EncodeToString(b[:]))
		return err
	})
	return want, err
}

// marker reads who the store belongs to, "" when it belongs to nobody yet.
func (s *Store) marker(ctx context.Context) (string, error) {
	r, err := s.bucket.NewReader(ctx, markerKey, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return "", nil
	}
	if err != nil {
		return "", s.words(err)
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, 256))
	if err != nil {
		return "", s.words(err)
	}
	return strings.TrimSpace(string(text)), nil
}

func (s *Store) mark(ctx context.Context, id string) error {
	err := s.bucket.WriteAll(ctx, markerKey, []byte(id+"\n"), &blob.WriterOptions{ContentType: "text/plain"})
	if err == nil && s.dir != "" {
		err = errors.Join(syncDir(filepath.Join(s.dir, markerKey)), syncDir(s.dir))
	}
	if err != nil {
		return s.words(err)
	}
	return nil
}

var errUsed = errors.New("not empty")

// refuseUsed keeps a new database away from the blobs of another one.
func (s *Store) refuseUsed(ctx context.Context) error {
	err := s.Walk(ctx, func(Item) error { return errUsed })
	if errors.Is(err, errUsed) {
		return errs.Newf(errs.Unavailable, "%s already holds attachments that this new database does not know. Use an empty one, or the database that they belong to.", s.place)
	}
	return err
}
