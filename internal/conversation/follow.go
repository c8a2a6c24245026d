package conversation

import (
	"context"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Follower is an agent who hears what happens in a conversation.
type Follower struct {
	ID        int64
	Name      string
	Follows   bool
	Mentioned bool
}

// Followers lists the active agents who follow the conversation or were
// mentioned in it, by name.
func (s *Service) Followers(ctx context.Context, id int64) (_ []Follower, err error) {
	defer errs.Wrap(&err, "list the followers of conversation %d", id)
	if _, err := s.Get(ctx, id); err != nil {
		return nil, err
	}
	return followersOf(ctx, s.DB, id)
}

// Follow makes the actor a follower: they see the conversation whatever their scope becomes.
func (s *Service) Follow(ctx context.Context, id int64, on bool) (err error) {
	defer errs.Wrap(&err, "follow conversation %d", id)
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := s.get(ctx, tx, id, ""); err != nil {
			return err
		}
		agent := access.From(ctx).AgentID
		if on {
			return follow(ctx, tx, id, agent, "follow", false, s.Now())
		}
		return unfollow(ctx, tx, id, agent, "follow")
	})
}
