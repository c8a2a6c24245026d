package customer

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Merged is a customer who was put into another one.
type Merged struct {
	ID            int64
	Name          string // or an address of theirs
	At            time.Time
	By            int64 // the agent
	Until         time.Time
	Conversations int
	Left          []Value // what was known of them and is not among the survivor's
}

// Unmerge takes the merge of a customer back within [UnmergeWithin]: their
// addresses are theirs again, with the conversations that came from those
// before and after, and the survivor is as before where nobody changed it since.
func (s *Service) Unmerge(ctx context.Context, id, actor int64) (o Customer, err error) {
	defer errs.Wrap(&err, "take the merge of customer %d back", id)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		row, err := s.mayUnmerge(ctx, tx, id)
		if err != nil {
			return err
		}
		all, err := s.lockAll(ctx, tx, row.survivor, []int64{id})
		if err != nil {
			return err
		}
		c, was := all[row.survivor], all[id]
		if was.MergedInto != row.survivor {
			return errs.New(errs.Conflict, "Somebody else was faster. Look again, then repeat.")
		}
		if err := s.unmergeTx(ctx, tx, &c, &was, row, actor); err != nil {
			return err
		}
		o, err = s.readWhole(ctx, tx, id)
		return err
	})
	return o, err
}

func (s *Service) mayUnmerge(ctx context.Context, tx *db.Tx, id int64) (row mergeRow, err error) {
	o, err := s.find(ctx, tx, id, "")
	if err != nil {
		return row, err
	}
	if o.MergedInto == 0 {
		return row, errs.New(errs.Conflict, "This customer is not merged into another one.")
	}
	if row, err = findMerge(ctx, tx, id); err != nil {
		return row, err
	}
	if s.Now().Sub(row.at) > UnmergeWithin {
		return row, errs.New(errs.Conflict, "This merge is more than 30 days old and cannot be taken back any more.")
	}
	if o.MergedInto != row.survivor {
		return row, errs.New(errs.Conflict, "The one this customer was merged into was merged as well. Take that back first.")
	}
	return row, nil
}

func (s *Service) unmergeTx(ctx context.Context, tx *db.Tx, c, o *Customer, row mergeRow, actor int64) error {
	theirs := map[int64]bool{}
	for _, id := range row.state.Identities {
		theirs[id] = true
	}
	var addresses []string
	for _, i := range c.Identities {
		if theirs[i.ID] && i.Kind == Email {
			addresses = append(addresses, i.Value)
		}
	}
	if err := giveIdentities(ctx, tx, row.state.Identities, c.ID, o.ID); err != nil {
		return err
	}
	if s.Conversations != nil {
		if err := s.Conversations.GiveBackTx(ctx, tx, c.ID, o.ID, row.state.Conversations, row.at, addresses); err != nil {
			return err
		}
	}
	c.release(o, row.state.Was, row.state.Became)
	if err := save(ctx, tx, *c); err != nil {
		return err
	}
	if err := deleteMerge(ctx, tx, o.ID); err != nil {
		return err
	}
	return s.mergedTx(ctx, tx, "customer.unmerged", c, o, actor)
}
