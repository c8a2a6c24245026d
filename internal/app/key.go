package app

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/channel/email"
	"github.com/deskbell/deskbell/internal/channel/email/consent"
	"github.com/deskbell/deskbell/internal/channel/email/notice"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/notification"
	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/secret"
	"github.com/deskbell/deskbell/internal/translate"
)

// RotateKey replaces the secret key while servers may run; prepare only puts
// the new key beside the old one.
func (a *App) RotateKey(ctx context.Context, prepare bool) (secret.Rotated, error) {
	r := rotation(a.DB, a.Config)
	if prepare {
		return r.Prepare(ctx)
	}
	return r.Run(ctx)
}

// ReplaceLostKey makes data usable whose key is gone; what it sealed has to be
// entered again.
func ReplaceLostKey(ctx context.Context, cfg Config) (out secret.Rotated, err error) {
	if err := cfg.check(); err != nil {
		return out, err
	}
	if cfg.DatabaseURL == "" {
		if err := cfg.hasDatabase(); err != nil {
			return out, err
		}
	}
	d, err := openDB(ctx, cfg)
	if err != nil {
		return out, err
	}
	defer d.Close()
	return rotation(d, cfg).Replace(ctx)
}

func rotation(d *db.DB, cfg Config) secret.Rotation {
	return secret.Rotation{
		DB: d, Config: secret.Config{Key: cfg.Key, File: cfg.KeyFile},
		Reseal: func(ctx context.Context, tx *db.Tx, again secret.Again) error {
			if err := inbox.ResealTx(ctx, tx, again); err != nil {
				return err
			}
			if err := access.ResealTx(ctx, tx, again); err != nil {
				return err
			}
			if err := notice.ResealTx(ctx, tx, again); err != nil {
				return err
			}
			if err := notification.ResealTx(ctx, tx, again); err != nil {
				return err
			}
			if err := email.ResealTx(ctx, tx, again); err != nil {
				return err
			}
			if err := consent.ResealTx(ctx, tx, again); err != nil {
				return err
			}
			if err := translate.ResealTx(ctx, tx, again); err != nil {
				return err
			}
			return audit.RecordTx(ctx, tx, time.Now(), audit.Entry{Action: "key.rotated", Subject: "key"})
		},
	}
}
