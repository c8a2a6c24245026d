package secret

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Config says where the root key is.
type Config struct {
	Key  string // DESKBELL_KEY; wins over the file
	File string // path of the key file, made at the first start
}

// Open reads the keys and compares them with the database. Only a database that
// has never been started gets a new key file; made tells the caller to print
// its path.
func Open(ctx context.Context, d *db.DB, cfg Config) (k *Keys, made bool, err error) {
	defer errs.Wrap(&err, "open the secret key")
	known, err := db.Setting(ctx, d, fingerprintSetting)
	if err != nil {
		return nil, false, err
	}
	switch {
	case cfg.Key != "":
		k, err = Parse(cfg.Key)
	case known == "":
		k, made, err = readOrMake(cfg.File)
	default:
		k, err = read(cfg.File)
		if errors.Is(err, fs.ErrNotExist) {
			err = errs.Newf(errs.Unavailable, "The key file %s is missing, and without it the passwords in the database cannot be read. Put it back, or set DESKBELL_KEY.", cfg.File).Because(err)
		}
	}
	if err != nil {
		return nil, false, err
	}
	if err := k.Check(ctx, d); err != nil {
		return nil, false, err
	}
	if cfg.Key == "" {
		k.watch(d, cfg.File)
	}
	return k, made, nil
}

func readOrMake(file string) (k *Keys, made bool, err error) {
	k, err = read(file)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, false, err
	}
	if err := write(file, NewKey()+"\n"); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, false, errs.Newf(errs.Unavailable, "The key file %s could not be written.", file).Because(err)
	} else if err == nil {
		made = true
	}
	k, err = read(file)
	return k, made, err
}

// maxFile bounds what is read of a file that is no key file at all.
const maxFile = 4096

func read(file string) (*Keys, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxFile || !info.Mode().IsRegular() {
		return nil, errs.Newf(errs.Invalid, "%s is not a key file.", file)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, errs.Newf(errs.Unavailable, "The key file %s could not be read.", file).Because(err)
	}
	k, err := Parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("key file %s: %w", file, err)
	}
	return k, nil
}

// Exposed tells that others than the owner may read the key file, which the
// caller should warn of. Containers mount secrets like that, so it is no error.
func Exposed(file string) bool {
	info, err := os.Stat(file)
	return err == nil && info.Mode().Perm()&0o077 != 0
}

// write makes the file whole or not at all: a half-written key must never be
// read, and of two programs that start at once one makes it. The other gets
// fs.ErrExist.
func write(file, text string) error {
	dir := filepath.Dir(file)
	f, err := os.CreateTemp(dir, "."+filepath.Base(file)+".*") // O_EXCL, 0600
	if err != nil {
		return err
	}
	temp := f.Name()
	defer os.Remove(temp)
	_, err = f.WriteString(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(temp, file); err != nil {
		return err
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
