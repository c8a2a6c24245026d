package notification

import (
	"slices"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// told are the agents whose number changes with the transaction.
type told struct{ agents []int64 }

func (t *told) Mark() int    { return len(t.agents) }
func (t *told) Reset(at int) { t.agents = t.agents[:at] }

type toldKey struct{}

// changed tells the consoles of agents after the commit that their number is
// another one, once for the whole transaction.
func (s *Service) changed(tx *db.Tx, agents ...int64) {
	if s.Changed == nil || len(agents) == 0 {
		return
	}
	list := tx.Value(toldKey{}, func() db.Marked {
		t := &told{}
		tx.AfterCommit(func() {
			slices.Sort(t.agents)
			for _, id := range slices.Compact(t.agents) {
				s.Changed(id)
			}
		})
		return t
	}).(*told)
	list.agents = append(list.agents, agents...)
}
