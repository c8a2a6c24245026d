package customer

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/event"
)

// UnmergeWithin is how long a merge can be taken back.
const UnmergeWithin = 30 * 24 * time.Hour

// Bounds of a merge: it happens in one transaction.
const (
	maxMergedAtOnce       = 10
	maxMovedConversations = 5000
)

// Conversations are what a merge moves beside what this package keeps.
type Conversations interface {
	// CountOf counts the conversations of a customer, those that are merged, spam and trash included.
	CountOf(ctx context.Context, q db.Queryer, customer int64) (int64, error)
	// LockOfTx keeps others from changing the conversations of the customers.
	LockOfTx(ctx context.Context, tx *db.Tx, customers []int64) error
	// GiveTx makes all conversations of one customer those of another and names them.
	GiveTx(ctx context.Context, tx *db.Tx, from, to int64) ([]int64, error)
	// GiveBackTx makes those of the list that are still from's conversations to's,
	// and those that began with one of the addresses since.
	GiveBackTx(ctx context.Context, tx *db.Tx, from, to int64, list []int64, since time.Time, addresses []string) error
}

// mergeState is what showing a merge and taking it back needs.
type mergeState struct {
	Title         string  `json:"title"` // of the merged one
	Was           parts   `json:"was"`
	Became        parts   `json:"became"`
	Identities    []int64 `json:"identities,omitempty"`
	Conversations []int64 `json:"conversations,omitempty"`
	Left          []Value `json:"left,omitempty"`
}

// Preview is what a merge would do.
type Preview struct {
	Customer Customer // the survivor as it would become
	Moves    []Move
	Taken    []Value // what the survivor did not know
	Left     []Value // what both know: the survivor's stays
}

// Move is what one of the others brings.
type Move struct {
	Customer      Customer
	Conversations int64
}

// Preview says what [Service.Merge] of the same customers would do.
func (s *Service) Preview(ctx context.Context, survivor int64, others []int64) (p Preview, err error) {
	defer errs.Wrap(&err, "preview the merge of %d customers into %d", len(others), survivor)
	all := map[int64]Customer{}
	for _, id := range distinct(append([]int64{survivor}, others...)) {
		if all[id], err = s.find(ctx, s.DB, id, ""); err != nil {
			return p, err
		}
	}
	counts, err := s.mayMerge(ctx, s.DB, survivor, others, all)
	if err != nil {
		return p, err
	}
	p.Customer = all[survivor]
	for _, id := range distinct(others) {
		o := all[id]
		taken, left, err := p.Customer.absorb(&o)
		if err != nil {
			return p, err
		}
		p.Taken, p.Left = append(p.Taken, taken...), append(p.Left, left...)
		p.Moves = append(p.Moves, Move{o, counts[id]})
	}
	return p, nil
}

// Merge makes the others one with the survivor: their addresses and
// conversations are its own from now on, and so is what comes from those
// addresses. A merge that somebody else was faster with is refused with a
// conflict. finish runs last in the transaction and may be nil.
func (s *Service) Merge(ctx context.Context, survivor int64, others []int64, actor int64, finish func(context.Context, *db.Tx, Customer) error) (c Customer, err error) {
	defer errs.Wrap(&err, "merge %d customers into %d", len(others), survivor)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		all, err := s.lockAll(ctx, tx, survivor, others)
		if err != nil {
			return err
		}
		c = all[survivor]
		if _, err := s.mayMerge(ctx, tx, survivor, others, all); err != nil {
			return err
		}
		for _, id := range distinct(others) {
			o := all[id]
			if err := s.mergeOne(ctx, tx, &c, &o, actor); err != nil {
				return err
			}
		}
		if c, err = s.readWhole(ctx, tx, survivor); err != nil || finish == nil {
			return err
		}
		return finish(ctx, tx, c)
	})
	return c, err
}

