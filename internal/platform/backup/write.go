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
	"syscall"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Source is what is backed up. The database may be in use by other programs; it
// is not migrated and, apart from what opening it does, not changed.
type Source struct {
	DB      *db.DB
	Blobs   *blob.Store
	Key     string   // text of the key file, "" leaves the key out
	Count   []string // tables whose rows are counted into the manifest
	Version string   // of the program
	Now     func() time.Time
}

// Report is what was written or restored.
type Report struct {
	Manifest
	Summary
	// NotNoted is why the audit log does not know of it, nil = it does.
	NotNoted error
}

// Write makes the backup in file, which appears when it is whole and on the
// disk, never before. A file that is there is refused unless force is set.
func Write(ctx context.Context, src Source, file string, force bool) (r Report, err error) {
	defer errs.Wrap(&err, "back up into %s", file)
	if file, err = filepath.Abs(file); err != nil {
		return r, err
	}
	if err := refuseOld(file, force); err != nil {
		return r, err
	}
	part := file + ".part"
	unlock, err := db.LockDir(filepath.Dir(file), filepath.Base(part), false)
	switch {
	case errors.Is(err, db.ErrLocked):
		return r, errs.Newf(errs.Conflict, "Another backup into %s is running.", file)
	case err != nil:
		return r, errs.Newf(errs.Unavailable, "%s cannot be written.", file).Because(err)
	}
	defer unlock()
	defer os.Remove(part)
	if r, err = fill(ctx, src, part); err != nil {
		return r, full(err, file)
	}
	if err := refuseOld(file, force); err != nil {
		return r, err
	}
	if err := os.Rename(part, file); err != nil {
		return r, err
	}
	return r, syncPath(filepath.Dir(file))
}

func refuseOld(file string, force bool) error {
	info, err := os.Lstat(file)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err == nil && info.IsDir():
		return errs.Newf(errs.Invalid, "%s is a folder: name the file that the backup shall be.", file)
	case err == nil && !force:
		return errs.Newf(errs.Conflict, "%s is there already. Choose another name, or replace it with --force.", file)
	case err != nil:
		return errs.Newf(errs.Unavailable, "%s cannot be written.", file).Because(err)
	}
	return nil
}

// full puts a full disk into words.
func full(err error, place string) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return errs.Newf(errs.Unavailable, "The disk of %s is full. Make room and try again; nothing was changed.", place).Because(err)
	}
	return err
}

func fill(ctx context.Context, src Source, part string) (r Report, err error) {
	scratch := part + ".d"
	if err := os.RemoveAll(scratch); err != nil { // of a backup that was killed
		return r, err
	}
	if err := os.Mkdir(scratch, 0o700); err != nil {
		return r, err
	}
	defer os.RemoveAll(scratch)
	copied := filepath.Join(scratch, db.FileName)
	began := src.Now().UTC().Truncate(time.Second) // what was committed until now is inside
	if _, err := src.DB.Handle().ExecContext(ctx, "VACUUM INTO ?", copied); err != nil {
		return r, errs.New(errs.Unavailable, "The database could not be copied. Is there room beside the backup for a copy of it?").Because(err)
	}
	s, err := openSnapshot(ctx, copied)
	if err != nil {
		return r, err
	}
	defer s.close()
	r.Manifest = Manifest{Format: format, Version: src.Version, WithKey: src.Key != "", CreatedAt: began}
	if err := s.describe(ctx, &r.Manifest, src.Count); err != nil {
		return r, err
	}
	out, err := os.OpenFile(part, os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return r, err
	}
	w := writer{ctx: ctx, src: src, now: r.CreatedAt}
	err = w.write(out, s, copied, &r)
	return r, errors.Join(err, out.Sync(), out.Close())
}

type writer struct {
	ctx context.Context
	src Source
	tar *tar.Writer
	now time.Time
}

func (w *writer) write(out io.Writer, s *snapshot, copied string, r *Report) error {
	packer, err := zstd.NewWriter(out, zstd.WithEncoderConcurrency(2), zstd.WithWindowSize(4<<20))
	if err != nil {
		return err
	}
	w.tar = tar.NewWriter(packer)
	if err := w.contents(s, copied, r); err != nil {
		_ = packer.Close()
		return err
	}
	return errors.Join(w.tar.Close(), packer.Close())
}

func (w *writer) contents(s *snapshot, copied string, r *Report) error {
	d, err := os.Open(copied)
	if err != nil {
		return err
	}
	defer d.Close()
	info, err := d.Stat()
	if err != nil {
		return err
	}
	r.DatabaseBytes = info.Size()
	if err := w.json(manifestName, r.Manifest); err != nil {
		return err
	}
	if err := w.entry(db.FileName, info.Size(), d); err != nil {
		return err
	}
	if w.src.Key != "" {
		if err := w.bytes(keyName, []byte(w.src.Key)); err != nil {
			return err
		}
	}
	if err := s.eachBlob(w.ctx, func(key string) error { return w.blob(key, &r.Summary) }); err != nil {
		return err
	}
	return w.json(summaryName, r.Summary)
}

// blob adds one blob, or notes that it is gone.
func (w *writer) blob(key string, sum *Summary) error {
	from, size, err := w.src.Blobs.Open(w.ctx, key)
	if errs.Is(err, errs.NotFound) {
		sum.Missing = append(sum.Missing, key)
		return nil
	}
	if err != nil {
		return err
	}
	defer from.Close()
	sum.Blobs++
	sum.BlobBytes += size
	return w.entry(blobFolder+key, size, from)
}

func (w *writer) json(name string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return w.bytes(name, append(text, '\n'))
}

func (w *writer) bytes(name string, text []byte) error {
	if err := w.tar.WriteHeader(w.header(name, int64(len(text)))); err != nil {
		return err
	}
	_, err := w.tar.Write(text)
	return err
}

func (w *writer) entry(name string, size int64, from io.Reader) error {
	if err := w.tar.WriteHeader(w.header(name, size)); err != nil {
		return err
	}
	n, err := io.Copy(w.tar, io.LimitReader(from, size))
	if err == nil && n != size {
		err = fmt.Errorf("%s: %d of %d bytes could be read", name, n, size)
	}
	return err
}

func (w *writer) header(name string, size int64) *tar.Header {
	return &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: w.now, Format: tar.FormatPAX}
}

func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
