package conversation

import (
	"context"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// HoldOn is what a legal hold is on.
type HoldOn string

// The subjects of a hold. One on a customer covers all their conversations.
const (
	HoldCustomer     HoldOn = "customer"
	HoldConversation HoldOn = "conversation"
)

// Hold says that nothing of its subject may be deleted, by nobody and by no rule.
type Hold struct {
	On      HoldOn
	Subject int64
	Reason  string
	Agent   int64
	At      time.Time
}

const maxReason = 1000

// ErrHeld refuses to delete what is held.
var ErrHeld = errs.New(errs.Conflict, "This is under a legal hold. Nothing of it can be deleted until the hold is released.")

// HoldOf reads the hold in force on a customer, or the one that covers a
// conversation, its customer's included; nil = there is none.
func (s *Service) HoldOf(ctx context.Context, on HoldOn, id int64) (_ *Hold, err error) {
	defer errs.Wrap(&err, "look for a hold on %s %d", on, id)
	if on == HoldConversation {
		if _, err := s.Get(ctx, id); err != nil {
			return nil, err
		}
	}
	h, err := findHold(ctx, s.DB, on, id)
	if db.IsNoRows(err) {
		return nil, nil
	}
	return &h, err
}

// PlaceHold puts a hold on a customer or conversation. Where there is one
// already, its reason is replaced.
func (s *Service) PlaceHold(ctx context.Context, on HoldOn, id int64, reason string) (h Hold, err error) {
	defer errs.Wrap(&err, "hold %s %d", on, id)
	h = Hold{On: on, Subject: id, Reason: strings.TrimSpace(reason), Agent: access.From(ctx).AgentID, At: s.Now()}
	switch {
	case h.Reason == "":
		return h, errs.InvalidField("body.reason", "Say why nothing may be deleted.")
	case len(h.Reason) > maxReason:
		return h, errs.InvalidField("body.reason", "The reason is longer than 1,000 characters.")
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.holdable(ctx, tx, on, id); err != nil {
			return err
		}
		if err := upsertHold(ctx, tx, h); err != nil {
			return err
		}
		return s.heldTx(ctx, tx, "hold.placed", h)
	})
	return h, err
}

// ReleaseHold ends the hold on exactly this customer or conversation.
func (s *Service) ReleaseHold(ctx context.Context, on HoldOn, id int64) (err error) {
	defer errs.Wrap(&err, "release the hold on %s %d", on, id)
	agent := access.From(ctx).AgentID
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.holdable(ctx, tx, on, id); err != nil {
			return err
		}
		some, err := releaseHold(ctx, tx, on, id, agent, s.Now())
		if err != nil {
			return err
		}
		if !some {
			return s.heldElsewhere(ctx, tx, on, id)
		}
		return s.heldTx(ctx, tx, "hold.released", Hold{On: on, Subject: id})
	})
}

var errHeldElsewhere = errs.New(errs.Conflict, "The legal hold is on the customer, or on a conversation that was merged into this one. Release it there.")

// heldElsewhere refuses to release a hold that is not on this very conversation.
// Where there is none, nothing is to be done.
func (s *Service) heldElsewhere(ctx context.Context, q db.Queryer, on HoldOn, id int64) error {
	if on != HoldConversation {
		return nil
	}
	stays, err := held(ctx, q, id)
	if err == nil && stays {
		err = errHeldElsewhere
	}
	return err
}

// holdable locks the subject, so that nothing deletes it meanwhile.
func (s *Service) holdable(ctx context.Context, tx *db.Tx, on HoldOn, id int64) error {
	if on == HoldConversation {
		_, err := s.get(ctx, tx, id, tx.Dialect.ForUpdate())
		return err
	}
	return s.Customers.LockTx(ctx, tx, id)
}

func (s *Service) heldTx(ctx context.Context, tx *db.Tx, action string, h Hold) error {
	entry := audit.Entry{Action: action, Subject: string(h.On), ID: h.Subject}
	if h.Reason != "" {
		entry.After = map[string]any{"reason": h.Reason}
	}
	if err := audit.RecordTx(ctx, tx, s.Now(), entry); err != nil {
		return err
	}
	if h.On == HoldCustomer {
		return s.Customers.ChangedTx(ctx, tx, h.Subject, access.From(ctx).AgentID)
	}
	c, err := find(ctx, tx, h.Subject, "")
	if err != nil {
		return err
	}
	agent := access.From(ctx).AgentID
	return s.publish(ctx, tx, Updated, &c, actorType(agent), agent, Fact{Version: c.Version, Changed: []string{"legal_hold"}})
}

// HeldTx tells whether a hold covers the customer or any of their conversations.
func (s *Service) HeldTx(ctx context.Context, q db.Queryer, customer int64) (bool, error) {
	return customerHeld(ctx, q, customer)
}
