package backup

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Target is the fresh data folder that a backup is restored into.
type Target struct {
	Dir     string // made when it is missing
	KeyFile string // where a key inside the backup goes; a file that is there stays as it is
}

// blobMarker names the database in a folder of blobs (see package blob).
const blobMarker = "deskbell-store"

// Restore unpacks the backup. The folder holds a database only when everything
// was found whole; a restore that failed or was killed can be started again.
func Restore(ctx context.Context, file string, to Target) (r Report, err error) {
	defer errs.Wrap(&err, "restore %s", file)
	if to.Dir, err = filepath.Abs(to.Dir); err != nil {
		return r, err
	}
	if _, err := os.Stat(file); err != nil {
		return r, errs.Newf(errs.Invalid, "The backup %s cannot be read.", file).Because(err)
	}
	if err := os.MkdirAll(to.Dir, 0o700); err != nil {
		return r, errs.Newf(errs.Unavailable, "The folder %s cannot be made or used.", to.Dir).Because(err)
	}
	unlock, err := alone(to.Dir)
	if err != nil {
		return r, err
	}
	defer unlock()
	if err := refuseUsed(to.Dir); err != nil {
		return r, err
	}
	scratch := filepath.Join(to.Dir, ".restore")
	if err := os.RemoveAll(scratch); err != nil { // of a restore that was killed
		return r, err
	}
	if err := os.Mkdir(scratch, 0o700); err != nil {
		return r, full(err, to.Dir)
	}
	defer os.RemoveAll(scratch)
	if r, err = unpack(ctx, file, scratch); err != nil {
		return r, full(err, to.Dir)
	}
	if err := examine(ctx, scratch, r.Manifest); err != nil {
		return r, err
	}
	return r, full(place(scratch, to, r.Manifest), to.Dir)
}

// alone keeps servers and other commands out of the folder.
func alone(dir string) (unlock func(), err error) {
	var held []func()
	release := func() {
		for _, f := range held {
			f()
		}
	}
	for _, name := range []string{"serve.lock", "migrate.lock"} {
		f, err := db.LockDir(dir, name, false)
		if errors.Is(err, db.ErrLocked) {
			release()
			return nil, errs.Newf(errs.Conflict, "Another Deskbell uses the folder %s. Restore into a fresh one.", dir)
		}
		if err != nil {
			release()
			return nil, errs.Newf(errs.Unavailable, "The folder %s cannot be written.", dir).Because(err)
		}
		held = append(held, f)
	}
	return release, nil
}

func refuseUsed(dir string) error {
	for _, name := range []string{db.FileName, db.FileName + "-wal"} {
		if _, err := os.Lstat(filepath.Join(dir, name)); !errors.Is(err, fs.ErrNotExist) {
			return errs.Newf(errs.Conflict, "The folder %s holds a database already. Restore into a fresh folder, then move it to where you want it.", dir)
		}
	}
	found, err := os.ReadDir(filepath.Join(dir, "blobs"))
	if err == nil && len(found) > 0 {
		return errs.Newf(errs.Conflict, "The folder %s holds attachments already. Restore into a fresh folder, then move it to where you want it.", dir)
	}
	return nil
}

// examine compares the database with what the manifest says of it.
func examine(ctx context.Context, dir string, m Manifest) error {
	if _, err := os.Stat(filepath.Join(dir, db.FileName)); err != nil {
		return errDamaged
	}
	s, err := openSnapshot(ctx, filepath.Join(dir, db.FileName))
	if err != nil {
		return damaged(err)
	}
	defer s.close()
	var have Manifest
	if err := errors.Join(s.sound(ctx), s.describe(ctx, &have, nil)); err != nil {
		return damaged(err)
	}
	if have.Schema != m.Schema || have.BlobStore != m.BlobStore || have.KeyFingerprint != m.KeyFingerprint {
		return errs.New(errs.Invalid, "This backup was put together from different ones: its database is not the one it names.")
	}
	return nil
}

// place moves what was unpacked to where it belongs, the database last: a
// folder without it is not used by anybody.
func place(from string, to Target, m Manifest) error {
	blobs := filepath.Join(from, "blobs")
	if err := os.MkdirAll(blobs, 0o700); err != nil {
		return err
	}
	// A store whose first start was not finished has no marker yet.
	if !strings.Contains(m.BlobStore, " ") && m.BlobStore != "" {
		if err := writeNew(filepath.Join(blobs, blobMarker), m.BlobStore+"\n"); err != nil {
			return err
		}
	}
	if err := syncTree(blobs); err != nil {
		return err
	}
	if m.WithKey {
		if err := placeKey(filepath.Join(from, keyName), to.KeyFile); err != nil {
			return err
		}
	}
	old := filepath.Join(to.Dir, "blobs") // empty, as refuseUsed has seen
	if err := os.Remove(old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(blobs, old); err != nil {
		return err
	}
	if err := syncPath(to.Dir); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(from, db.FileName), filepath.Join(to.Dir, db.FileName)); err != nil {
		return err
	}
	return syncPath(to.Dir)
}

// placeKey never replaces a key: whoever put it there may have no other copy.
func placeKey(from, file string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return errDamaged
	}
	have, err := os.ReadFile(file)
	if err == nil && strings.Join(strings.Fields(string(have)), ",") == strings.Join(strings.Fields(string(text)), ",") {
		return nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return errs.Newf(errs.Conflict, "There is another key in %s than in the backup. Move it away, or name another file with --key-file.", file).Because(err)
	}
	if err := writeNew(file, string(text)); err != nil {
		return err
	}
	return syncPath(filepath.Dir(file))
}

func writeNew(file, text string) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Sync(), f.Close())
}

// syncTree brings the names of all folders below dir to the disk; the files are
// there already.
func syncTree(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return syncPath(path)
	})
}
