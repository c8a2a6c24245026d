package app

import (
	"context"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/secret"
)

// RotateKey replaces the secret key while servers may run; prepare only puts
// the new key beside the old one.
func (a *App) RotateKey(ctx context.Context, prepare bool) (secret.Rotated, error) {
	r := secret.Rotation{
		DB: a.DB, Config: secret.Config{Key: a.Key, File: a.KeyFile},
		Reseal: func(ctx context.Context, tx *db.Tx, again secret.Again) error { return inbox.ResealTx(ctx, tx, again) },
	}
	if prepare {
		return r.Prepare(ctx)
	}
	return r.Run(ctx)
}
