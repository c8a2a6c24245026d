package email

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// QuickestMail is the shortest time that one of the newest mails took from the
// mailbox to us, by the mail server's clock there and by ours here: negative
// when ours is behind. mails is how many were compared.
func QuickestMail(ctx context.Context, d *db.DB) (quickest time.Duration, mails int, err error) {
	err = db.Each(ctx, d, "SELECT envelope, received_at FROM inbound WHERE door = ? AND envelope <> '' ORDER BY ledger_id DESC LIMIT 100", []any{string(DoorIMAP)},
		func(rows *sql.Rows) error {
			var text string
			var at int64
			var e Envelope
			if err := rows.Scan(&text, &at); err != nil {
				return err
			}
			if err := json.Unmarshal([]byte(text), &e); err != nil || e.Date == 0 || e.History || e.Sent || e.Import {
				return err
			}
			if took := time.Duration(at-e.Date) * time.Millisecond; mails == 0 || took < quickest {
				quickest = took
			}
			mails++
			return nil
		})
	return quickest, mails, err
}
