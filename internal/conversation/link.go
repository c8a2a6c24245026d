package conversation

import (
	"context"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// LinkKind says what another conversation is to this one.
type LinkKind string

// The kinds that people choose. Others, such as "thread", "split" and "merged",
// come about by themselves.
const (
	Related   LinkKind = "related"
	Duplicate LinkKind = "duplicate" // both ask the same
	PartOf    LinkKind = "part_of"   // the other one is about the whole, such as an incident
	HasPart   LinkKind = "has_part"  // this one is
)

// inverse is what this conversation is to the other one.
var inverse = map[LinkKind]LinkKind{Related: Related, Duplicate: Duplicate, PartOf: HasPart, HasPart: PartOf}

// maxLinks is how many conversations one can be linked with by hand.
const maxLinks = 100

// Link ties two conversations together, and says so in both. Linking them again
// changes what they are to each other.
func (s *Service) Link(ctx context.Context, id, other int64, kind LinkKind) (err error) {
	defer errs.Wrap(&err, "link conversations %d and %d", id, other)
	if inverse[kind] == "" {
		return errs.InvalidField("body.kind", "The kind must be one of related, duplicate, part_of and has_part.")
	}
	return s.tie(ctx, id, other, EventLinked, kind, func(tx *db.Tx) (bool, error) {
		n, err := countLinks(ctx, tx, id)
		if err == nil && n >= maxLinks {
			err = errs.New(errs.Conflict, "A conversation is linked with at most 100 others.")
		}
		if err != nil {
			return false, err
		}
		return setLink(ctx, tx, id, other, kind)
	})
}

// Unlink takes the tie away, unless a merge made it.
func (s *Service) Unlink(ctx context.Context, id, other int64) (err error) {
	defer errs.Wrap(&err, "unlink conversations %d and %d", id, other)
	return s.tie(ctx, id, other, EventUnlinked, "", func(tx *db.Tx) (bool, error) { return dropLink(ctx, tx, id, other) })
}

// tie changes the link between two conversations that the actor may change, with
// a line in both when something changed.
func (s *Service) tie(ctx context.Context, id, other int64, name string, kind LinkKind, do func(tx *db.Tx) (bool, error)) error {
	if id == other {
		return errs.InvalidField("body.conversation_id", "A conversation cannot be linked with itself.")
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		both := map[int64]*Conversation{}
		for _, one := range distinctIDs([]int64{id, other}) {
			c, err := s.lock(ctx, tx, one, access.ConversationsUpdate)
			if one == other && errs.Is(err, errs.NotFound) {
				return errs.InvalidField("body.conversation_id", "There is no such conversation.")
			}
			if err != nil {
				return err
			}
			both[one] = &c
		}
		if changed, err := do(tx); err != nil || !changed {
			return err
		}
		return s.tied(ctx, tx, both[id], both[other], name, kind)
	})
}

func (s *Service) tied(ctx context.Context, tx *db.Tx, c, o *Conversation, name string, kind LinkKind) error {
	agent := access.From(ctx).AgentID
	for _, line := range []struct {
		in, other *Conversation
		kind      LinkKind
	}{{c, o, kind}, {o, c, inverse[kind]}} {
		before := *line.in
		data := map[string]any{"conversation_id": line.other.ID, "number": line.other.ID, "kind": line.kind}
		if err := s.addEventTx(ctx, tx, line.in, name, data, agent); err != nil {
			return err
		}
		if err := save(ctx, tx, &before, line.in); err != nil {
			return err
		}
		f := line.in.factOf(&before)
		f.Changed = append(f.Changed, "links")
		if err := s.publish(ctx, tx, Updated, line.in, actorType(agent), agent, f); err != nil {
			return err
		}
	}
	return nil
}
