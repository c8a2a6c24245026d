package email

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db"
)

func loadPulse(ctx context.Context, q db.Queryer, id inbox.ID) (p pulse, err error) {
	text, err := db.Setting(ctx, q, pulseSetting(id))
	if err != nil || text == "" {
		return p, err
	}
	return p, json.Unmarshal([]byte(text), &p)
}

func savePulse(ctx context.Context, tx *db.Tx, id inbox.ID, p pulse) error {
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return db.SetSetting(ctx, tx, pulseSetting(id), string(text))
}

// mailHour is one hour in which mail came.
type mailHour struct {
	mails       int64
	first, last time.Time
}

// mailHours reads the hours since a time, ascending, from an index alone.
func mailHours(ctx context.Context, q db.Queryer, id inbox.ID, since time.Time) (out []mailHour, err error) {
	err = db.Each(ctx, q, `SELECT received_at / 3600000, COUNT(*), MIN(received_at), MAX(received_at) FROM inbound
		WHERE inbox_id = ? AND received_at > ? AND door = 'imap' GROUP BY 1 ORDER BY 1`, []any{int64(id), since.UnixMilli()}, func(rows *sql.Rows) error {
		var hour, mails, first, last int64
		err := rows.Scan(&hour, &mails, &first, &last)
		out = append(out, mailHour{mails: mails, first: instant(first), last: instant(last)})
		return err
	})
	return out, err
}

// lastFetched is when the newest mail of the inbox was fetched.
func lastFetched(ctx context.Context, q db.Queryer, id inbox.ID) (time.Time, error) {
	var at sql.NullInt64
	err := q.QueryRow(ctx, "SELECT MAX(received_at) FROM inbound WHERE inbox_id = ? AND door = 'imap'", int64(id)).Scan(&at)
	return instant(at.Int64), err
}
