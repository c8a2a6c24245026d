package sender

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
)

// auditedListed is what the audit log keeps of an address or domain on a list.
type auditedListed struct {
	Kind         Kind   `json:"kind"`
	Pattern      string `json:"pattern"`
	Conversation int64  `json:"conversation_id,omitempty"`
}

func (s *Service) auditListed(ctx context.Context, tx *db.Tx, action string, before, after *Listed) error {
	e := audit.Entry{Action: action, Subject: "sender"}
	if before != nil {
		e.ID, e.Name = before.ID, before.Pattern
		e.Before = auditedListed{before.Kind, before.Pattern, before.Conversation}
	}
	if after != nil {
		e.ID, e.Name = after.ID, after.Pattern
		e.After = auditedListed{after.Kind, after.Pattern, after.Conversation}
	}
	return audit.RecordTx(ctx, tx, s.Now(), e)
}

// changedOver tells what the entry replaces: nil = it is new, and same when it
// was on this list already.
func changedOver(had []Listed, k Kind) (before *Listed, same bool) {
	for _, l := range had {
		if l.Kind == k {
			return nil, true
		}
		before = &l
	}
	return before, false
}
