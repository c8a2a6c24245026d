package customer

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/field"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/event"
)

// Updated is published when name, attributes or identities changed.
const Updated event.Type = "customer.updated"

// Service is what can be done with customers.
type Service struct {
	DB   *db.DB
	Feed *event.Feed
	Now  func() time.Time
	// Fields are those that the shop defined for its customers; nil = none. Their
	// values stand among the attributes.
	Fields func(ctx context.Context, q db.Queryer) (field.Set, error)
	// Conversations are moved by merges; nil = there are none.
	Conversations Conversations
}

var (
	errNotFound = errs.New(errs.NotFound, "There is no such customer.")
	errErased   = errs.New(errs.Conflict, "Everything known of this customer was erased.")
)

// IdentifyTx finds the customer behind an address or makes one, so that many
// messages of one new person arriving at once make one customer. name fills an
// empty one; verified marks the address as proved and is never taken back.
func (s *Service) IdentifyTx(ctx context.Context, tx *db.Tx, k Kind, address, name string, verified bool) (id int64, err error) {
	defer errs.Wrap(&err, "identify a customer")
	i := Identity{Kind: k, Value: Fold(k, address), Shown: address, Verified: verified}
	have, found, err := findIdentity(ctx, tx, k, i.Value)
	if err != nil {
		return 0, err
	}
	if found {
		return have.Customer, s.refreshTx(ctx, tx, have, name, verified)
	}
	id, err = insertCustomer(ctx, tx, name, s.Now())
	if err != nil {
		return 0, err
	}
	i.Customer = id
	first, err := insertIdentity(ctx, tx, i, s.Now())
	if err != nil || first {
		return id, err
	}
	if err := deleteCustomer(ctx, tx, id); err != nil {
		return 0, err
	}
	have, _, err = findIdentity(ctx, tx, k, i.Value)
	return have.Customer, err
}

func (s *Service) refreshTx(ctx context.Context, tx *db.Tx, have Identity, name string, verified bool) error {
	if verified && !have.Verified {
		if err := setVerified(ctx, tx, have.ID); err != nil {
			return err
		}
	}
	if name == "" {
		return nil
	}
	return setNameIfEmpty(ctx, tx, have.Customer, name)
}

// Get reads one customer with its identities; in place of a merged one, the one
// that they are a part of now.
func (s *Service) Get(ctx context.Context, id int64) (_ Customer, err error) {
	defer errs.Wrap(&err, "read customer %d", id)
	c, err := s.readWhole(ctx, s.DB, id)
	if err != nil || c.MergedInto == 0 {
		return c, err
	}
	survivor, err := s.readWhole(ctx, s.DB, c.MergedInto)
	survivor.Asked = id
	return survivor, err
}

// readWhole reads a customer with those who were merged into it.
func (s *Service) readWhole(ctx context.Context, q db.Queryer, id int64) (Customer, error) {
	c, err := s.find(ctx, q, id, "")
	if err == nil {
		c.Merged, err = mergedInto(ctx, q, id)
	}
	return c, err
}

func (s *Service) find(ctx context.Context, q db.Queryer, id int64, lock string) (Customer, error) {
	c, err := get(ctx, q, id, lock)
	if db.IsNoRows(err) {
		return c, errNotFound
	}
	return c, err
}

// List returns customers newest first; search filters by the beginning of an
// address or a name.
func (s *Service) List(ctx context.Context, search string, before int64, limit int) (_ []Customer, err error) {
	defer errs.Wrap(&err, "list customers")
	if before == 0 {
		before = 1 << 62
	}
	found, err := list(ctx, s.DB, Fold(Email, search), writings(search), before, limit)
	if err != nil {
		return nil, err
	}
	return found, s.fillIdentities(ctx, found)
}

func (s *Service) fillIdentities(ctx context.Context, list []Customer) error {
	ids := make([]int64, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	all, err := identities(ctx, s.DB, ids)
	for i := range list {
		list[i].Identities = all[list[i].ID]
	}
	return err
}

// Create makes a customer with the given identities, refusing addresses that belong to somebody.
func (s *Service) Create(ctx context.Context, c Customer) (out Customer, err error) {
	defer errs.Wrap(&err, "create a customer")
	if err := checkAttributes(c.Attributes); err != nil {
		return out, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.checkFields(ctx, tx, c.Attributes); err != nil {
			return err
		}
		id, err := insertCustomer(ctx, tx, c.Name, s.Now())
		if err != nil {
			return err
		}
		if err := s.addTx(ctx, tx, id, c.Identities, "body.identities"); err != nil {
			return err
		}
		c.ID = id
		if c.Attributes == nil {
			c.Attributes = map[string]any{}
		}
		if err := save(ctx, tx, c); err != nil {
			return err
		}
		out, err = get(ctx, tx, id, "")
		return err
	})
	return out, err
}

