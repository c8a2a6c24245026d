package conversation

import (
	"context"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/field"
	"github.com/deskbell/deskbell/internal/platform/db"
)

// setFields changes values of the shop's own fields, each with a line in the
// thread. A person cannot close while a field that must be filled is empty.
func (s *Service) setFields(ctx context.Context, tx *db.Tx, c *Conversation, changes map[string]any, closing bool) error {
	if len(changes) == 0 && !closing {
		return nil
	}
	set, have, err := s.fields(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	next, different, err := set.Change(have, changes)
	if err != nil {
		return err
	}
	if missing := set.Missing(next); closing && len(missing) > 0 && !access.From(ctx).System {
		return field.Refuse(missing)
	}
	for _, d := range different {
		if err := setField(ctx, tx, c.ID, d.Field.Key, d.To); err != nil {
			return err
		}
		data := map[string]any{"field": d.Field.Key, "label": d.Field.Label, "kind": d.Field.Kind, "from": d.From, "to": d.To}
		if err := s.addEventTx(ctx, tx, c, EventFieldChanged, data, access.From(ctx).AgentID); err != nil {
			return err
		}
	}
	if len(different) > 0 {
		c.Version++
	}
	return nil
}

// openWhileMissing is the status that an inbox gives by itself: it does not
// close a conversation of which somebody still has to fill a field.
func (s *Service) openWhileMissing(ctx context.Context, tx *db.Tx, c *Conversation, then Status) (Status, error) {
	if then != Closed || c.Status == Closed {
		return then, nil
	}
	set, have, err := s.fields(ctx, tx, c.ID)
	if err == nil && len(set.Missing(have)) > 0 {
		then = Pending
	}
	return then, err
}

func (s *Service) fields(ctx context.Context, q db.Queryer, conversation int64) (set field.Set, have map[string]string, err error) {
	if s.Fields == nil {
		return nil, nil, nil
	}
	if set, err = s.Fields(ctx, q); err != nil || len(set) == 0 {
		return nil, nil, err
	}
	have, err = fieldsOf(ctx, q, conversation)
	return set, have, err
}

// FieldValues are what the shop's own fields hold, as JSON shows it. The caller
// has seen to it that the reader may see the conversation.
func (s *Service) FieldValues(ctx context.Context, q db.Queryer, conversation int64) (map[string]any, error) {
	set, have, err := s.fields(ctx, q, conversation)
	return set.Values(have), err
}
