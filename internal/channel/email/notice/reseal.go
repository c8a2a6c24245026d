package notice

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// ResealTx hands the sealed password and the links of waiting mails to again
// and stores what comes back; nil leaves a value as it is. Nobody seals another
// until the transaction ends.
func ResealTx(ctx context.Context, tx *db.Tx, again func(table, column string, row int64, sealed []byte) []byte) (err error) {
	defer errs.Wrap(&err, "seal the system mail sender again")
	if err := lockAll(ctx, tx); err != nil {
		return err
	}
	_, sealed, err := load(ctx, tx, "")
	if err != nil {
		return err
	}
	if sealed != nil {
		if next := again("mail_sender", "smtp_secret", 1, sealed); next != nil {
			if err := setSecret(ctx, tx, next); err != nil {
				return err
			}
		}
	}
	links, err := sealedLinks(ctx, tx)
	if err != nil {
		return err
	}
	for id, link := range links {
		if next := again("notice", "link_secret", id, link); next != nil {
			if err := setLink(ctx, tx, id, next); err != nil {
				return err
			}
		}
	}
	return nil
}
