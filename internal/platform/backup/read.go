package backup

import (
	"archive/tar"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/zstd"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// maxText bounds manifest and key; the summary may name many missing blobs.
const (
	maxText    = 1 << 20
	maxSummary = 256 << 20
)

var (
	errForeign = errs.New(errs.Invalid, "This is not a backup of Deskbell.")
	errDamaged = errs.New(errs.Invalid, "This backup is damaged or was cut off. Use another one.")
)

// reader unpacks a backup into a folder of its own, where nobody looks for it
// until it is known to be whole.
type reader struct {
	ctx    context.Context
	tar    *tar.Reader
	dir    string
	report Report
	ended  bool
	blobs  int
}

func unpack(ctx context.Context, file, dir string) (r Report, err error) {
	in, err := os.Open(file)
	if err != nil {
		return r, errs.Newf(errs.Invalid, "The backup %s cannot be read.", file).Because(err)
	}
	defer in.Close()
	packed, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(8<<20))
	if err != nil {
		return r, err
	}
	defer packed.Close()
	u := &reader{ctx: ctx, tar: tar.NewReader(packed), dir: dir}
	if err := u.manifest(); err != nil {
		return r, err
	}
	for {
		more, err := u.next()
		if err != nil {
			return r, err
		}
		if !more {
			break
		}
	}
	// The end of the tar is not the end of the file: the checksum comes after it.
	if _, err := io.Copy(io.Discard, packed); err != nil {
		return r, damaged(err)
	}
	if !u.ended || u.blobs != u.report.Summary.Blobs {
		return r, errDamaged
	}
	return u.report, nil
}

// damaged keeps the cause; a disk that is full is no damage of the file.
func damaged(err error) error {
	return errs.Said(errs.Invalid, errDamaged.Text).Because(err)
}

// manifest reads the first entry and refuses what this program cannot restore.
func (u *reader) manifest() error {
	h, err := u.tar.Next()
	if err != nil || h.Name != manifestName {
		return errs.Said(errs.Invalid, errForeign.Text).Because(err)
	}
	m := &u.report.Manifest
	if err := u.json(h, maxText, m); err != nil || m.Format == 0 {
		return errs.Said(errs.Invalid, errForeign.Text).Because(err)
	}
	newest, err := known()
	if err != nil {
		return err
	}
	if m.Format > format || m.Schema > newest {
		return errs.Newf(errs.Invalid, "This backup was made by a newer Deskbell (%s, schema %d; this one knows schema %d). Restore it with that version or a newer one.", m.Version, m.Schema, newest)
	}
	return nil
}

func (u *reader) next() (more bool, err error) {
	if err := u.ctx.Err(); err != nil {
		return false, err
	}
	h, err := u.tar.Next()
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	if err != nil {
		return false, damaged(err)
	}
	switch {
	case u.ended || h.Typeflag != tar.TypeReg:
		return false, errForeign
	case h.Name == db.FileName:
		return true, u.file(h, db.FileName)
	case h.Name == keyName && h.Size <= maxText:
		return true, u.file(h, keyName)
	case blobName.MatchString(h.Name):
		u.blobs++
		return true, u.file(h, filepath.FromSlash(h.Name))
	case h.Name == summaryName:
		u.ended = true
		if err := u.json(h, maxSummary, &u.report.Summary); err != nil {
			return false, damaged(err)
		}
		return true, nil
	}
	return false, errForeign
}

func (u *reader) json(h *tar.Header, limit int64, to any) error {
	if h.Size > limit {
		return fmt.Errorf("%s has %d bytes", h.Name, h.Size)
	}
	text, err := io.ReadAll(u.tar)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, to)
}

func (u *reader) file(h *tar.Header, name string) error {
	path := filepath.Join(u.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return errForeign
	}
	if err != nil {
		return err
	}
	_, err = io.Copy(out, source{u.tar})
	err = errors.Join(err, out.Sync(), out.Close())
	var bad readError
	if errors.As(err, &bad) {
		return damaged(bad.error)
	}
	return err
}

// source marks the errors of the backup, so that those of the disk that is
// written are told apart.
type source struct{ from io.Reader }

type readError struct{ error }

func (s source) Read(p []byte) (int, error) {
	n, err := s.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = readError{err}
	}
	return n, err
}
