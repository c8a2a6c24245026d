package notification

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/secret"
)

// ResealTx seals the key for push services again, see [secret.ResealTx].
func ResealTx(ctx context.Context, tx *db.Tx, again secret.Again) error {
	return secret.ResealTx(ctx, tx, again, secret.Column{Table: "push_key", Name: "secret"})
}
