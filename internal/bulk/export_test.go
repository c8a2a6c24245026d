package bulk

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// Again makes the job of a run once more, as after a crash.
func (s *Service) Again(id int64) error {
	return s.DB.Write(context.Background(), func(tx *db.Tx) error { return s.enqueue(context.Background(), tx, id) })
}
