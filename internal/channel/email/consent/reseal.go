package consent

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/secret"
)

// ResealTx seals the secrets of providers and consents again, see [secret.ResealTx].
func ResealTx(ctx context.Context, tx *db.Tx, again secret.Again) error {
	return secret.ResealTx(ctx, tx, again,
		secret.Column{Table: "mail_provider", Name: "client_secret"}, secret.Column{Table: "consent", Name: "refresh_secret"},
		secret.Column{Table: "consent", Name: "access_secret"}, secret.Column{Table: "consent_visit", Name: "verifier_secret"})
}