func distinct(list []int64) []int64 {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// lockAll locks in the order in which an arriving message does: conversations,
// identities, customers. Whoever found an address before us is done by then, and
// whoever comes after us reads where it belongs now.
func (s *Service) lockAll(ctx context.Context, tx *db.Tx, survivor int64, others []int64) (map[int64]Customer, error) {
	if s.Conversations != nil {
		if err := s.Conversations.LockOfTx(ctx, tx, others); err != nil {
			return nil, err
		}
	}
	list := distinct(append([]int64{survivor}, others...))
	if err := lockIdentities(ctx, tx, list); err != nil {
		return nil, err
	}
	out := map[int64]Customer{}
	for _, id := range list {
		c, err := s.find(ctx, tx, id, tx.Dialect.ForUpdate())
		if err != nil {
			return nil, err
		}
		out[id] = c
	}
	return out, nil
}

// mayMerge also counts the conversations that each of the others has.
func (s *Service) mayMerge(ctx context.Context, q db.Queryer, survivor int64, others []int64, all map[int64]Customer) (map[int64]int64, error) {
	const location = "body.customer_ids"
	if len(others) == 0 || len(others) > maxMergedAtOnce {
		return nil, errs.InvalidField(location, "Say which customers to merge: between 1 and 10.")
	}
	if slices.Contains(others, survivor) {
		return nil, errs.InvalidField(location, "A customer cannot be merged into themselves.")
	}
	for _, id := range distinct(append([]int64{survivor}, others...)) {
		if c := all[id]; c.MergedInto != 0 {
			return nil, errMerged(c.MergedInto)
		} else if !c.ErasedAt.IsZero() {
			return nil, errErased
		}
	}
	counts, total := map[int64]int64{}, int64(0)
	if s.Conversations == nil {
		return counts, nil
	}
	for _, id := range distinct(others) {
		n, err := s.Conversations.CountOf(ctx, q, id)
		if err != nil {
			return nil, err
		}
		counts[id] = n
		total += n
	}
	if total > maxMovedConversations {
		return nil, errs.InvalidFieldf(location, "They have %d conversations. At most %d can be moved at once; make the one with the most the one who stays.", total, maxMovedConversations)
	}
	return counts, nil
}

// errMerged says where the customer is now.
func errMerged(into int64) error {
	e := errs.New(errs.Conflict, "This customer was merged into another one.")
	e.Type = "urn:deskbell:problem:merged"
	e.Extra = map[string]any{"merged_into_id": into}
	return e
}

// mergeOne makes o part of c; both are locked.
func (s *Service) mergeOne(ctx context.Context, tx *db.Tx, c, o *Customer, actor int64) (err error) {
	state := mergeState{Title: o.title(), Was: c.parts()}
	if _, state.Left, err = c.absorb(o); err != nil {
		return err
	}
	state.Became = c.parts()
	for _, i := range o.Identities {
		state.Identities = append(state.Identities, i.ID)
	}
	if err := giveIdentities(ctx, tx, state.Identities, o.ID, c.ID); err != nil {
		return err
	}
	if s.Conversations != nil {
		if state.Conversations, err = s.Conversations.GiveTx(ctx, tx, o.ID, c.ID); err != nil {
			return err
		}
	}
	if err := save(ctx, tx, *c); err != nil {
		return err
	}
	if err := insertMerge(ctx, tx, o.ID, c.ID, actor, state, s.Now()); err != nil {
		return err
	}
	return s.mergedTx(ctx, tx, "customer.merged", c, o, actor)
}

// mergedTx tells of a merge, or that it was taken back.
func (s *Service) mergedTx(ctx context.Context, tx *db.Tx, action string, c, o *Customer, actor int64) error {
	for _, id := range []int64{c.ID, o.ID} {
		if err := s.updatedTx(ctx, tx, id, actor); err != nil {
			return err
		}
	}
	return audit.RecordTx(ctx, tx, s.Now(), audit.Entry{Action: action, Subject: "customer", ID: c.ID, Name: c.title(),
		After: map[string]any{"merged_id": o.ID, "merged_name": o.title()}})
}

// title is how people know the customer.
func (c *Customer) title() string {
	if c.Name == "" && len(c.Identities) > 0 {
		return c.Identities[0].Shown
	}
	return c.Name
}

func (s *Service) updatedTx(ctx context.Context, tx *db.Tx, id, actor int64) error {
	data, err := json.Marshal(map[string]int64{"customer_id": id})
	if err != nil {
		return err
	}
	return s.Feed.Publish(ctx, tx, event.Event{Type: Updated, ActorType: "agent", ActorID: actor, Data: data})
}
