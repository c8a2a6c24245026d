package conversation

import (
	"context"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Erased is the stored status of a conversation whose words were erased. The row
// and those of its messages stay for counting; to everybody it is gone.
const Erased Status = "erased"

// Erasable lists up to limit conversations of a customer that hold words still.
func (s *Service) Erasable(ctx context.Context, q db.Queryer, customer int64, limit int) (_ []int64, err error) {
	defer errs.Wrap(&err, "list what can be erased of customer %d", customer)
	return erasable(ctx, q, customer, limit)
}

// Erase deletes the words, files and people of a conversation for good, and
// leaves empty rows behind: when something was said, by which kind of person,
// and what became of it. It refuses with [ErrHeld] while a hold covers it.
func (s *Service) Erase(ctx context.Context, id, customer int64) (err error) {
	defer errs.Wrap(&err, "erase conversation %d", id)
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		c, err := find(ctx, tx, id, tx.Dialect.ForUpdate())
		if errs.Is(err, errs.NotFound) || err == nil && c.Customer != customer {
			return nil
		}
		if err != nil {
			return err
		}
		if stays, err := held(ctx, tx, id); err != nil || stays {
			return orHeld(err)
		}
		if queued, err := onTheWay(ctx, tx, id); err != nil || queued {
			return orLeaving(err)
		}
		p := Purged{Conversation: id}
		if p.Messages, p.Ledgers, err = partsOf(ctx, tx, id); err != nil {
			return err
		}
		if s.Purged != nil {
			if err := s.Purged(ctx, tx, p); err != nil {
				return err
			}
		}
		if err := emptyConversation(ctx, tx, id); err != nil {
			return err
		}
		c.countCell(tx, -1)
		agent := access.From(ctx).AgentID
		return s.publish(ctx, tx, Deleted, &c, actorType(agent), agent, Fact{})
	})
}

func orHeld(err error) error {
	if err == nil {
		return ErrHeld
	}
	return err
}

// ErrLeaving refuses to erase the words of a reply that may be sent at any moment.
var ErrLeaving = errs.New(errs.Conflict, "A reply to this customer has not left yet. Take it back, or wait until it is sent.")

func orLeaving(err error) error {
	if err == nil {
		return ErrLeaving
	}
	return err
}

// WhatTheyHave counts what an erasure would take.
type WhatTheyHave struct {
	Conversations, Messages, Files, Bytes int64
}

// CountWhole counts everything of a customer, whatever the actor may see.
func (s *Service) CountWhole(ctx context.Context, customer int64) (w WhatTheyHave, err error) {
	defer errs.Wrap(&err, "count what customer %d has", customer)
	return countWhole(ctx, s.DB, customer)
}

// ForgetPersonTx takes addresses out of the conversations of others in which they took part.
func (s *Service) ForgetPersonTx(ctx context.Context, tx *db.Tx, addresses []string) (err error) {
	defer errs.Wrap(&err, "forget a participant")
	return deleteParticipants(ctx, tx, addresses)
}

// Theirs is a conversation of a customer, and whether the actor may see it.
type Theirs struct {
	Conversation
	Visible bool
}

// OfCustomer lists a customer's conversations in the order of their ids, behind
// the id. Those that were merged into another one are left out.
func (s *Service) OfCustomer(ctx context.Context, customer, after int64, limit int) (out []Theirs, err error) {
	defer errs.Wrap(&err, "list the conversations of customer %d", customer)
	list, err := conversationsOf(ctx, s.DB, customer, after, limit)
	if err != nil {
		return nil, err
	}
	for _, c := range list {
		seen, err := s.visible(ctx, s.DB, &c)
		if err != nil {
			return nil, err
		}
		out = append(out, Theirs{c, seen})
	}
	return out, nil
}
