package notice

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/secret"
)

// ResealTx seals the password of the mail sender and the links of waiting mails again, see [secret.ResealTx].
func ResealTx(ctx context.Context, tx *db.Tx, again secret.Again) error {
	return secret.ResealTx(ctx, tx, again,
		secret.Column{Table: "mail_sender", Name: "smtp_secret"}, secret.Column{Table: "notice", Name: "link_secret"})
}
