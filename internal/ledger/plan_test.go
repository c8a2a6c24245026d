package ledger

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

// The page of the ledger and the metrics ask these by themselves, and the
// balance holds the writer meanwhile.
func TestWhatTheBalanceCountsIsFoundThroughIndexes(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	for text, index := range map[string]string{
		"SELECT COUNT(*) " + stillIn(Received):                           "ledger_open",
		"SELECT COUNT(*) " + stillIn(Queued):                             "ledger_open",
		"SELECT received_at " + stillIn(Queued) + " ORDER BY id LIMIT 1": "ledger_open",
		"SELECT id " + stillIn(Dead) + " ORDER BY id LIMIT 100":          "ledger_open",
		inDoubtText: "message_unsent",
	} {
		var steps []string
		err := db.Each(context.Background(), d, "EXPLAIN QUERY PLAN "+text, nil, func(rows *sql.Rows) error {
			var id, parent, unused int
			var step string
			err := rows.Scan(&id, &parent, &unused, &step)
			steps = append(steps, step)
			return err
		})
		plan := strings.Join(steps, "\n")
		if err != nil || len(steps) != 1 || !strings.HasPrefix(plan, "SEARCH") || !strings.Contains(plan, index+" ") {
			t.Errorf("%s\n%s, %v", text, plan, err)
		}
	}
}
