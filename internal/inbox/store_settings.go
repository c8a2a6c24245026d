package inbox

import (
	"context"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
)

func settings(ctx context.Context, q db.Queryer, id ID) (s Settings, err error) {
	var archived int64
	err = q.QueryRow(ctx, "SELECT name, channel, address, after_reply, reopen_days, archived_at, reply_token, keep_cards FROM inbox WHERE id = ?", int64(id)).
		Scan(&s.Name, &s.Channel, &s.Address, &s.AfterReply, &s.ReopenDays, &archived, &s.ReplyToken, &s.KeepCards)
	s.Archived = archived != 0
	return s, err
}

// saveAgent reports the first inbox that does not exist.
func saveAgent(ctx context.Context, tx *db.Tx, agent int64, levels map[int64]access.Level) (unknown int64, err error) {
	if err := tx.Send(ctx, "DELETE FROM inbox_member WHERE agent_id = ?", agent); err != nil {
		return 0, err
	}
	for id, level := range levels {
		n, err := tx.Exec(ctx, "INSERT INTO inbox_member (inbox_id, agent_id, access) SELECT id, ?, ? FROM inbox WHERE id = ?", agent, string(level), id)
		if err != nil {
			return 0, err
		}
		if n == 0 {
			return id, nil
		}
	}
	return 0, nil
}
