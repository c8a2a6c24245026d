package app

import (
	"context"
	"os"
	"os/user"
	"path/filepath"
	"time"

	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/backup"
	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/secret"
)

// BackupOptions say how a backup is made.
type BackupOptions struct {
	File    string
	Force   bool // replace a file that is there
	WithKey bool // put the secret key inside
}

// counted are the tables whose rows a backup names.
var counted = []string{"conversation", "message", "customer", "attachment", "ledger"}

// Backup writes the embedded database and its blobs into one file, while a
// server may go on working. It does not migrate, so that a newer program can
// make the backup before the upgrade.
func Backup(ctx context.Context, cfg Config, o BackupOptions) (r backup.Report, err error) {
	if err := cfg.check(); err != nil {
		return r, err
	}
	if cfg.DatabaseURL != "" {
		return r, errs.New(errs.Invalid, "PostgreSQL is backed up with its own tool, after that the large files: "+
			"pg_dump --format=custom --file=FILE \"$DESKBELL_DATABASE_URL\", then copy the folder blobs in --data (or the bucket of --blob-url), and keep the key apart from both. In this order every file that the dump names is in the copy.")
	}
	if err := cfg.hasDatabase(); err != nil {
		return r, err
	}
	d, err := db.Open(ctx, db.Config{Dir: cfg.Data})
	if err != nil {
		return r, errs.New(errs.Unavailable, dbSentence(cfg)).Because(err)
	}
	defer d.Close()
	src := backup.Source{DB: d, Count: counted, Version: cfg.Version, Now: time.Now}
	if o.WithKey {
		if src.Key, err = secret.Text(ctx, d, secret.Config{Key: cfg.Key, File: cfg.KeyFile}); err != nil {
			return r, err
		}
	}
	if src.Blobs, err = blob.Open(ctx, cfg.BlobURL, time.Now); err != nil {
		return r, err
	}
	defer src.Blobs.Close()
	if err := src.Blobs.Check(ctx, d); err != nil {
		return r, err
	}
	if r, err = backup.Write(ctx, src, o.File, o.Force); err != nil {
		return r, err
	}
	r.NotNoted = note(ctx, d, audit.Entry{Action: "data.backed_up", Subject: "data", Name: filepath.Base(o.File),
		After: noted{As: systemUser(), Database: r.CreatedAt, WithKey: r.WithKey}})
	return r, nil
}

// noted is what the audit log keeps of a backup or a restore.
type noted struct {
	As       string    `json:"system_user,omitempty"`
	Database time.Time `json:"data_of"`
	WithKey  bool      `json:"with_key"`
}

// note writes the audit row of what is done already. That it cannot be written,
// as on a full disk or in data of before there was an audit log, undoes nothing.
func note(ctx context.Context, d *db.DB, e audit.Entry) error {
	return d.Write(ctx, func(tx *db.Tx) error { return audit.RecordTx(ctx, tx, time.Now(), e) })
}

func systemUser() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return u.Username
}

// hasDatabase keeps a command from making a new database where it was to find one.
func (c *Config) hasDatabase() error {
	if _, err := os.Stat(filepath.Join(c.Data, db.FileName)); err != nil {
		return errs.Newf(errs.Invalid, "There is no database in %s. Name the data folder with --data.", c.Data).Because(err)
	}
	return nil
}

// Restored is what came back, and whether the key for it is there.
type Restored struct {
	backup.Report
	KeyFits bool
	KeyFile string
}

// Restore unpacks a backup into the data folder, which must be fresh.
func Restore(ctx context.Context, cfg Config, file string) (r Restored, err error) {
	if cfg.DatabaseURL != "" {
		return r, errs.New(errs.Invalid, "A backup file restores the embedded database. For PostgreSQL use pg_restore and leave out --database-url here.")
	}
	if err := cfg.check(); err != nil {
		return r, err
	}
	r.KeyFile = cfg.KeyFile
	if r.Report, err = backup.Restore(ctx, file, backup.Target{Dir: cfg.Data, KeyFile: cfg.KeyFile}); err != nil {
		return r, err
	}
	r.NotNoted = noteRestored(ctx, cfg.Data, file, r.Report)
	r.KeyFits = secret.Fits(secret.Config{Key: cfg.Key, File: cfg.KeyFile}, r.KeyFingerprint)
	return r, nil
}

// noteRestored tells the audit log of the data that came back, and when.
func noteRestored(ctx context.Context, dir, file string, r backup.Report) error {
	d, err := db.Open(ctx, db.Config{Dir: dir})
	if err != nil {
		return err
	}
	defer d.Close()
	return note(ctx, d, audit.Entry{Action: "data.restored", Subject: "data", Name: filepath.Base(file),
		After: noted{As: systemUser(), Database: r.CreatedAt, WithKey: r.WithKey}})
}
