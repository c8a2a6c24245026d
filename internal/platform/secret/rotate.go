package secret

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Rotation replaces the root key in three steps, each of which leaves a program
// that can start: the new key is put into the file before the old one, every
// secret is sealed again in one transaction, and the old key is taken out. One
// that was stopped anywhere is finished by the next.
type Rotation struct {
	DB *db.DB
	Config
	// Reseal hands every sealed value of the database to again and stores what
	// comes back, with everybody kept from sealing others until the end of tx.
	Reseal func(ctx context.Context, tx *db.Tx, again Again) error

	after func(step string) error // stops a test where a crash would
}

// Again seals a value with the newest key; nil leaves the row as it is.
type Again func(table, column string, row int64, sealed []byte) []byte

// Rotated is what a rotation did.
type Rotated struct {
	Resealed    int
	Lost        []string // secrets that none of the keys opens, such as "inbox.imap_secret of row 3"
	Fingerprint string   // of the new key
	KeyIsIn     string   // the file, or DESKBELL_KEY, from which the caller removes the old key
}

// Prepare does the first step alone, so that the file can be copied to other
// nodes before a secret needs the new key.
func (r Rotation) Prepare(ctx context.Context) (out Rotated, err error) {
	defer errs.Wrap(&err, "prepare the rotation of the key")
	if r.Key != "" {
		return out, errInEnvironment
	}
	file, unlock, err := r.lock()
	if err != nil {
		return out, err
	}
	defer unlock()
	k, err := r.bothKeys(ctx, file)
	if err != nil {
		return out, err
	}
	return Rotated{Fingerprint: k.Fingerprint(), KeyIsIn: r.File}, nil
}

var errInEnvironment = errs.New(errs.Invalid, "The key comes from DESKBELL_KEY, so you change it there: make a new one with \"openssl rand -hex 32\", "+
	"set DESKBELL_KEY to the new key, a comma and the old key for every Deskbell, restart them, run \"deskbell key rotate\" with the same setting, and then leave out the comma and the old key.")

// Run does all steps.
func (r Rotation) Run(ctx context.Context) (out Rotated, err error) {
	defer errs.Wrap(&err, "rotate the key")
	if r.Key != "" {
		return r.inEnvironment(ctx)
	}
	file, unlock, err := r.lock()
	if err != nil {
		return out, err
	}
	defer unlock()
	k, err := r.bothKeys(ctx, file)
	if err != nil {
		return out, err
	}
	if err := r.step("both keys"); err != nil {
		return out, err
	}
	if out, err = r.reseal(ctx, k); err != nil {
		return out, err
	}
	if err := r.step("resealed"); err != nil {
		return out, err
	}
	out.KeyIsIn = r.File
	return out, replace(file, k.roots()[0].text+"\n")
}

func (r Rotation) inEnvironment(ctx context.Context) (out Rotated, err error) {
	k, err := Parse(r.Key)
	if err != nil {
		return out, err
	}
	if len(k.roots()) < 2 {
		return out, errInEnvironment
	}
	if err := k.Check(ctx, r.DB); err != nil {
		return out, err
	}
	out, err = r.reseal(ctx, k)
	out.KeyIsIn = "DESKBELL_KEY"
	return out, err
}

// Replace takes a key without the one before, which is lost: that in the file,
// or a new one. What the lost key sealed is named and stays unreadable.
func (r Rotation) Replace(ctx context.Context) (out Rotated, err error) {
	defer errs.Wrap(&err, "replace the lost key")
	k, where := (*Keys)(nil), r.File
	if r.Key != "" {
		where = "DESKBELL_KEY"
		k, err = Parse(r.Key)
	} else {
		k, _, err = readOrMake(r.File)
	}
	if err != nil {
		return out, err
	}
	known, err := db.Setting(ctx, r.DB, fingerprintSetting)
	if err != nil {
		return out, err
	}
	if k.has(known) {
		return out, errs.New(errs.Conflict, "The key of this database is not lost: it is there and fits. To replace it, leave out --lost.")
	}
	out, err = r.reseal(ctx, k)
	out.KeyIsIn = where
	return out, err
}

func (r Rotation) step(name string) error {
	if r.after == nil {
		return nil
	}
	return r.after(name)
}

// lock keeps a second rotation away; file is the key file behind links.
func (r Rotation) lock() (file string, unlock func(), err error) {
	file, err = filepath.EvalSymlinks(r.File)
	if err != nil {
		return "", nil, errs.Newf(errs.Unavailable, "The key file %s cannot be read.", r.File).Because(err)
	}
	unlock, err = db.LockDir(filepath.Dir(file), filepath.Base(file)+".lock", false)
	if errors.Is(err, db.ErrLocked) {
		return "", nil, errs.New(errs.Conflict, "The key is being rotated already.")
	}
	if err != nil {
		return "", nil, errs.Newf(errs.Unavailable, "The folder of the key file %s cannot be written.", r.File).Because(err)
	}
	return file, unlock, nil
}

// bothKeys is the first step: the file holds the new key and the old one. It
// finds that done when a rotation before did not come to its end.
func (r Rotation) bothKeys(ctx context.Context, file string) (*Keys, error) {
	k, err := existing(Config{File: file})
	if err != nil {
		return nil, err
	}
	if err := k.Check(ctx, r.DB); err != nil {
		return nil, err
	}
	if len(k.roots()) == 2 {
		return k, nil
	}
	text := NewKey() + "\n" + k.roots()[0].text + "\n"
	if err := replace(file, text); err != nil {
		return nil, err
	}
	return Parse(text)
}

// reseal is the second step.
func (r Rotation) reseal(ctx context.Context, k *Keys) (out Rotated, err error) {
	err = r.DB.Write(ctx, func(tx *db.Tx) error {
		out = Rotated{Fingerprint: k.Fingerprint()}
		err := r.Reseal(ctx, tx, func(table, column string, row int64, sealed []byte) []byte {
			if !k.Old(sealed) {
				return nil
			}
			plain, err := k.Open(table, column, row, sealed)
			if err != nil {
				out.Lost = append(out.Lost, fmt.Sprintf("%s.%s of row %d", table, column, row))
				return nil
			}
			out.Resealed++
			return k.Seal(table, column, row, plain)
		})
		if err != nil {
			return err
		}
		return k.AdoptTx(ctx, tx)
	})
	return out, err
}

// replace changes the key file in one step, with the owner and the rights that
// it had: the server may run as somebody else than this command.
func replace(file, text string) (err error) {
	before, err := os.Stat(file)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errs.Newf(errs.Unavailable, "The key file %s cannot be replaced. Run this as the user that it belongs to, where its folder can be written.", file).Because(err)
		}
	}()
	dir := filepath.Dir(file)
	f, err := os.CreateTemp(dir, "."+filepath.Base(file)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	err = likeBefore(f, before)
	if err == nil {
		_, err = f.WriteString(text)
	}
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), file); err != nil {
		return err
	}
	return syncDir(dir)
}

func likeBefore(f *os.File, before os.FileInfo) error {
	if was, ok := before.Sys().(*syscall.Stat_t); ok {
		if err := f.Chown(int(was.Uid), int(was.Gid)); err != nil {
			return err
		}
	}
	return f.Chmod(before.Mode().Perm())
}
