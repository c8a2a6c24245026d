package inbox

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/secret"
)

// ResealTx seals the passwords of inboxes again, see [secret.ResealTx].
func ResealTx(ctx context.Context, tx *db.Tx, again secret.Again) error {
	return secret.ResealTx(ctx, tx, again,
		secret.Column{Table: "inbox", Name: "imap_secret"}, secret.Column{Table: "inbox", Name: "smtp_secret"})
}
