package secret

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Text is what a key file for this database holds, for a backup that takes the
// key along. It refuses a key that does not fit.
func Text(ctx context.Context, d *db.DB, cfg Config) (text string, err error) {
	defer errs.Wrap(&err, "read the secret key")
	k, err := existing(cfg)
	if err != nil {
		return "", err
	}
	if err := k.Check(ctx, d); err != nil {
		return "", err
	}
	for _, r := range k.roots() {
		text += r.text + "\n"
	}
	return text, nil
}

// Fits tells whether one of the keys has the fingerprint.
func Fits(cfg Config, fingerprint string) bool {
	k, err := existing(cfg)
	return err == nil && k.has(fingerprint)
}

// existing reads the keys and makes none.
func existing(cfg Config) (*Keys, error) {
	if cfg.Key != "" {
		return Parse(cfg.Key)
	}
	k, err := read(cfg.File)
	if err != nil {
		return nil, errs.Newf(errs.Unavailable, "The key file %s cannot be read.", cfg.File).Because(err)
	}
	return k, nil
}
