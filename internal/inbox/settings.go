package inbox

import (
	"context"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Settings are the few things that every message asks of its inbox.
type Settings struct {
	Name       string
	Channel    string
	Address    string
	AfterReply string
	ReopenDays int
	Archived   bool
	ReplyToken bool
	KeepCards  bool // card numbers stay in what arrives
}

// SettingsTx reads the settings of an inbox, archived or not.
func (s *Service) SettingsTx(ctx context.Context, q db.Queryer, id ID) (Settings, error) {
	out, err := settings(ctx, q, id)
	if db.IsNoRows(err) {
		return out, errNotFound
	}
	return out, err
}

// SetAgentTx replaces what one agent sees of inboxes beyond their default; an
// unknown inbox is refused.
func (s *Service) SetAgentTx(ctx context.Context, tx *db.Tx, agent int64, levels map[int64]access.Level) (err error) {
	defer errs.Wrap(&err, "set the inboxes of agent %d", agent)
	unknown, err := saveAgent(ctx, tx, agent, levels)
	if err == nil && unknown != 0 {
		err = errs.InvalidField("body.inboxes", "There is no such inbox.")
	}
	return err
}
