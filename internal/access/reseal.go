package access

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/secret"
)

// ResealTx seals the secrets of second steps again, see [secret.ResealTx].
func ResealTx(ctx context.Context, tx *db.Tx, again secret.Again) error {
	return secret.ResealTx(ctx, tx, again, secret.Column{Table: "totp", Name: "secret", ID: "agent_id"})
}