func (s *Service) addTx(ctx context.Context, tx *db.Tx, id int64, add []Identity, location string) error {
	for _, i := range add {
		i.Customer, i.Shown, i.Value = id, i.Value, Fold(i.Kind, i.Value)
		if err := i.check(location); err != nil {
			return err
		}
		free, err := insertIdentity(ctx, tx, i, s.Now())
		if err != nil {
			return err
		}
		if !free {
			return errs.New(errs.Conflict, "This address belongs to another customer.")
		}
	}
	return nil
}

// checkFields refuses values that the shop's own fields do not take.
func (s *Service) checkFields(ctx context.Context, q db.Queryer, attributes map[string]any) error {
	if s.Fields == nil || len(attributes) == 0 {
		return nil
	}
	set, err := s.Fields(ctx, q)
	if err != nil {
		return err
	}
	for _, f := range set {
		value := attributes[f.Key]
		if value == nil {
			continue
		}
		if _, err := f.Parse(value, "body.attributes."+f.Key); err != nil {
			return err
		}
	}
	return nil
}

// Change is a partial update; nil and empty parts stay.
type Change struct {
	Name             *string
	Locale           *string
	Notes            *string
	Attributes       map[string]any // merged; null deletes
	AddIdentities    []Identity
	RemoveIdentities []int64
	Version          *int64 // refused with a conflict when another
	Actor            int64
}

// Update changes a customer.
func (s *Service) Update(ctx context.Context, id int64, ch Change) (out Customer, err error) {
	defer errs.Wrap(&err, "update customer %d", id)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		c, err := s.find(ctx, tx, id, tx.Dialect.ForUpdate())
		if err != nil {
			return err
		}
		if c.MergedInto != 0 {
			return errMerged(c.MergedInto)
		}
		if !c.ErasedAt.IsZero() {
			return errErased
		}
		if err := s.checkFields(ctx, tx, ch.Attributes); err != nil {
			return err
		}
		if err := c.apply(ch); err != nil {
			return err
		}
		if err := save(ctx, tx, c); err != nil {
			return err
		}
		if err := s.addTx(ctx, tx, id, ch.AddIdentities, "body.add_identities"); err != nil {
			return err
		}
		for _, gone := range ch.RemoveIdentities {
			ok, err := deleteIdentity(ctx, tx, id, gone)
			if err != nil {
				return err
			}
			if !ok {
				return errs.InvalidField("body.remove_identity_ids", "The customer has no such identity.")
			}
		}
		if out, err = s.readWhole(ctx, tx, id); err != nil {
			return err
		}
		return s.updatedTx(ctx, tx, id, ch.Actor)
	})
	return out, err
}

// apply is the rule of an update.
func (c *Customer) apply(ch Change) error {
	if ch.Version != nil && *ch.Version != c.Version {
		return errs.Stale("Somebody else changed this customer. Look again, then repeat.")
	}
	if ch.Name != nil {
		c.Name = clip(*ch.Name, MaxName)
	}
	if ch.Locale != nil {
		c.Locale = clip(*ch.Locale, 35)
	}
	if ch.Notes != nil {
		if len(*ch.Notes) > MaxNotes {
			return errs.InvalidField("body.notes", "Notes are longer than 20,000 characters.")
		}
		c.Notes = *ch.Notes
	}
	if c.Attributes == nil {
		c.Attributes = map[string]any{}
	}
	for k, v := range ch.Attributes {
		if v == nil {
			delete(c.Attributes, k)
			continue
		}
		c.Attributes[k] = v
	}
	if len(c.Identities)+len(ch.AddIdentities) > MaxIdentities {
		return errs.InvalidField("body.add_identities", "A customer has at most 50 identities.")
	}
	return checkAttributes(c.Attributes)
}
